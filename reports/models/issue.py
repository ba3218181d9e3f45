"""A report on its way from draft to issue, and for ever after. Its steps: reports.issuing.steps, reports.actions."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from crm.models import Organisation
from parks.models import Park
from reports.issuing import steps
from reports.issuing.cells import place_of
from reports.issuing.frozen import thaw
from reports.issuing.reprint import as_issued
from reports.issuing.wording import Words, worded
from reports.querysets import ReportIssueQuerySet
from reports.report import Definition, Report


class IssueStatus(models.TextChoices):
    DRAFT = steps.DRAFT, steps.LABELS[steps.DRAFT]
    REVIEW = steps.REVIEW, steps.LABELS[steps.REVIEW]
    REVIEWED = steps.REVIEWED, steps.LABELS[steps.REVIEWED]
    ISSUED = steps.ISSUED, steps.LABELS[steps.ISSUED]
    DROPPED = steps.DROPPED, steps.LABELS[steps.DROPPED]


class ReportIssue(models.Model):
    """Computed data, a person's words beside it, and who drafted, reviewed and issued it.

    The texts are canonical JSON (reports.issuing.frozen), kept as text because their bytes are hashed. Once issued the
    row is final: the database refuses to change it (migration 0002), and a correction is another row that supersedes
    it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="统计范围")
    kind = models.CharField("种类", max_length=30)
    # The period and what narrows it, as in the address of a page; with `kind` the thing that the report is about.
    query = models.CharField("统计条件", max_length=200)
    period_key = models.CharField("期间", max_length=30)
    period_label = models.CharField("期间名称", max_length=60)
    ends_on = models.DateField("期间末日")
    park = models.ForeignKey(Park, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="园区")
    title = models.CharField("标题", max_length=200)
    version = models.PositiveSmallIntegerField("第几版", default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction", verbose_name="更正的是"
    )
    status = models.CharField("状态", max_length=20, choices=IssueStatus, default=IssueStatus.DRAFT)

    data = models.TextField("统计数据")
    rules = models.TextField("统计规则")
    words = models.TextField("修改的文字")
    # Goes up with every change; a page that saw an older one must look again.
    edition = models.PositiveIntegerField("修改次数", default=1, editable=False)
    computed_at = models.DateTimeField("统计时间")

    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="起草人"
    )
    drafted_at = models.DateTimeField("起草时间")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="最后修改人"
    )
    submitted_at = models.DateTimeField("送审时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    note = models.CharField("退回修改的意见", max_length=500, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="印发人"
    )
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
    code = models.CharField("核验码", max_length=14, null=True, blank=True, unique=True, editable=False)
    fingerprint = models.CharField("指纹", max_length=64, blank=True, editable=False)

    objects = ReportIssueQuerySet.as_manager()

    class Meta:
        verbose_name = "报告"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-ends_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "query", "version"],
                condition=~Q(status=steps.DROPPED),
                name="report_version_is_drafted_once",
                violation_error_message="这一期报告的这一版已经有了。",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "query"],
                condition=Q(status__in=steps.OPEN),
                name="report_has_one_draft_at_a_time",
                violation_error_message="这一期报告已有一份在起草或审核。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=steps.ISSUED,
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                    code__isnull=False,
                    fingerprint__gt="",
                )
                | (~Q(status=steps.ISSUED) & Q(issued_at__isnull=True, issued_by__isnull=True, code__isnull=True)),
                name="report_has_code_and_hash_if_and_only_if_issued",
                violation_error_message="已印发的报告须有印发人、时间、核验码和指纹，未印发的没有。",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(steps.REVIEWED, steps.ISSUED)) | Q(reviewed_by__isnull=False),
                name="report_is_issued_only_when_reviewed",
                violation_error_message="未经审核的报告不能印发。",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("drafted_by")),
                name="report_is_reviewed_by_another_than_its_author",
                violation_error_message="起草人不能审核自己的报告。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.period_label}）"

    def get_absolute_url(self) -> str:
        return reverse("reports:issue_detail", args=[self.pk])

    @property
    def is_issued(self) -> bool:
        return self.status == steps.ISSUED

    @property
    def is_draft(self) -> bool:
        return self.status == steps.DRAFT

    @property
    def version_label(self) -> str:
        return f"第 {self.version} 版" if self.version > 1 else ""

    @cached_property
    def computed(self) -> Report:
        """As the system wrote it."""
        report: Report = thaw(self.data)
        return report

    @cached_property
    def own_words(self) -> Words:
        words: Words = thaw(self.words)
        return words

    def to_print(self, at: datetime | None = None) -> Report:
        """With the words of a person in their places; issued, or to be issued `at`, with what that changes."""
        report, at = worded(self.computed, self.own_words), at or self.issued_at
        if not at:
            return report
        names = set(self.frozen_rows.filter(part="").values_list("figure", flat=True))
        return as_issued(report, timezone.localdate(at), self.rows_address, lambda live: self.cell_address(live, names))

    def rows_address(self, figure: str, query: str = "") -> str:
        return f"{reverse('reports:issue_rows', args=[self.pk, figure])}{'?' if query else ''}{query}"

    def cell_address(self, live: str, names: Container[str]) -> str:
        """Of the kept rows of a cell; reports of releases that kept none lead nowhere."""
        place = place_of(live, self.query)
        return self.rows_address(place.figure, place.query) if place and place.kept_as in names else ""

    @property
    def rules_used(self) -> tuple[Definition, ...]:
        rules: tuple[Definition, ...] = thaw(self.rules)
        return rules
