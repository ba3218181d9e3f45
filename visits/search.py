"""What visits and appeals are found by, and their groups in the search of everything.

Both are found by what they say and by everything that their enterprises are found by. Every writer of one of these
facts calls this module; when an enterprise's own texts change, the register calls `follow_enterprises`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.utils import timezone

from crm.bulk import update_rows
from crm.models import User
from crm.search import BETWEEN_SOURCES, Group, Hit, index_text, narrowed
from visits.models import Appeal, HotlineTicket, Visit, VisitEnterprise
from visits.querysets import living_pairs

ROWS_PER_WRITE = 1000
# SQLite takes 32 766 parameters.
KEYS_PER_QUERY = 10_000


def index_visit(visit: Any, firms: Iterable[str]) -> None:
    """Set, without saving, what the visit is found by; `firms` are the search texts of its enterprises."""
    visit.search_text = _joined(index_text([visit.topic, visit.summary, visit.place]), firms)


def index_appeal(appeal: Any, firm: str) -> None:
    number = appeal.number
    # A number typed with or without its hyphen is looked for without it.
    said = index_text([number, number.replace("-", ""), appeal.content, appeal.result_text])
    appeal.search_text = _joined(said, [firm])


def index_ticket(ticket: Any) -> None:
    """Not by who called: a search must not tell a resident's telephone to those who do not handle the ticket."""
    number = ticket.number
    told = (number, number.replace("-", ""), ticket.title, ticket.content, ticket.firm_name, ticket.place)
    ticket.search_text = index_text(told)


def _joined(said: str, firms: Iterable[str]) -> str:
    return BETWEEN_SOURCES.join(text for text in (said, *firms) if text)


def refresh_visit(visit: Visit) -> None:
    """After its enterprises were written; not a change of its own in the history."""
    firms = [pair.enterprise.search_text for pair in visit.pairs.living().select_related("enterprise").order_by("pk")]
    index_visit(visit, firms)
    Visit.objects.filter(pk=visit.pk).update(search_text=visit.search_text)


def follow_enterprises(keys: Iterable[int]) -> None:
    """Write anew what visits to these enterprises and their appeals are found by (settings: ENTERPRISE_FOLLOWERS)."""
    wanted = list(keys)
    for start in range(0, len(wanted), KEYS_PER_QUERY):
        part = wanted[start : start + KEYS_PER_QUERY]
        reindex_visits(VisitEnterprise.objects.filter(enterprise__in=part).values_list("visit_id", flat=True))
        reindex_appeals(Appeal.objects.filter(enterprise__in=part).order_by().values_list("pk", flat=True))


def reindex_visits(keys: Iterable[int], models: Apps = apps) -> int:
    """Write anew what these visits are found by; `models` is the state that a migration works on."""
    return _reindex(keys, _reindex_visits, models)


def reindex_appeals(keys: Iterable[int], models: Apps = apps) -> int:
    return _reindex(keys, _reindex_appeals, models)


def reindex_tickets(keys: Iterable[int], models: Apps = apps) -> int:
    return _reindex(keys, _reindex_tickets, models)


def _reindex(keys: Iterable[int], write: Callable[[Sequence[int], Apps], None], models: Apps) -> int:
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), ROWS_PER_WRITE):
        write(wanted[start : start + ROWS_PER_WRITE], models)
    return len(wanted)


def _reindex_visits(keys: Sequence[int], models: Apps) -> None:
    firms: dict[int, list[str]] = defaultdict(list)
    pairs: Any = models.get_model("visits", "VisitEnterprise")
    found = pairs.objects.filter(visit__in=keys, enterprise__deleted_at=None).order_by("pk")
    for visit, text in found.values_list("visit_id", "enterprise__search_text"):
        firms[visit].append(text)
    _write(models.get_model("visits", "Visit"), keys, lambda row: index_visit(row, firms[row.pk]))


def _reindex_appeals(keys: Sequence[int], models: Apps) -> None:
    appeals: Any = models.get_model("visits", "Appeal")
    firms = dict(appeals.objects.filter(pk__in=keys).order_by().values_list("pk", "enterprise__search_text"))
    _write(appeals, keys, lambda row: index_appeal(row, firms[row.pk]))


def _reindex_tickets(keys: Sequence[int], models: Apps) -> None:
    _write(models.get_model("visits", "HotlineTicket"), keys, index_ticket)


def _write(model: Any, keys: Sequence[int], index: Callable[[Any], None]) -> None:
    changed = []
    for row in model.objects.filter(pk__in=keys).order_by("pk"):
        before = row.search_text
        index(row)
        if row.search_text != before:
            changed.append(row)
    update_rows(changed, ["search_text"])


def _visits(user: User, text: str, size: int) -> list[Hit]:
    rows = narrowed(Visit.objects.visible_to(user), text).order_by("-started_at", "-pk")
    return [_visit_hit(visit) for visit in rows.prefetch_related(living_pairs())[:size]]


def _visit_hit(visit: Visit) -> Hit:
    names = [pair.enterprise.name for pair in visit.pairs.all()]
    who = "、".join(names[:2]) + (f" 等 {len(names)} 家" if len(names) > 2 else "")
    day = timezone.localtime(visit.started_at).strftime("%Y-%m-%d")
    detail = " · ".join(filter(None, [day, visit.get_kind_display(), who]))
    return Hit(visit.topic or who or "走访", detail, visit.get_absolute_url())


def _appeals(user: User, text: str, size: int) -> list[Hit]:
    rows = narrowed(Appeal.objects.visible_to(user), text).order_by("-created_at", "-pk")
    return [_appeal_hit(appeal) for appeal in rows.select_related("enterprise")[:size]]


def _appeal_hit(appeal: Appeal) -> Hit:
    detail = f"{appeal.number} · {appeal.get_status_display()} · {appeal.enterprise.name}"
    return Hit(appeal.content[:60], detail, appeal.get_absolute_url())


def _tickets(user: User, text: str, size: int) -> list[Hit]:
    rows = narrowed(HotlineTicket.objects.visible_to(user), text).order_by("-called_at", "-pk")
    return [_ticket_hit(ticket) for ticket in rows.select_related("enterprise")[:size]]


def _ticket_hit(ticket: HotlineTicket) -> Hit:
    whose = ticket.enterprise.name if ticket.enterprise else ticket.get_party_display()
    return Hit(ticket.subject, f"{ticket.number} · {ticket.get_status_display()} · {whose}", ticket.get_absolute_url())


VISITS = Group("走访", "visits.view_visit", _visits, "visits:visit_list")
APPEALS = Group("诉求", "visits.view_appeal", _appeals, "visits:appeal_list")
TICKETS = Group("热线工单", "visits.view_hotlineticket", _tickets, "visits:ticket_list")
