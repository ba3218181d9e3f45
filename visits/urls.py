"""Addresses of visits and appeals."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from visits import api
from visits.views import (
    appeals,
    bin,
    call_backs,
    enterprise,
    export,
    heard,
    limits,
    offline,
    plans,
    public_answer,
    questions,
    today,
    visits,
)

app_name = "visits"

router = SimpleRouter()
router.register("api/visits", api.VisitViewSet, basename="visit_api")
router.register("api/appeals", api.AppealViewSet, basename="appeal_api")

urlpatterns = [
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("offline/", offline.offline_page, name="offline"),
    path("today/", today.Today.as_view(), name="today"),
    path("today/late/", today.LateList.as_view(), name="late_list"),
    path("visits/", visits.VisitList.as_view(), name="visit_list"),
    path("visits/export/", export.VisitExport.as_view(), name="visit_export"),
    path("visits/new/", visits.VisitCreate.as_view(), name="visit_create"),
    path("visits/month/", plans.VisitMonth.as_view(), name="visit_month"),
    path("visits/plan/", plans.VisitPlan.as_view(), name="visit_plan"),
    path("visits/plan/undo/", plans.VisitPlanUndo.as_view(), name="visit_plan_undo"),
    path("visits/feed/", plans.FeedAddress.as_view(), name="feed_address"),
    path("feeds/<str:token>/visits.ics", plans.Feed.as_view(), name="feed"),
    path("visits/outbox/", offline.Outbox.as_view(), name="outbox"),
    path("visits/outbox/token/", offline.OutboxToken.as_view(), name="outbox_token"),
    path("visits/outbox/enterprises/", offline.EnterprisesAtHand.as_view(), name="enterprises_at_hand"),
    path("visits/suggestions/", visits.EnterpriseSuggestions.as_view(), name="enterprise_suggestions"),
    path("visits/<int:pk>/", visits.VisitDetail.as_view(), name="visit_detail"),
    path("visits/<int:pk>/edit/", visits.VisitUpdate.as_view(), name="visit_update"),
    path("visits/<int:pk>/cancel/", visits.VisitCancel.as_view(), name="visit_cancel"),
    path("visits/<int:pk>/delete/", bin.VisitDelete.as_view(), name="visit_delete"),
    path("visits/<int:pk>/restore/", bin.VisitRestore.as_view(), name="visit_restore"),
    path("visits/questions/", questions.QuestionList.as_view(), name="question_list"),
    path("visits/questions/own/", questions.QuestionsOwn.as_view(), name="questions_own"),
    path("visits/questions/new/", questions.QuestionCreate.as_view(), name="question_create"),
    path("visits/questions/<int:pk>/", questions.QuestionUpdate.as_view(), name="question_update"),
    path("visits/questions/<int:pk>/retire/", questions.QuestionRetire.as_view(), name="question_retire"),
    path("visits/questions/<int:pk>/resume/", questions.QuestionResume.as_view(), name="question_resume"),
    path("flags/", heard.FlagList.as_view(), name="flag_list"),
    path("flags/<int:pk>/handle/", heard.FlagHandle.as_view(), name="flag_handle"),
    path("flags/<int:pk>/reopen/", heard.FlagReopen.as_view(), name="flag_reopen"),
    path("suggestions/", heard.SuggestionList.as_view(), name="suggestion_list"),
    path("suggestions/<int:pk>/", heard.SuggestionReply.as_view(), name="suggestion_reply"),
    path("bin/visits/", bin.VisitBin.as_view(), name="visit_bin"),
    path("bin/appeals/", bin.AppealBin.as_view(), name="appeal_bin"),
    path("appeals/<int:pk>/delete/", bin.AppealDelete.as_view(), name="appeal_delete"),
    path("appeals/<int:pk>/restore/", bin.AppealRestore.as_view(), name="appeal_restore"),
    path("photos/<int:pk>/", visits.PhotoFile.as_view(), name="photo"),
    path("photos/<int:pk>/small/", visits.PhotoFile.as_view(is_small=True), name="photo_small"),
    path("appeals/", appeals.AppealList.as_view(), name="appeal_list"),
    path("appeals/export/", export.AppealExport.as_view(), name="appeal_export"),
    path("appeals/new/", appeals.AppealCreate.as_view(), name="appeal_create"),
    path("appeals/<int:pk>/", appeals.AppealDetail.as_view(), name="appeal_detail"),
    path("appeals/files/<int:pk>/", appeals.AppealFileView.as_view(), name="appeal_file"),
    path("appeals/<int:pk>/link/", call_backs.LinkPage.as_view(), name="call_back_link"),
    path("appeals/<int:pk>/link/new/", call_backs.LinkMake.as_view(), name="call_back_link_make"),
    path("appeals/<int:pk>/link/revoke/", call_backs.LinkRevoke.as_view(), name="call_back_link_revoke"),
    path("c/<slug:token>/", public_answer.PublicAnswer.as_view(), name="public_answer"),
    path("appeals/<int:pk>/<slug:step>/", appeals.AppealStep.as_view(), name="appeal_step"),
    path("enterprises/<int:pk>/timeline/", enterprise.EnterpriseTimeline.as_view(), name="enterprise_timeline"),
    path("enterprises/<int:pk>/visits/", enterprise.EnterpriseVisits.as_view(), name="enterprise_visits"),
    path("enterprises/<int:pk>/appeals/", enterprise.EnterpriseAppeals.as_view(), name="enterprise_appeals"),
    path("enterprises/<int:pk>/next/", enterprise.EnterpriseNext.as_view(), name="enterprise_next"),
    path("limits/", limits.LimitList.as_view(), name="limit_list"),
    path("limits/moved/<int:pk>/", limits.CalendarMoves.as_view(), name="calendar_moves"),
    *router.urls,
]
