"""What an edit of the calendar moved; edits made before this count as followed."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def mark(apps: Any, schema_editor: Any) -> None:
    followed = apps.get_model("visits", "CalendarFollowed")
    edits = apps.get_model("crm", "CalendarEdit").objects.values_list("pk", flat=True)
    followed.objects.bulk_create(followed(edit_id=pk) for pk in edits)


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_calendar"), ("visits", "0014_calendar_feed")]

    operations = [
        migrations.CreateModel(
            name="CalendarFollowed",
            fields=[
                (
                    "edit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="crm.calendaredit",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="完成时间")),
            ],
            options={"verbose_name": "日历变更后的重算", "verbose_name_plural": "日历变更后的重算"},
        ),
        migrations.CreateModel(
            name="DueMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_due_at", models.DateTimeField(null=True, verbose_name="原办理时限")),
                ("new_due_at", models.DateTimeField(null=True, verbose_name="新办理时限")),
                ("old_contact_due_at", models.DateTimeField(null=True, verbose_name="原首次联系时限")),
                ("new_contact_due_at", models.DateTimeField(null=True, verbose_name="新首次联系时限")),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_moves",
                        to="visits.appeal",
                        verbose_name="诉求",
                    ),
                ),
                (
                    "edit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.calendaredit",
                        verbose_name="日历变更",
                    ),
                ),
            ],
            options={
                "verbose_name": "时限变动",
                "verbose_name_plural": "时限变动",
                "ordering": ["edit", "new_due_at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("edit", "appeal"), name="due_move_is_told_once")],
            },
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
