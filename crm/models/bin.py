"""回收站: the mark that takes a record out of everything without losing it. Which rows are marked: crm/scoping.py."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Binnable(models.Model):
    """A record that is deleted by a mark and may be restored; set by actions only."""

    deleted_at = models.DateTimeField("移入回收站", null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="删除人",
    )

    class Meta:
        abstract = True
