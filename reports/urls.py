"""Addresses of this app."""

from django.urls import path

from reports import (
    api,
    views,
    views_card,
    views_charts,
    views_evaluation,
    views_frozen,
    views_issue_files,
    views_issues,
    views_record,
    views_schedules,
    views_verify,
)

app_name = "reports"
urlpatterns = [
    path("reports/", views.Dashboard.as_view(), name="dashboard"),
    path("reports/figures/<slug:key>/", views.FigureRows.as_view(), name="figure_rows"),
    path("reports/charts/", views_charts.ChartsPage.as_view(), name="charts"),
    path("reports/breakdown/", views_charts.BreakdownPage.as_view(), name="breakdown"),
    path("reports/ranking/", views_evaluation.RankingPage.as_view(), name="ranking"),
    path("reports/ranking/what-if/", views_evaluation.WhatIfPage.as_view(), name="what_if"),
    path("reports/schemes/", views_evaluation.SchemeList.as_view(), name="scheme_list"),
    path("reports/results/", views_evaluation.ResultList.as_view(), name="result_list"),
    path("reports/results/<int:pk>/remove/", views_evaluation.ResultRemove.as_view(), name="result_remove"),
    path("reports/appeals.pdf", views.AppealReport.as_view(), name="appeal_report"),
    path("enterprises/<int:pk>/card.pdf", views_card.EnterpriseCard.as_view(), name="enterprise_card"),
    path("visits/<int:pk>/record.pdf", views_record.VisitRecord.as_view(), name="visit_record"),
    path("issues/", views_issues.IssueList.as_view(), name="issue_list"),
    path("issues/new/", views_issues.IssueCreate.as_view(), name="issue_create"),
    path("issues/notices/", views_schedules.ReportNotices.as_view(), name="notice_list"),
    path("issues/notices/read/", views_schedules.ReportNoticesRead.as_view(), name="notices_read"),
    path("issues/schedules/", views_schedules.ScheduleList.as_view(), name="schedule_list"),
    path("issues/schedules/new/", views_schedules.ScheduleEdit.as_view(), name="schedule_create"),
    path("issues/schedules/run/", views_schedules.ScheduleRunNow.as_view(), name="schedule_run"),
    path("issues/schedules/<int:pk>/", views_schedules.ScheduleEdit.as_view(), name="schedule_update"),
    path("issues/schedules/<int:pk>/switch/", views_schedules.ScheduleSwitch.as_view(), name="schedule_switch"),
    path("issues/<int:pk>/", views_issues.IssueDetail.as_view(), name="issue_detail"),
    path("issues/<int:pk>/words/", views_issues.IssueWords.as_view(), name="issue_words"),
    path("issues/<int:pk>/recompute/", views_issues.IssueRecompute.as_view(), name="issue_recompute"),
    path("issues/<int:pk>/correct/", views_issues.IssueCorrect.as_view(), name="issue_correct"),
    path("issues/<int:pk>/revisions/", views_issue_files.IssueRevisions.as_view(), name="issue_revisions"),
    path("issues/<int:pk>/figures/<slug:key>/", views_frozen.IssueFigureRows.as_view(), name="issue_rows"),
    path("issues/<int:pk>/steps/<slug:step>/", views_issues.IssueStep.as_view(), name="issue_step"),
    path("issues/<int:pk>/report.<str:format>", views_issue_files.IssueFile.as_view(), name="issue_file"),
    path("verify/", views_verify.Verify.as_view(), name="verify_form"),
    path("verify/<str:code>/", views_verify.Verify.as_view(), name="verify"),
    path("api/figures/", api.Figures.as_view(), name="api_figures"),
]
