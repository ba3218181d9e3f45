"""A person's subscription to the own visits from the calendar of a phone."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db import models

_SALT = "visits.feed"


class CalendarFeed(models.Model):
    """The secret address of one user's visits; it is signed, not stored, and a new number makes the old one void."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name="用户"
    )
    number = models.PositiveIntegerField("第几个地址", default=1)
    made_at = models.DateTimeField("生成时间", auto_now=True)

    class Meta:
        verbose_name = "走访日历订阅"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.user} 的走访日历"

    @property
    def token(self) -> str:
        return signing.Signer(salt=_SALT).sign_object([self.user_id, self.number])

    @classmethod
    def of_token(cls, token: str) -> CalendarFeed | None:
        """The feed that a token opens; None for a forged or replaced one."""
        try:
            user_id, number = signing.Signer(salt=_SALT).unsign_object(token)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls.objects.select_related("user__organisation").filter(user_id=user_id, number=number).first()
