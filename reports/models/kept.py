"""What is kept with a report: the keys of the rows behind every figure, and the files as they were issued."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.urls import reverse

from reports.issuing.keys import unpack
from reports.models.issue import ReportIssue
from reports.querysets import OfIssueQuerySet


class FrozenRows(models.Model):
    """The records behind one figure when it was computed; of a rate also those that meet each of its conditions."""

    issue = models.ForeignKey(ReportIssue, models.CASCADE, related_name="frozen_rows", verbose_name="报告")
    figure = models.CharField("指标", max_length=60)
    # Empty for all rows of the figure.
    part = models.CharField("条件", max_length=30, blank=True)
    model = models.CharField("记录种类", max_length=60)
    count = models.PositiveIntegerField("条数")
    packed = models.BinaryField("记录编号")

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name = "指标明细"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "figure", "part"], name="rows_of_a_figure_are_frozen_once")
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.count}"

    @property
    def keys(self) -> list[int]:
        return unpack(self.packed)

    @property
    def record_model(self) -> type[Any]:
        return apps.get_model(self.model)


def file_place(row: IssuedFile, name: str) -> str:
    return f"reports/{row.issue.issued_at:%Y}/{name}"


class IssuedFile(models.Model):
    """One file as it was issued, byte for byte. PROTECT: an issued report has files and so cannot be deleted."""

    issue = models.ForeignKey(ReportIssue, models.PROTECT, related_name="files", verbose_name="报告")
    format = models.CharField("格式", max_length=10)
    file = models.FileField("文件", upload_to=file_place, max_length=200)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField("文件指纹", max_length=64, db_index=True)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name = "报告文件"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "format"], name="report_has_one_file_of_a_format")
        ]

    def __str__(self) -> str:
        return f"{self.issue} {self.format}"

    def get_absolute_url(self) -> str:
        return reverse("reports:issue_file", args=[self.issue_id, self.format])
