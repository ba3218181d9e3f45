"""Users, roles and the audit trail, for the three administrators; and the demo's log-in buttons."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from crm import actions, audit
from crm.forms import UserForm
from crm.http import user_of
from crm.models import AuditEntry, User
from crm.models.audit import AuditAction
from crm.roles import ABILITIES, ROLES, role_choices
from crm.views import GatedView, ScopedAction, ScopedCreate, ScopedList, ScopedUpdate


@login_not_required
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as one of the demo's accounts; exists in demo mode only."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(User, username=request.POST.get("username", ""), is_demo=True, is_active=True)
    login(request, user, backend="crm.backends.RoleBackend")
    audit.record(AuditAction.LOGIN, f"{user.username} 登录（演示按钮）", actor=user, request=request)
    return redirect("home")


class ClosedAccountPage(GatedView):
    """allauth's pages for e-mail addresses and resets by e-mail: the administrator does this, so they do not exist."""

    permission_required = "crm.add_user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404


class UserFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search",
        label="姓名、用户名",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "姓名、用户名"}),
    )
    role = django_filters.ChoiceFilter(choices=role_choices, empty_label="全部角色")

    class Meta:
        model = User
        fields = ["q", "role"]

    def search(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value))


class UserList(ScopedList):
    model = User
    permission_required = "crm.add_user"
    filterset_class = UserFilter
    template_name = "crm/user_list.html"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("organisation")


class UserCreate(ScopedCreate):
    model = User
    permission_required = "crm.add_user"
    form_class = UserForm
    template_name = "crm/user_form.html"
    success_url = reverse_lazy("crm:user_list")

    def form_valid(self, form: UserForm) -> HttpResponse:
        user, password = actions.create_user(form.save(commit=False), actor=user_of(self.request))
        messages.success(self.request, f"已开通 {user.username}，初始密码 {password}（只显示这一次，首次登录须修改）。")
        return redirect(self.success_url)


class UserUpdate(ScopedUpdate):
    model = User
    permission_required = "crm.change_user"
    form_class = UserForm
    template_name = "crm/user_form.html"
    success_url = reverse_lazy("crm:user_list")

    def form_valid(self, form: UserForm) -> HttpResponse:
        user = actions.update_user(form.save(commit=False), actor=user_of(self.request))
        messages.success(self.request, f"已保存 {user}。")
        return redirect(self.success_url)


class UserPasswordReset(ScopedAction):
    model = User
    permission_required = "crm.change_user"

    def act(self, record: User) -> HttpResponse:
        password = actions.reset_password(record, actor=user_of(self.request))
        return self.done(f"{record.username} 的新密码 {password}（只显示这一次，登录后须修改）。", "crm:user_list")


class RoleList(GatedView, TemplateView):
    permission_required = "crm.view_role"
    template_name = "crm/role_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"roles": ROLES.values(), "abilities": ABILITIES}


class AuditFilter(django_filters.FilterSet):
    action = django_filters.ChoiceFilter(choices=AuditAction, empty_label="全部动作", label="动作")

    class Meta:
        model = AuditEntry
        fields = ["action"]


class AuditList(ScopedList):
    model = AuditEntry
    permission_required = "crm.view_auditentry"
    filterset_class = AuditFilter
    template_name = "crm/audit_list.html"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("actor")
