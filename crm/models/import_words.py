"""What an organisation means by words that its lists use and the register does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from crm.models.organisation import Organisation
from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from crm.models import User


class ImportWordQuerySet(ScopedQuerySet["ImportWord"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What a word means is one thing for all who import lists of the institution."""
        if not user.is_authenticated or user.organisation is None or not user.has_perm("crm.view_importbatch"):
            return self.none()
        return self.filter(self.within_institution(user))


class ImportWord(models.Model):
    """One word of one column, with the word of the register that a person put in its place. Blank: leave it out."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name="所属机构")
    resource = models.CharField("名单种类", max_length=40)
    column = models.CharField("列", max_length=40)
    text = models.CharField("文件中的写法", max_length=200)
    replacement = models.CharField("名册中的写法", max_length=200, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="对应人")
    chosen_at = models.DateTimeField("对应时间", auto_now=True)

    objects = ImportWordQuerySet.as_manager()

    class Meta:
        verbose_name = "取值对应"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["column", "text"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "resource", "column", "text"], name="import_word_means_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.replacement or '留空'}"
