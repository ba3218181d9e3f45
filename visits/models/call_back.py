"""What the enterprise said when asked, and the links by which it may say so itself. Rules are in visits.actions."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from crm.models import Organisation
from visits.choices import AppealStatus, Satisfaction, Solved, Via
from visits.querysets import CallBackQuerySet
from visits.workflow import BY_LINK

TOKEN_BYTES = 12
_SALT = "visits.CallBackLink"


class CallBack(models.Model):
    """One attempt to hear from the enterprise; valid when a person was reached and answered both questions."""

    appeal = models.ForeignKey("Appeal", models.CASCADE, related_name="call_backs", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("第几轮办理")
    called_at = models.DateTimeField("回访时间")
    via = models.CharField("回访方式", max_length=10, choices=Via, default=Via.PHONE)
    # Nobody when the enterprise answered by link.
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回访人"
    )
    # Recorded by who registered the appeal, looks after the firm or belongs to the lead unit: counted apart.
    is_own = models.BooleanField("经办人自录", default=False)
    is_reached = models.BooleanField("是否接通")
    is_contacted = models.BooleanField("承办单位是否联系过企业", null=True, blank=True)
    solved = models.CharField("是否解决", max_length=20, choices=Solved, blank=True)
    satisfaction = models.CharField("是否满意", max_length=20, choices=Satisfaction, blank=True)
    respondent = models.CharField("受访人", max_length=50, blank=True)
    comment = models.TextField("企业意见", blank=True)
    # False for what is kept as history only: a later answer by link, and what a re-check has replaced.
    stands = models.BooleanField("计入评价", default=True)
    rechecks = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="recheck", verbose_name="复核的是"
    )
    reason = models.TextField("复核理由", blank=True)
    created_at = models.DateTimeField("记录时间", auto_now_add=True)
    # Kept by the database (visits.copies): whose appeal it is, and whether it is the last valid one of the appeal.
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name="所属机构",
    )
    is_last = models.BooleanField("最后一次有效回访", default=False, editable=False)
    COPIED_BY_DATABASE: ClassVar = frozenset({"organisation", "is_last"})

    objects = CallBackQuerySet.as_manager()

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-called_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_reached=True) | Q(is_contacted__isnull=True, solved="", satisfaction=""),
                name="call_back_has_answers_only_if_someone_was_reached",
                violation_error_message="未接通的回访不能填写回访结果。",
            ),
            models.CheckConstraint(
                condition=Q(via=Via.LINK, called_by__isnull=True) | (~Q(via=Via.LINK) & Q(called_by__isnull=False)),
                name="call_back_names_who_called_unless_the_enterprise_answered",
                violation_error_message="工作人员录入的回访须有回访人。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["appeal", "-called_at"], name="call_back_latest"),
            models.Index(fields=["called_at"], name="call_back_by_time"),
            models.Index(fields=["organisation", "called_at"], condition=Q(is_last=True), name="call_back_that_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} 回访"

    @property
    def is_answered(self) -> bool:
        """A person answered both questions."""
        return bool(self.is_reached and self.solved and self.satisfaction)

    @property
    def is_valid(self) -> bool:
        """Answered, and not history only (the same rule as CallBackQuerySet.valid)."""
        return self.is_answered and self.stands

    @property
    def asks_for_more(self) -> bool:
        """The enterprise says that it is not solved, or is not satisfied."""
        return self.is_valid and (self.solved != Solved.SOLVED or self.satisfaction == Satisfaction.DISSATISFIED)

    @property
    def who(self) -> str:
        """By whom it was entered, in words."""
        return str(self.called_by) if self.called_by else BY_LINK


class LinkState(StrEnum):
    """What whoever opens a link finds."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NEW_ROUND = "new_round"
    FINISHED = "finished"
    GONE = "gone"


class CallBackLink(models.Model):
    """A short address under which an enterprise answers for one round of one appeal, without an account.

    The table holds the hash of the token and the seed it is made from: without the secret key neither opens the page,
    and staff can be shown the address again.
    """

    appeal = models.ForeignKey("Appeal", models.CASCADE, related_name="call_back_links", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("第几轮办理")
    seed = models.CharField("种子", max_length=32, editable=False)
    token_hash = models.CharField("令牌摘要", max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="生成人"
    )
    created_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("有效至")
    first_opened_at = models.DateTimeField("首次打开时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "回访链接"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="call_back_link_expires_after_it_was_made",
                violation_error_message="回访链接的有效期须晚于生成时间。",
            ),
            models.UniqueConstraint(
                fields=["appeal"],
                condition=Q(revoked_at__isnull=True),
                name="call_back_link_is_the_only_one_in_force",
                violation_error_message="一件诉求同时只有一个有效的回访链接。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} 回访链接"

    def get_absolute_url(self) -> str:
        """The public address; only for those who may hand it out."""
        return reverse("visits:public_answer", args=[self.token])

    @classmethod
    def new_secret(cls) -> tuple[str, str]:
        """Seed and hash of a new token."""
        seed = get_random_string(32)
        return seed, hash_of(token_of(seed))

    @property
    def token(self) -> str:
        return token_of(self.seed)

    @property
    def can_be_shown(self) -> bool:
        """Not after the secret key was replaced; the address that was handed out goes on working."""
        return constant_time_compare(hash_of(self.token), self.token_hash)

    def state(self, now: datetime) -> LinkState:
        """Read with `appeal__enterprise` selected; reasons that say least about the appeal come first."""
        appeal = self.appeal
        if appeal.deleted_at or appeal.enterprise.deleted_at:
            return LinkState.GONE
        if self.revoked_at:
            return LinkState.REVOKED
        if self.round != appeal.round:
            return LinkState.NEW_ROUND
        if self.expires_at <= now:
            return LinkState.EXPIRED
        return self._state_of_the_appeal()

    def _state_of_the_appeal(self) -> LinkState:
        if self.appeal.status == AppealStatus.CLOSED:
            return LinkState.OPEN
        if self.appeal.status == AppealStatus.ARCHIVED and self.appeal.out_of_reach_at:
            return LinkState.FINISHED
        is_answered = self.appeal.status in (AppealStatus.CONFIRMED, AppealStatus.ARCHIVED)
        return LinkState.ANSWERED if is_answered else LinkState.GONE


def token_of(seed: str) -> str:
    """96 bits in 16 characters that need no escaping in an address."""
    digest = salted_hmac(_SALT, seed, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
