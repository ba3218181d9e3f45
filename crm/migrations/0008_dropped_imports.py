from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("uploaded", "待选列"),
    ("staging", "核对中"),
    ("staged", "待确认"),
    ("committing", "导入中"),
    ("committed", "已导入"),
    ("undoing", "撤销中"),
    ("undone", "已撤销"),
    ("failed", "未完成"),
    ("dropped", "已作废"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("crm", "0007_calendar")]

    operations: ClassVar = [
        migrations.AddField("importbatch", "dropped_at", models.DateTimeField("作废时间", null=True)),
        migrations.AddField(
            "importbatch",
            "dropped_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="作废人",
            ),
        ),
        migrations.AddField(
            "importbatch",
            "dropped_from",
            models.CharField("作废前的状态", max_length=20, choices=STATES, blank=True, default=""),
            preserve_default=False,
        ),
    ]
