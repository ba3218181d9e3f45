"""What enterprises answered on a visit, each answer in the column of its type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from visits.actions.pairs import Part, Parts
from visits.models import Answer, Visit, VisitAnswer, VisitEnterprise

COLUMNS = ("text", "number", "day", "is_yes")


def keep_answers(visit: Visit, parts: Parts) -> None:
    """Write the answers told; an empty one takes the old one away, a question not told of keeps its answer."""
    pairs = {pair.enterprise_id: pair for pair in visit.pairs.filter(enterprise__in=parts)}
    there = {(row.pair_id, row.question_id): row for row in VisitAnswer.objects.filter(pair__in=pairs.values())}
    new: list[VisitAnswer] = []
    changed: list[VisitAnswer] = []
    dropped: list[int] = []
    for pk, pair in pairs.items():
        for row, is_empty in _rows(pair, parts[pk], there):
            if is_empty:
                dropped += [row.pk] if row.pk else []
            else:
                (changed if row.pk else new).append(row)
    VisitAnswer.objects.filter(pk__in=dropped).delete()
    VisitAnswer.objects.bulk_update(changed, COLUMNS)
    VisitAnswer.objects.bulk_create(new)


def _rows(pair: VisitEnterprise, part: Part, there: dict[tuple[int, int], VisitAnswer]) -> Any:
    """Each answer's row, set, and whether it says nothing."""
    for question, value in part.answers:
        row = there.get((pair.pk, question.pk)) or VisitAnswer(pair=pair, question=question)
        for name, held in columns_of(value).items():
            setattr(row, name, held)
        yield row, value is None or value == ""


def columns_of(value: Answer) -> dict[str, Any]:
    return {
        "text": value if isinstance(value, str) else "",
        "number": value if isinstance(value, Decimal) else None,
        "day": value if isinstance(value, date) else None,
        "is_yes": value if isinstance(value, bool) else None,
    }
