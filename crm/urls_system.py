"""Addresses of crm's own pages."""

from django.urls import path

from crm import views_accounts as accounts

app_name = "crm"
urlpatterns = [
    path("users/", accounts.UserList.as_view(), name="user_list"),
    path("users/new/", accounts.UserCreate.as_view(), name="user_create"),
    path("users/<int:pk>/", accounts.UserUpdate.as_view(), name="user_update"),
    path("users/<int:pk>/password/", accounts.UserPasswordReset.as_view(), name="user_password_reset"),
    path("roles/", accounts.RoleList.as_view(), name="role_list"),
    path("audit/", accounts.AuditList.as_view(), name="audit_list"),
]
