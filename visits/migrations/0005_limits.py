"""Limits by kind of appeal, with the day from which they count; begun with what the settings said until now."""

from __future__ import annotations

from datetime import date
from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FIRST = date(2000, 1, 1)
# 接诉即办 in natural time (domain 2.2). First contact is not in the ordinance: half of the shortest limit, the two
# hours within which the line itself answers, a day. A district changes it on the page.
HOTLINE = {
    "sudden": (2, "hour", 1, "hour"),
    "prompt": (24, "hour", 2, "hour"),
    "general": (7, "natural_day", 24, "hour"),
    "complex": (15, "natural_day", 24, "hour"),
}


def fill(apps: Any, schema_editor: Any) -> None:
    days, contact = settings.YQT["CLOSE_WORKING_DAYS"], settings.YQT["FIRST_CONTACT_WORKING_DAYS"]
    kinds = {"": days["coordinate"], **days}
    rows = {key: (amount, "working_day", contact, "working_day") for key, amount in kinds.items()} | HOTLINE
    apps.get_model("visits", "TimeLimit").objects.bulk_create(
        apps.get_model("visits", "TimeLimit")(
            appeal_class=key, amount=row[0], unit=row[1], contact_amount=row[2], contact_unit=row[3], valid_from=FIRST
        )
        for key, row in rows.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0009_out_of_reach"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="appeal_class",
            field=models.CharField(
                choices=[
                    ("consult", "咨询类"),
                    ("coordinate", "协调类"),
                    ("hard", "疑难类"),
                    ("sudden", "热线突发"),
                    ("prompt", "热线及时"),
                    ("general", "热线一般"),
                    ("complex", "热线疑难"),
                ],
                default="coordinate",
                max_length=20,
                verbose_name="时限类别",
            ),
        ),
        migrations.AlterField(
            model_name="historicalappeal",
            name="appeal_class",
            field=models.CharField(
                choices=[
                    ("consult", "咨询类"),
                    ("coordinate", "协调类"),
                    ("hard", "疑难类"),
                    ("sudden", "热线突发"),
                    ("prompt", "热线及时"),
                    ("general", "热线一般"),
                    ("complex", "热线疑难"),
                ],
                default="coordinate",
                max_length=20,
                verbose_name="时限类别",
            ),
        ),
        migrations.CreateModel(
            name="TimeLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("visit", "走访"),
                            ("hotline", "12345热线"),
                            ("wechat", "微信"),
                            ("letter", "来信来访"),
                            ("superior", "上级交办"),
                            ("forum", "座谈会"),
                            ("phone", "电话"),
                        ],
                        max_length=20,
                        verbose_name="来源",
                    ),
                ),
                (
                    "appeal_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consult", "咨询类"),
                            ("coordinate", "协调类"),
                            ("hard", "疑难类"),
                            ("sudden", "热线突发"),
                            ("prompt", "热线及时"),
                            ("general", "热线一般"),
                            ("complex", "热线疑难"),
                        ],
                        max_length=20,
                        verbose_name="时限类别",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("policy", "政策兑现"),
                            ("space", "用房用地"),
                            ("talent", "人才服务"),
                            ("school", "子女入学"),
                            ("finance", "融资服务"),
                            ("permit", "审批办照"),
                            ("traffic", "交通出行"),
                            ("utility", "水电气热网"),
                            ("market", "市场对接"),
                            ("environment", "园区环境"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="诉求类别",
                    ),
                ),
                (
                    "amount",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1, "时限至少是 1")],
                        verbose_name="办结时限",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("hour", "小时"), ("natural_day", "天"), ("working_day", "个工作日")],
                        default="working_day",
                        max_length=12,
                        verbose_name="办结时限的单位",
                    ),
                ),
                (
                    "contact_amount",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1, "时限至少是 1")],
                        verbose_name="首次联系时限",
                    ),
                ),
                (
                    "contact_unit",
                    models.CharField(
                        choices=[("hour", "小时"), ("natural_day", "天"), ("working_day", "个工作日")],
                        default="working_day",
                        max_length=12,
                        verbose_name="首次联系时限的单位",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="自何日起")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="依据或说明")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="修改时间")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="修改人",
                    ),
                ),
            ],
            options={
                "verbose_name": "办理时限",
                "verbose_name_plural": "办理时限",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gte", 1),
                                ("amount__isnull", False),
                                ("contact_amount__gte", 1),
                                ("contact_amount__isnull", False),
                            ),
                            models.Q(("amount", None), ("contact_amount", None)),
                            _connector="OR",
                        ),
                        name="time_limit_has_both_amounts_or_none",
                        violation_error_message="办结和首次联系的时限要一起写，至少是 1。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount", None), ("appeal_class", ""), ("category", ""), ("source", ""), _negated=True
                        ),
                        name="time_limit_of_all_appeals_cannot_end",
                        violation_error_message="适用于全部诉求的时限不能取消，只能改成另一个。",
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
