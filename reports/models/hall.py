"""The address of the big screen in the visitors' hall."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core import signing
from django.db import models

from crm.models import Organisation
from reports.hall.querysets import HallScreenQuerySet

_SALT = "reports.hall_screen"
READ = "reports.view_report"


class HallScreen(models.Model):
    """One secret address of an institution; it is signed, not stored, and a new number makes the old one void.

    It shows totals of what the person who made it may see, as long as that person may see them.
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name="机构")
    number = models.PositiveIntegerField("第几个地址", default=1)
    is_open = models.BooleanField("启用", default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="生成人")
    made_at = models.DateTimeField("生成时间", auto_now=True)

    objects = HallScreenQuerySet.as_manager()

    class Meta:
        verbose_name = "大屏地址"
        verbose_name_plural = verbose_name
        default_permissions: ClassVar = ["view", "change"]

    def __str__(self) -> str:
        return f"{self.organisation} 的大屏"

    @property
    def token(self) -> str:
        return signing.Signer(salt=_SALT).sign_object([self.organisation_id, self.number])

    @classmethod
    def of_token(cls, token: str) -> HallScreen | None:
        """The screen that a token opens; None if it is forged, replaced or closed, or its maker may not read now."""
        try:
            key, number = signing.Signer(salt=_SALT).unsign_object(token)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        rows = cls.objects.select_related("organisation", "made_by__organisation")
        screen = rows.filter(organisation_id=key, number=number, is_open=True).first()
        return screen if screen is not None and screen._still_reads() else None

    def _still_reads(self) -> bool:
        place = self.made_by.organisation
        is_there = place is not None and place.institution_path == self.organisation.path
        return is_there and self.made_by.is_active and self.made_by.has_perm(READ)
