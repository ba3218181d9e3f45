"""The steward's home: what to do today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.views.generic import TemplateView

from crm.http import user_of
from crm.views import GatedView, ScopedList
from parks.filters import EnterpriseFilter
from parks.models import Enterprise
from visits.models import Appeal, Visit, VisitEnterprise, WarningFlag
from visits.querysets import due_for_visit
from visits.queues import BY_KEY, queue_counts, shown

SHOWN = 8
FLAGS_SHOWN = 5
LOOK_AHEAD = timedelta(days=14)


class Today(GatedView, TemplateView):
    permission_required = "visits.add_visit"
    template_name = "visits/today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = user_of(self.request), timezone.localdate()
        mine_first, appeals = BY_KEY["mine"], Appeal.objects.visible_to(user)
        late = due_for_visit(Enterprise.objects.visible_to(user), today)
        mine = Visit.objects.visible_to(user).taken_by(user.pk).for_list()
        pairs = VisitEnterprise.objects.visible_to(user).filter(visit__in=mine.values("pk"))
        flags = WarningFlag.objects.visible_to(user).open()
        return super().get_context_data(**kwargs) | {
            "today": today,
            "appeals": mine_first.page(appeals.for_list(), user, SHOWN).object_list,
            "appeal_count": shown(queue_counts(appeals, user, [mine_first])[mine_first.key]),
            "late": late[:SHOWN],
            "late_count": late.count(),
            "planned": mine.planned().order_by("started_at")[:SHOWN],
            "follow_ups": pairs.to_follow_up(today + LOOK_AHEAD)[:SHOWN],
            "recent": mine.done()[:5],
            "flags": flags.by_level().select_related("enterprise")[:FLAGS_SHOWN],
            "flag_count": flags.count(),
        }


class LateList(ScopedList):
    """久未走访: all enterprises on a “服务包” list that are due for a visit."""

    model = Enterprise
    permission_required = "visits.view_visit"
    filterset_class = EnterpriseFilter
    template_name = "visits/late_list.html"
    fragment_name = "visits/_late_rows.html"

    def get_queryset(self) -> QuerySet[Any]:
        return due_for_visit(Enterprise.objects.visible_to(user_of(self.request)), timezone.localdate())
