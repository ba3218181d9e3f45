"""热线工单: the hotline's own tickets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from reports.metrics.metric import HOTLINE, Metric
from reports.rows import hotline, rates
from visits.choices import TicketParty


def hotline_rate(key: str, label: str, definition: str | Callable[[], str], answered: Q, parts: Any) -> Metric:
    return Metric(
        key,
        label,
        "",
        HOTLINE,
        definition,
        hotline.tickets,
        hotline.answered(answered),
        parts=parts,
        conditions=hotline.answers,
        asides=hotline.others,
        style="percent",
    )


METRICS = (
    Metric("hotline_tickets", "接诉即办工单", "件", HOTLINE, hotline.ALL, hotline.tickets),
    Metric(
        "hotline_enterprise_tickets",
        "企业工单",
        "件",
        HOTLINE,
        hotline.ENTERPRISE,
        hotline.tickets,
        hotline.of(TicketParty.ENTERPRISE),
        asides=hotline.unmatched,
    ),
    Metric(
        "hotline_resident_tickets",
        "居民工单",
        "件",
        HOTLINE,
        hotline.RESIDENT,
        hotline.tickets,
        hotline.of(TicketParty.RESIDENT),
    ),
    hotline_rate("hotline_response_rate", "热线响应率", hotline.RESPONSE, hotline.SAYS_CONTACTED, rates.response_parts),
    hotline_rate(
        "hotline_solving_rate", "热线解决率", hotline.solving_definition, hotline.SAYS_SOLVED, rates.solving_parts
    ),
    hotline_rate(
        "hotline_satisfaction_rate",
        "热线满意率",
        hotline.satisfaction_definition,
        hotline.SAYS_SATISFIED,
        rates.satisfaction_parts,
    ),
)
