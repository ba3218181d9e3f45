"""What an appeal's lead owes next, as a column that queues sort by; filled for appeals on record."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Case, F, Q, When

RUNNING = ("accepted", "dispatched", "handling", "answered")


def fill(apps: Any, schema_editor: Any) -> None:
    """As visits.clock reckons it: the first contact while it is owed, else the end."""
    contact_comes_first = Q(contact_due_at__lt=F("due_at"), first_contact_at=None) & ~Q(status="answered")
    apps.get_model("visits", "Appeal").objects.filter(status__in=RUNNING, due_at__isnull=False).update(
        next_due_at=Case(When(contact_comes_first, then="contact_due_at"), default="due_at")
    )


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_search")]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="next_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="最近时限"),
        ),
        # Filled last: PostgreSQL alters no table whose rows the same transaction changed (deferred foreign keys).
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(fields=["organisation", "status", "next_due_at"], name="appeal_by_status_and_next_due"),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(fields=["organisation", "next_due_at"], name="appeal_by_next_due"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
