"""Filters and queues of the list of hotline tickets; page, export and API use the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django_filters

from crm.filters import KeyFilter
from crm.keyset import counts_up_to
from crm.moments import moment
from crm.search import narrowed
from visits.choices import MatchedBy, TicketParty, TicketStatus
from visits.models import HotlineTicket
from visits.querysets import HotlineTicketQuerySet
from visits.queues import COUNTED, shown

# Of more words than these nobody chooses from a list.
WORDS_OFFERED = 200


@dataclass(frozen=True, slots=True)
class TicketQueue:
    """Tickets that want something, with what to do in one line."""

    key: str
    label: str
    rows: Callable[[HotlineTicketQuerySet], HotlineTicketQuerySet]
    hint: str
    is_alarming: bool = False


def _of(party: TicketParty) -> Callable[[HotlineTicketQuerySet], HotlineTicketQuerySet]:
    return lambda rows: rows.filter(party=party)


QUEUES = (
    TicketQueue("enterprise", "企业工单", _of(TicketParty.ENTERPRISE), "已对应到名册中的企业；要跟踪办理的转为诉求。"),
    TicketQueue(
        "unmatched",
        "未匹配",
        _of(TicketParty.UNMATCHED),
        "写了企业名称而名册中没有或有几家：人工匹配，或标为居民工单。",
        is_alarming=True,
    ),
    TicketQueue("resident", "居民工单", _of(TicketParty.RESIDENT), "没有企业的工单，单独统计，不计入企业诉求。"),
    TicketQueue(
        "to_check",
        "电话匹配待核对",
        lambda rows: rows.to_check(),
        "只凭来电电话匹配的：核对是企业的事还是本人的事，再确认企业或标为居民工单。",
    ),
    TicketQueue(
        "apart",
        "与诉求不一致",
        lambda rows: rows.apart_from_appeal(),
        "热线已办结而诉求未办结，或相反：打开诉求，按实际情况办理。",
        is_alarming=True,
    ),
)
BY_KEY = {queue.key: queue for queue in QUEUES}


def queue_counts(rows: HotlineTicketQuerySet) -> dict[str, str]:
    """How many tickets stand in each queue, up to a thousand, in one query."""
    found = counts_up_to(COUNTED, [queue.rows(rows) for queue in QUEUES])
    return {queue.key: shown(count) for queue, count in zip(QUEUES, found, strict=True)}


class TicketFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="编号、企业、标题、内容")
    queue = django_filters.ChoiceFilter(
        choices=[(queue.key, queue.label) for queue in QUEUES], method="in_queue", label="队列", empty_label="全部"
    )
    status = django_filters.ChoiceFilter(choices=TicketStatus.choices, label="状态", empty_label="状态")
    category = django_filters.ChoiceFilter(label="问题分类", empty_label="问题分类")
    lead_unit = django_filters.ChoiceFilter(label="主办单位", empty_label="主办单位")
    month = django_filters.DateFilter(method="in_month", label="来电月份", input_formats=["%Y-%m"])
    matched_by = django_filters.ChoiceFilter(
        choices=[(key, label) for key, label in MatchedBy.choices if key], label="匹配依据", empty_label="匹配依据"
    )
    enterprise = KeyFilter(field_name="enterprise_id", label="企业编号")

    class Meta:
        model = HotlineTicket
        fields = ["q", "queue", "status", "category", "lead_unit", "month", "matched_by", "enterprise"]

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(data, queryset=queryset, **kwargs)
        for name in ("category", "lead_unit"):
            # Of the rows that the reader may see, never of the whole table.
            self.filters[name].extra["choices"] = _words(self.queryset, name)

    def search(self, rows: HotlineTicketQuerySet, name: str, value: str) -> HotlineTicketQuerySet:
        found: HotlineTicketQuerySet = narrowed(rows, value)
        return found

    def in_queue(self, rows: HotlineTicketQuerySet, name: str, value: str) -> HotlineTicketQuerySet:
        return BY_KEY[value].rows(rows)

    def in_month(self, rows: HotlineTicketQuerySet, name: str, value: date) -> HotlineTicketQuerySet:
        following = (value + timedelta(days=31)).replace(day=1)
        return rows.filter(called_at__gte=moment(value), called_at__lt=moment(following))


def _words(rows: Any, name: str) -> list[tuple[str, str]]:
    if rows is None:
        return []
    found = rows.order_by(name).exclude(**{name: ""}).values_list(name, flat=True).distinct()[:WORDS_OFFERED]
    return [(word, word) for word in found]
