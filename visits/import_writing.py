"""How visits and appeals are written into a file, so that their columns are read back the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from crm.imports.columns import Writer, Written


def field(name: str) -> Writer:
    return lambda row: getattr(row, name)


def label(name: str) -> Writer:
    return lambda row: str(getattr(row, f"get_{name}_display")())


def moment(name: str) -> Writer:
    """To the minute; midnight in words, because in a sheet it is a day without a time."""

    def write(row: Any) -> Written:
        at: dt.datetime | None = getattr(row, name)
        if at is None:
            return None
        local = timezone.localtime(at).replace(second=0, microsecond=0)
        return f"{local:%Y-%m-%d %H:%M}" if local.time() == dt.time() else local

    return write


def firms(visit: Any) -> Written:
    return "、".join(pair.enterprise.name for pair in visit.pairs.all())


def codes(visit: Any) -> Written:
    """All or none: the codes alone decide whom a row speaks of."""
    found = [pair.enterprise.uscc for pair in visit.pairs.all()]
    return "、".join(found) if all(found) else None


def absent(visit: Any) -> Written:
    return "、".join(pair.enterprise.name for pair in visit.pairs.all() if not pair.has_attended)


def attendees(visit: Any) -> Written:
    return _of_each(visit, "attendees")


def notes(visit: Any) -> Written:
    return _of_each(visit, "note")


def answers(visit: Any) -> Written:
    """One enterprise a line, with its answers."""
    told = ((pair.enterprise.name, "；".join(map(str, pair.answers.all()))) for pair in visit.pairs.all())
    return "\n".join(f"{firm}：{said}" for firm, said in told if said)


def suggestions(visit: Any) -> Written:
    """One a line, after the enterprise whose it is."""
    told = ((row.enterprise, " ".join(row.content.splitlines())) for row in visit.suggestions.all())
    return "\n".join(f"{firm.name}：{content}" if firm else content for firm, content in told)


def _of_each(visit: Any, name: str) -> str:
    """One enterprise a line."""
    told = ((pair.enterprise.name, getattr(pair, name)) for pair in visit.pairs.all())
    return "\n".join(f"{firm}：{text}" for firm, text in told if text)


def staff(visit: Any) -> Written:
    """Who wrote it comes first."""
    people = sorted(visit.staff.all(), key=lambda person: (person.pk != visit.created_by_id, person.pk))
    return "、".join(person.name for person in people)


def person(name: str) -> Writer:
    return lambda row: getattr(row, name).name


def lead(appeal: Any) -> Written:
    return appeal.lead_unit.name if appeal.lead_unit else None


def joint(appeal: Any) -> Written:
    return "、".join(unit.name for unit in appeal.joint_units.all())


def of_call(name: str) -> Writer:
    """Of the last call-back that reached somebody; the older ones are on the appeal's own page."""

    def write(appeal: Any) -> Written:
        call = next((call for call in appeal.call_backs.all() if call.is_reached and call.stands), None)
        if call is None:
            return None
        if name == "called_at":
            return moment(name)(call)
        return str(getattr(call, f"get_{name}_display", lambda: getattr(call, name))())

    return write
