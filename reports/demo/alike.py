"""Of the demo's appeals: one that was sent again, one the enterprise pressed for, and a matter of the month."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from reports.demo.people import Place
from visits.actions import advance_appeal, create_appeal, decide_matter
from visits.choices import AppealSource, AppealStatus, MatterState
from visits.matters import groups_of_month
from visits.models import Appeal
from visits.months import month_of

MONTHS_BACK = 12


def make_alike(place: Place, now: datetime) -> None:
    in_hand = Appeal.objects.visible_to(place.users["manager"]).filter(status=AppealStatus.HANDLING, created_at__lt=now)
    alone = [one for one in in_hand.order_by("-created_at", "-pk")[:20] if one.enterprise.appeals.open().count() == 1]
    if len(alone) > 1:
        _send_again(place, alone[0], now)
        _press(place, alone[1], now)
    _name_matter(place, now)


def _send_again(place: Place, first: Appeal, now: datetime) -> None:
    """The same matter by another way in: both pages offer to merge them."""
    create_appeal(
        actor=place.users["desk"], enterprise=first.enterprise, content=f"再次来电：{first.content}请尽快答复。",
        category=first.category, appeal_class=first.appeal_class, source=AppealSource.HOTLINE, at=now,
    )  # fmt: skip


def _press(place: Place, appeal: Appeal, now: datetime) -> None:
    words = "问办到哪一步了，希望本周有答复。"
    advance_appeal(appeal, "chase", actor=place.stewards[0], note=words, caller="行政主管", at=now)


def _name_matter(place: Place, now: datetime) -> None:
    """The latest month in which several enterprises raised the same; its largest matter is named, the others wait."""
    manager, month = place.users["manager"], month_of(timezone.localdate(now))
    for _ in range(MONTHS_BACK):
        groups = groups_of_month(manager, month)
        if groups:
            decide_matter(
                [line.pk for line in groups[0].lines], actor=place.users["desk"], month_starts_on=month.start,
                state=MatterState.LISTED, title=groups[0].first.content[:30].rstrip("。"), owner=manager,
                note="由主管牵头，会同有关科室集中研究，月底前拿出办法并向这几家企业反馈。",
            )  # fmt: skip
            return
        month = month.previous
