"""Log-in rules on top of allauth: nobody signs up, and every log-in is on the audit trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from crm import audit
from crm.models import User
from crm.models.audit import AuditAction


class LoginForm(AllauthLoginForm):
    """Without the link to a reset by e-mail: the system administrator resets passwords."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ChangePasswordForm(AllauthChangePasswordForm):
    """Without that link too; the rules for passwords are said once, above the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("oldpassword", "password1"):
            self.fields[name].help_text = ""


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are made by the system administrator only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        audit.record(AuditAction.LOGIN, f"{user.username} 登录", actor=user, request=request)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        name = str(credentials.get("username", ""))[:50]
        about = User.objects.select_related("organisation").filter(username__iexact=name).first()
        audit.record(AuditAction.LOGIN_FAILED, f"用户名 {name}", actor=None, request=request, about=about)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            audit.record(AuditAction.LOGOUT, f"{request.user.username} 退出", actor=request.user, request=request)
        super().logout(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        messages.success(request, "密码已修改，下次登录请用新密码。")
        return reverse("home")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own greetings are not shown; the page says enough."""

    def set_password(self, user: User, password: str) -> None:
        user.must_change_password = False
        super().set_password(user, password)
