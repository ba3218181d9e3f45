"""Write anew what enterprises and contacts are found by: after a restore, or when the rules of search change."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parks.models import Contact, Enterprise
from parks.search import reindex_contacts, reindex_enterprises
from parks.shared import count_all


class Command(BaseCommand):
    help = "重建企业与联系人的检索字段"

    def handle(self, *args: Any, **options: Any) -> None:
        enterprises = reindex_enterprises(Enterprise.objects.order_by().values_list("pk", flat=True))
        count_all()
        contacts = reindex_contacts(Contact.objects.order_by().values_list("pk", flat=True))
        self.stdout.write(f"已重建 {enterprises} 家企业、{contacts} 位联系人的检索字段。")
