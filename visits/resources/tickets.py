"""Lists of hotline tickets: new ones are matched to enterprises, known ones brought up to what the hotline says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from crm.imports.cells import CellError
from crm.imports.columns import Reading, Values, Written
from crm.imports.resource import Change, ImportResource, Keys, plain_fields
from crm.models import Organisation, User
from visits.choices import MatchedBy, TicketStatus
from visits.matching import TicketFirms
from visits.models import HotlineTicket
from visits.search import reindex_tickets
from visits.ticket_columns import TICKET_COLUMNS

# What follows from the enterprise that was found.
MATCH = ("enterprise", "party", "matched_by", "match_note")


def _firm(ticket: HotlineTicket) -> Written:
    return ticket.enterprise.name if ticket.enterprise else None


def _appeal(ticket: HotlineTicket) -> Written:
    return ticket.appeal.number if ticket.appeal else None


class TicketResource(ImportResource):
    key = "tickets"
    label = "热线工单"
    noun = "工单"
    measure = "件"
    identity = "工单编号"
    permission = "visits.import_hotlineticket"
    undo_permission = undo_any_permission = "visits.import_hotlineticket"
    model = HotlineTicket
    columns = TICKET_COLUMNS
    required = "number"
    extras = (
        ("归属", lambda ticket: ticket.get_party_display()),
        ("对应企业", _firm),
        ("匹配依据", lambda ticket: ticket.get_matched_by_display() if ticket.enterprise_id else None),
        ("转为诉求", _appeal),
    )

    def __init__(self) -> None:
        self._firms: TicketFirms | None = None
        self._organisation: Organisation | None = None
        self._known: set[str] | None = None

    def prepare(self, organisation: Organisation, user: User) -> None:
        self._firms, self._organisation = TicketFirms(organisation, user), organisation

    def subject_of(self, values: Values) -> str:
        number = str(values.get("number", ""))
        return f"{number} {values.get('title') or str(values.get('content', ''))[:40]}".strip() if number else ""

    def finish(self, values: Values, reading: Reading) -> None:
        if not self._is_known(values["number"]):
            _check_is_whole(values)
        _check_times(values, reading)
        assert self._firms is not None
        found = self._firms.match(values.get("firm_name", ""), values.get("caller_phone", ""))
        reading.warn(found.note)
        values |= {"_party": found.party.value, "_matched_by": found.by.value, "_match_note": found.note}
        if found.enterprise:
            values["enterprise_id"] = found.enterprise

    def _is_known(self, number: str) -> bool:
        if self._known is None:
            assert self._organisation is not None
            self._known = set(_on_record(self._organisation).values_list("number", flat=True))
        return number in self._known

    def keys_of(self, values: Values) -> Keys:
        return Keys(values["number"], values["number"])

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        rows = _on_record(organisation).order_by("-organisation__path", "pk").values_list("pk", "number")
        return ((pk, Keys(number, number)) for pk, number in rows)

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        return set(HotlineTicket.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))

    def reconcile(self, values: Values, target: HotlineTicket, changes: list[Change], reading: Reading) -> None:
        kept = {name for name in ("called_at", "closed_at") if _is_coarser(values, target, name)}
        # What a person decided of the enterprise stands; and an appeal is not taken from the firm that raised it.
        if target.matched_by == MatchedBy.PERSON or target.appeal_id:
            kept.add("enterprise_id")
        changes[:] = [change for change in changes if change.field not in kept]
        if target.appeal_id and any(change.field == "status" for change in changes):
            reading.warn("这件工单已转为诉求：工单状态照文件更新，诉求不会随之变动，请在诉求页办理")

    def new_instance(
        self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]
    ) -> HotlineTicket:
        ticket = HotlineTicket(organisation=organisation, created_by=user, party=values["_party"])
        ticket.match_note = values["_match_note"]
        ticket.status = TicketStatus.CLOSED if values.get("closed_at") else TicketStatus.HANDLING
        self.apply(ticket, values, [name for name in values if not name.startswith("_")])
        return ticket

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        names = {name.removesuffix("_id") for name in plain_fields(fields)}
        return sorted({*names, *(MATCH if "enterprise" in names else ()), "updated_at"})

    def apply(self, target: HotlineTicket, values: Values, fields: Iterable[str]) -> None:
        for name in fields:
            if not name.startswith("_"):
                setattr(target, name, values[name])
        if "enterprise_id" in fields:
            target.party, target.matched_by = values["_party"], values["_matched_by"]
            target.match_note = values["_match_note"]
        target.updated_at = timezone.now()

    def after_write(self, written: Sequence[tuple[HotlineTicket, Values, Sequence[str]]]) -> None:
        reindex_tickets(ticket.pk for ticket, _, _ in written)

    def after_undo(self, restored: Sequence[HotlineTicket]) -> None:
        reindex_tickets(ticket.pk for ticket in restored)

    def export_rows(self, rows: Any) -> Iterator[HotlineTicket]:
        found: Iterator[HotlineTicket] = rows.select_related("enterprise", "appeal").iterator(chunk_size=2000)
        return found

    def url_of(self, pk: int) -> str:
        return reverse("visits:ticket_detail", args=[pk])

    def describe(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        if isinstance(value, bool):
            return "是" if value else "否"
        if name == "enterprise_id":
            assert self._firms is not None
            return self._firms.names.get(value, "另一家企业")
        choices: Mapping[Any, Any] = dict(HotlineTicket._meta.get_field(name).flatchoices or ())  # type: ignore[union-attr]
        return str(choices.get(value, value))


def _on_record(organisation: Organisation) -> Any:
    """Also those of an enterprise in the bin: their numbers are taken."""
    return HotlineTicket.objects.filter(organisation__path__startswith=organisation.path, deleted_at=None)


def _check_is_whole(values: Values) -> None:
    if not values.get("called_at"):
        raise CellError("没有写来电时间", column="called_at")
    if not (values.get("title") or values.get("content")):
        raise CellError("标题和主要内容都没有写", column="content")


def _check_times(values: Values, reading: Reading) -> None:
    called, closed, now = values.get("called_at"), values.get("closed_at"), timezone.now()
    for name, at in (("called_at", called), ("closed_at", closed)):
        if at and at > now and timezone.localdate(at) > timezone.localdate(now):
            raise CellError(f"{timezone.localtime(at):%Y-%m-%d} 还没有到，请核对", column=name)
    if called and closed and closed < called and not values.get("_closed_at_is_day"):
        reading.warn("办结时间早于来电时间，照原样导入，请核对")


def _is_coarser(values: Values, target: HotlineTicket, name: str) -> bool:
    """The list knows only the day of what is known to the minute."""
    known, told = getattr(target, name), values.get(name)
    if not (known and told and values.get(f"_{name}_is_day")):
        return False
    return timezone.localdate(known) == timezone.localdate(told)
