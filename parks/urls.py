"""Addresses of the register."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from parks import (
    api,
    views,
    views_bin,
    views_bulk,
    views_duplicates,
    views_export,
    views_figures,
    views_indicators,
    views_list,
    views_qualifications,
    views_related,
    views_service,
)

app_name = "parks"

router = SimpleRouter()
router.register("api/enterprises", api.EnterpriseViewSet, basename="enterprise_api")

urlpatterns = [
    path("enterprises/", views_list.EnterpriseList.as_view(), name="enterprise_list"),
    path("enterprises/bulk/", views_bulk.EnterpriseBulk.as_view(), name="enterprise_bulk"),
    path("enterprises/bulk/undo/", views_bulk.BulkUndo.as_view(), name="bulk_undo"),
    path("enterprises/queues/", views_list.EnterpriseQueues.as_view(), name="enterprise_queues"),
    path("enterprises/new/", views.EnterpriseCreate.as_view(), name="enterprise_create"),
    path("enterprises/export/", views_export.EnterpriseExport.as_view(), name="enterprise_export"),
    path("qualifications/export/", views_export.QualificationExport.as_view(), name="qualification_export"),
    path("qualifications/export/all/", views_export.AllQualificationsExport.as_view(), name="qualification_export_all"),
    path("enterprises/matches/", views.EnterpriseMatches.as_view(), name="enterprise_matches"),
    path("enterprises/industries/", views.IndustryOptions.as_view(), name="industry_options"),
    path("enterprises/<int:pk>/", views.EnterpriseDetail.as_view(), name="enterprise_detail"),
    path("enterprises/<int:pk>/edit/", views.EnterpriseUpdate.as_view(), name="enterprise_update"),
    path("enterprises/<int:pk>/delete/", views_bin.EnterpriseDelete.as_view(), name="enterprise_delete"),
    path("enterprises/<int:pk>/restore/", views_bin.EnterpriseRestore.as_view(), name="enterprise_restore"),
    path("enterprises/duplicates/", views_duplicates.DuplicateList.as_view(), name="duplicate_list"),
    path("enterprises/duplicates/count/", views_duplicates.DuplicateCount.as_view(), name="duplicate_count"),
    path(
        "enterprises/<int:pk>/duplicates/<int:other>/dismiss/",
        views_duplicates.DismissPair.as_view(),
        name="duplicate_dismiss",
    ),
    path(
        "enterprises/<int:pk>/duplicates/<int:other>/recall/",
        views_duplicates.RecallPair.as_view(),
        name="duplicate_recall",
    ),
    path("enterprises/<int:pk>/merge/", views_duplicates.EnterpriseFind.as_view(), name="merge_find"),
    path(
        "enterprises/<int:pk>/merge/<int:other>/", views_duplicates.EnterpriseMerge.as_view(), name="enterprise_merge"
    ),
    path("merges/<int:pk>/undo/", views_duplicates.EnterpriseUnmerge.as_view(), name="enterprise_unmerge"),
    path("bin/enterprises/", views_bin.EnterpriseBin.as_view(), name="enterprise_bin"),
    path("enterprises/<int:pk>/history/", views.EnterpriseHistory.as_view(), name="enterprise_history"),
    path("enterprises/<int:pk>/related/", views_related.EnterpriseRelated.as_view(), name="enterprise_related"),
    path("enterprises/<int:pk>/figures/", views_figures.EnterpriseFigures.as_view(), name="enterprise_figures"),
    path(
        "enterprises/<int:pk>/indicators/",
        views_indicators.EnterpriseIndicators.as_view(),
        name="enterprise_indicators",
    ),
    path(
        "enterprises/<int:enterprise_pk>/indicators/new/", views_indicators.ReturnCreate.as_view(), name="return_create"
    ),
    path("indicators/export/", views_export.ReturnExport.as_view(), name="return_export"),
    path("indicators/<int:pk>/", views_indicators.ReturnUpdate.as_view(), name="return_update"),
    path("enterprises/<int:pk>/service/", views_service.EnterpriseService.as_view(), name="enterprise_service"),
    path("enterprises/<int:pk>/stewards/new/", views_service.StewardAssign.as_view(), name="steward_assign"),
    path("enterprises/<int:pk>/tier/", views_service.TierMove.as_view(), name="tier_move"),
    path("stewardships/<int:pk>/end/", views_service.StewardEnd.as_view(), name="steward_end"),
    path("enterprises/<int:enterprise_pk>/contacts/new/", views.ContactCreate.as_view(), name="contact_create"),
    path("contacts/<int:pk>/", views.ContactUpdate.as_view(), name="contact_update"),
    path(
        "enterprises/<int:enterprise_pk>/qualifications/new/",
        views.QualificationCreate.as_view(),
        name="qualification_create",
    ),
    path("qualifications/", views_qualifications.QualificationQueue.as_view(), name="qualification_queue"),
    path("qualifications/kinds/", views_qualifications.KindList.as_view(), name="kind_list"),
    path("qualifications/kinds/new/", views_qualifications.KindCreate.as_view(), name="kind_create"),
    path("qualifications/kinds/<int:pk>/", views_qualifications.KindUpdate.as_view(), name="kind_update"),
    path(
        "qualifications/<int:pk>/renew/", views_qualifications.QualificationRenew.as_view(), name="qualification_renew"
    ),
    path(
        "qualifications/<int:pk>/withdraw/",
        views_qualifications.QualificationWithdraw.as_view(),
        name="qualification_withdraw",
    ),
    path("qualifications/<int:pk>/", views.QualificationUpdate.as_view(), name="qualification_update"),
    *router.urls,
]
