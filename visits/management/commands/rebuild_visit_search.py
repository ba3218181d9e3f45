"""Write anew what visits and appeals are found by: after `rebuild_search`, or when the rules of search change."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from visits.models import Appeal, Visit
from visits.search import reindex_appeals, reindex_visits


class Command(BaseCommand):
    help = "重建走访与诉求的检索字段"

    def handle(self, *args: Any, **options: Any) -> None:
        visits = reindex_visits(Visit.objects.order_by().values_list("pk", flat=True))
        appeals = reindex_appeals(Appeal.objects.order_by().values_list("pk", flat=True))
        self.stdout.write(f"已重建 {visits} 次走访、{appeals} 件诉求的检索字段。")
