"""Addresses of this app."""

from django.urls import path

from reports import api, views, views_card, views_evaluation, views_record

app_name = "reports"
urlpatterns = [
    path("reports/", views.Dashboard.as_view(), name="dashboard"),
    path("reports/figures/<slug:key>/", views.FigureRows.as_view(), name="figure_rows"),
    path("reports/ranking/", views_evaluation.RankingPage.as_view(), name="ranking"),
    path("reports/ranking/what-if/", views_evaluation.WhatIfPage.as_view(), name="what_if"),
    path("reports/schemes/", views_evaluation.SchemeList.as_view(), name="scheme_list"),
    path("reports/results/", views_evaluation.ResultList.as_view(), name="result_list"),
    path("reports/results/<int:pk>/remove/", views_evaluation.ResultRemove.as_view(), name="result_remove"),
    path("reports/appeals.pdf", views.AppealReport.as_view(), name="appeal_report"),
    path("enterprises/<int:pk>/card.pdf", views_card.EnterpriseCard.as_view(), name="enterprise_card"),
    path("visits/<int:pk>/record.pdf", views_record.VisitRecord.as_view(), name="visit_record"),
    path("api/figures/", api.Figures.as_view(), name="api_figures"),
]
