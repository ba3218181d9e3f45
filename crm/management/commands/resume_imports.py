"""`manage.py resume_imports`: begin anew what was in hand when the task worker was killed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from crm.imports.tasks import RUNS, restart
from crm.models import ImportBatch


class Command(BaseCommand):
    help = "重新开始因后台进程停止而中断的导入、核对和撤销；仍在进行或排队的不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        running = ImportBatch.objects.filter(state__in=[*RUNS], run_by__isnull=False).select_related("run_by")
        for batch in running.order_by("pk"):
            assert batch.run_by is not None
            if restart(batch, actor=batch.run_by):
                self.stdout.write(f"{batch}（{batch.get_state_display()}）：已重新开始")
