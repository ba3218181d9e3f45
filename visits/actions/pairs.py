"""The enterprises of a visit: who came, what was said of each, and how each stood on the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parks.models import Enterprise
from visits.models import Answer, Question, Visit, VisitEnterprise
from visits.standing import COPIED, DATED, copy_standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a form tells of one enterprise of the visit."""

    has_attended: bool = True
    attendees: str = ""
    note: str = ""
    # Of the questions asked; None or "" for one without an answer.
    answers: tuple[tuple[Question, Answer], ...] = ()
    # What was ticked, with a word about it; more may follow from the answers.
    flags: tuple[str, ...] = ()
    flag_detail: str = ""


Parts = Mapping[int, Part]


def set_pairs(visit: Visit, enterprises: Iterable[Enterprise], parts: Parts) -> None:
    """Add and remove pairs; those that stay keep what was copied. Without a part nothing is said of an enterprise."""
    chosen = dict.fromkeys(enterprise.pk for enterprise in enterprises)
    # A form cannot offer what is in the bin, so its silence about it means nothing.
    visit.pairs.living().exclude(enterprise__in=chosen).delete()
    there = {pair.enterprise_id: pair for pair in visit.pairs.all()}
    new = [VisitEnterprise(visit=visit, enterprise_id=pk) for pk in chosen if pk not in there]
    copy_standing(new)
    for pair in new:
        _tell(pair, parts)
    VisitEnterprise.objects.bulk_create(new)
    told = [pair for pk, pair in there.items() if pk in chosen and _tell(pair, parts)]
    VisitEnterprise.objects.bulk_update(told, ["has_attended", "attendees", "note"])


def _tell(pair: VisitEnterprise, parts: Parts) -> bool:
    """Whether anything is told of the pair."""
    part = parts.get(pair.enterprise_id)
    if part is not None:
        pair.has_attended, pair.attendees, pair.note = part.has_attended, part.attendees, part.note
    return part is not None


def copy_anew(visit: Visit, *, with_park: bool) -> None:
    """After the day of the visit has changed, or a plan has become a visit."""
    pairs = list(visit.pairs.all())
    for pair in pairs:
        pair.visit = visit
    copy_standing(pairs, with_park=with_park)
    VisitEnterprise.objects.bulk_update(pairs, COPIED if with_park else DATED)
