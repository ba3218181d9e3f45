"""Addresses of crm's own pages."""

from django.urls import path

from crm import views_accounts as accounts
from crm import views_calendar as calendar
from crm import views_import_list as batches
from crm import views_import_remembered as remembered
from crm import views_import_review as review
from crm import views_import_rows as rows
from crm import views_import_run as run
from crm import views_import_undo as undo
from crm import views_import_words as words
from crm import views_imports as imports
from crm import views_saved as saved

app_name = "crm"
urlpatterns = [
    path("users/", accounts.UserList.as_view(), name="user_list"),
    path("users/new/", accounts.UserCreate.as_view(), name="user_create"),
    path("users/<int:pk>/", accounts.UserUpdate.as_view(), name="user_update"),
    path("users/<int:pk>/password/", accounts.UserPasswordReset.as_view(), name="user_password_reset"),
    path("roles/", accounts.RoleList.as_view(), name="role_list"),
    path("imports/", batches.ImportList.as_view(), name="import_list"),
    path("imports/new/", imports.ImportCreate.as_view(), name="import_create"),
    path("imports/words/", remembered.RememberedWords.as_view(), name="import_remembered"),
    path("imports/template/", imports.ImportTemplate.as_view(), name="import_template"),
    path("imports/<int:pk>/", review.ImportDetail.as_view(), name="import_detail"),
    path("imports/<int:pk>/columns/", imports.ImportColumns.as_view(), name="import_columns"),
    path("imports/<int:pk>/panel/", review.ImportPanel.as_view(), name="import_panel"),
    path("imports/<int:pk>/correct/", rows.ImportCorrect.as_view(), name="import_correct"),
    path("imports/<int:pk>/rows/<int:number>/", rows.ImportRowForm.as_view(), name="import_row"),
    path("imports/<int:pk>/suggestions/", rows.ImportSuggestions.as_view(), name="import_suggestions"),
    path("imports/<int:pk>/words/", words.ImportWords.as_view(), name="import_words"),
    path("imports/<int:pk>/commit/", review.ImportCommit.as_view(), name="import_commit"),
    path("imports/<int:pk>/undo/", undo.ImportUndo.as_view(), name="import_undo"),
    path("imports/<int:pk>/cancel/", run.ImportCancel.as_view(), name="import_cancel"),
    path("imports/<int:pk>/restart/", run.ImportRestart.as_view(), name="import_restart"),
    path("imports/<int:pk>/drop/", batches.ImportDrop.as_view(), name="import_drop"),
    path("imports/<int:pk>/restore/", batches.ImportRestore.as_view(), name="import_restore"),
    path("imports/<int:pk>/errors/", review.ImportErrors.as_view(), name="import_errors"),
    path("views/", saved.SaveView.as_view(), name="view_save"),
    path("views/<int:pk>/delete/", saved.DeleteView.as_view(), name="view_delete"),
    path("calendar/", calendar.WorkingCalendarPage.as_view(), name="calendar"),
    path("audit/", accounts.AuditList.as_view(), name="audit_list"),
]
