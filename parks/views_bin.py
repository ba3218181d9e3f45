"""回收站 of enterprises: deleting, restoring, and what is in there."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from crm.http import user_of
from crm.views_bin import BinList, ScopedDelete, ScopedRestore
from parks import actions
from parks.models import Enterprise, MergeRecord


class EnterpriseBin(BinList):
    model = Enterprise
    permission_required = "parks.change_enterprise"
    restore_url = "parks:enterprise_restore"
    search_fields = ("name", "uscc", "legal_representative")
    related = ("merged_into",)
    action_template = "parks/_bin_action.html"

    def get_queryset(self) -> QuerySet[Any]:
        """With the merge to take back, of those that were merged."""
        merges = MergeRecord.objects.filter(source=OuterRef("pk"), undone_at=None)
        rows: QuerySet[Any] = super().get_queryset().annotate(merge_id=Subquery(merges.values("pk")[:1]))
        return rows


class EnterpriseDelete(ScopedDelete):
    model = Enterprise
    permission_required = "parks.change_enterprise"
    restore_url = "parks:enterprise_restore"
    list_url = "parks:enterprise_list"

    def delete(self, record: Enterprise) -> None:
        actions.delete_enterprise(record, actor=user_of(self.request))


class EnterpriseRestore(ScopedRestore):
    model = Enterprise
    permission_required = "parks.change_enterprise"
    bin_url = "parks:enterprise_bin"

    def restore(self, record: Enterprise) -> None:
        actions.restore_enterprise(record, actor=user_of(self.request))
