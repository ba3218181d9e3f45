"""Red flags: raised by what a visit form ticks and by answers, confirmed when found again, handled, taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise
from visits.actions.guard import StepRefused
from visits.actions.pairs import Part, Parts
from visits.choices import FLAG_LEVELS, URGENT_LEASE_DAYS, FlagKind, FlagLevel
from visits.models import Visit, WarningFlag
from visits.models.question import shown

DETAIL_LENGTH = 500


@dataclass(slots=True)
class Found:
    """Why a visit warns of one thing at one enterprise."""

    level: str
    details: list[str]

    @property
    def detail(self) -> str:
        return "；".join(filter(None, self.details))[:DETAIL_LENGTH]


def raise_flags(visit: Visit, parts: Parts, *, actor: User, at: datetime) -> None:
    """Bring the flags of this visit in line with what is told of its enterprises; call inside a transaction.

    A flag that this visit raised and that was handled stays handled, however often the visit is corrected.
    """
    day = timezone.localdate(visit.started_at)
    there = set(visit.pairs.values_list("enterprise_id", flat=True))
    wanted = {(pk, kind): found for pk in there & parts.keys() for kind, found in found_in(parts[pk], day).items()}
    raised = {(flag.enterprise_id, flag.kind): flag for flag in visit.flags.all()}
    if not wanted and not raised:
        return
    # One visit at a time may raise flags of an enterprise.
    list(Enterprise.objects.select_for_update(no_key=True).filter(pk__in=there).order_by("pk"))
    for key, found in wanted.items():
        _raise(visit, key, found, raised.get(key), actor, at)
    gone = [flag for key, flag in raised.items() if key not in wanted and (key[0] in parts or key[0] not in there)]
    _withdraw(visit, [flag for flag in gone if flag.handled_at is None])


def found_in(part: Part, day: date) -> dict[str, Found]:
    """What is ticked, and what follows from the answers."""
    found = {kind: Found(FLAG_LEVELS[FlagKind(kind)], [part.flag_detail]) for kind in part.flags}
    for question, value in part.answers:
        if question.warns(value, day):
            one = found.setdefault(question.flag, Found(FLAG_LEVELS[FlagKind(question.flag)], []))
            one.details.append(f"{question.asked}：{shown(value)}")
            if isinstance(value, date) and (value - day).days <= URGENT_LEASE_DAYS:
                one.level = FlagLevel.HIGH
    return found


def _raise(
    visit: Visit, key: tuple[int, str], found: Found, mine: WarningFlag | None, actor: User, at: datetime
) -> None:
    if mine is not None and mine.handled_at is not None:
        return
    enterprise, kind = key
    flag = mine or WarningFlag.objects.open().filter(enterprise=enterprise, kind=kind).first()
    if flag is None:
        flag = WarningFlag(enterprise_id=enterprise, kind=kind, raised_at=at, raised_by=actor)
    flag.level, flag.confirmed_at = found.level, max(at, flag.confirmed_at if flag.pk else at)
    if found.detail not in flag.detail:
        flag.detail = found.detail
    flag.save()
    flag.visits.add(visit)


def _withdraw(visit: Visit, flags: list[WarningFlag]) -> None:
    """Unticked in a correction: no longer a finding of this visit, nor one at all when no other visit found it."""
    keys = [flag.pk for flag in flags]
    visit.flags.remove(*flags)
    WarningFlag.objects.filter(pk__in=keys, visits=None).delete()


@transaction.atomic
def handle_flag(flag: WarningFlag, *, actor: User, note: str, at: datetime | None = None) -> WarningFlag:
    """Someone has seen to it, and says how; the second of two presses changes nothing."""
    row = WarningFlag.objects.select_for_update(no_key=True, of=("self",)).get(pk=flag.pk)
    if not note.strip():
        raise StepRefused("请写明怎么处理的，例如已约谈、已协调续租。")
    if row.handled_at is not None:
        if (row.handled_by_id, row.handled_note) == (actor.pk, note.strip()):
            return row
        raise StepRefused(f"这条预警已由 {row.handled_by} 处理：{row.handled_note}")
    row.handled_at, row.handled_by, row.handled_note = at or timezone.now(), actor, note.strip()[:DETAIL_LENGTH]
    row.save()
    return row


@transaction.atomic
def reopen_flag(flag: WarningFlag) -> WarningFlag:
    """Undo of handling; StepRefused when the same was found again in the meantime."""
    row = WarningFlag.objects.select_for_update(no_key=True, of=("self",)).get(pk=flag.pk)
    if row.handled_at is None:
        return row
    # The enterprise is what raising locks, too.
    Enterprise.objects.select_for_update(no_key=True).get(pk=row.enterprise_id)
    if WarningFlag.objects.open().filter(enterprise=row.enterprise_id, kind=row.kind).exists():
        raise StepRefused("这家企业又有一条同类预警未处理，不用再恢复这一条。")
    row.handled_at, row.handled_by, row.handled_note = None, None, ""
    row.save()
    return row
