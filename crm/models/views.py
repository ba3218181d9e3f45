"""Views of a list that a person keeps: filters, order and columns under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.http import QueryDict

from crm.models.organisation import Organisation
from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from crm.models.user import User


class SavedViewQuerySet(ScopedQuerySet["SavedView"]):
    def _limited_to(self, user: User) -> SavedViewQuerySet:
        """Own views, and those shared in the own institution."""
        assert user.organisation is not None
        shared = models.Q(is_shared=True, organisation__path=user.organisation.institution_path)
        return self.filter(models.Q(owner=user) | shared)


class SavedView(models.Model):
    """A named view of one list; a shared one is seen by the owner's whole institution."""

    list_key = models.CharField("列表", max_length=40)
    name = models.CharField("名称", max_length=20)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="所有人")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name="所属机构")
    is_shared = models.BooleanField("共享给本机构", default=False)
    query = models.TextField("筛选与排序", blank=True)
    columns: models.JSONField[list[str], list[str]] = models.JSONField("列", default=list, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "列表视图"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "list_key", "name"],
                name="saved_view_name_is_unique_for_its_owner",
                violation_error_message="您已有同名的视图。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The query string that shows it."""
        asked = QueryDict(self.query, mutable=True)
        asked.setlist("columns", self.columns)
        return asked.urlencode()
