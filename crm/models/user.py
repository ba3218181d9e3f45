"""The user: one role, one place in the tree, one reach over the records."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from crm.models.organisation import Organisation
from crm.roles import ROLES, Role, role_choices
from crm.scoping import Scope, ScopedQuerySet


class UserQuerySet(ScopedQuerySet["User"]):
    def staff_of(self, path: str) -> UserQuerySet:
        """People in service at or below an organisation path, for choices such as 谁去."""
        return self.filter(is_active=True, organisation__path__startswith=path)


class AccountManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's user manager with the scoped query set; named, because migrations refer to it."""


class User(AbstractUser):
    """A person with a log-in. Superuser and staff flags of Django are not used: there is no all-powerful account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=50)
    role = models.CharField("角色", max_length=20, choices=role_choices)
    scope = models.CharField("数据范围", max_length=20, choices=Scope, default=Scope.ORGANISATION)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="所属单位"
    )
    must_change_password = models.BooleanField("下次登录须改密码", default=False)

    is_demo = models.BooleanField("演示账号", default=False, editable=False)

    objects = AccountManager()  # type: ignore[misc]

    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta(AbstractUser.Meta):
        verbose_name = "用户"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["organisation__path", "name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def role_definition(self) -> Role | None:
        return ROLES.get(self.role)

    @property
    def home(self) -> str:
        """URL name of the page this user starts on."""
        role = self.role_definition
        return role.home if role else "account_logout"
