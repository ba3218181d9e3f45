"""Setting a scheme from a day on, and entering or taking back an official result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Organisation, User
from crm.models.audit import AuditAction
from reports.evaluation.choices import Area, ItemKind
from reports.evaluation.scoring import FULL
from reports.formats import weighted
from reports.models import OfficialResult, ScoreItem, ScoreScheme
from visits.actions.appeals import institution_of
from visits.months import month_of


@dataclass(frozen=True, slots=True)
class NewItem:
    """As entered: a target of a rate in percent."""

    kind: str
    metric: str
    points: Decimal
    target: Decimal | None = None
    most: Decimal | None = None


@transaction.atomic
def set_scheme(*, actor: User, name: str, valid_from: date, note: str, items: Sequence[NewItem]) -> ScoreScheme | None:
    """A scheme of the actor's institution from a day on; None when that is so already. Raises ``ValidationError``."""
    check_day(valid_from)
    check_items(items)
    owner = institution_of(actor)
    # One change at a time: a second press waits here, and finds that the first has said it all.
    Organisation.objects.select_for_update(no_key=True).get(pk=owner.pk)
    former = ScoreScheme.objects.filter(organisation=owner).in_force(valid_from).first()
    if former is not None and former.name == name and items_of(former) == list(items):
        return None
    scheme = ScoreScheme.objects.create(
        organisation=owner, name=name, valid_from=valid_from, note=note, created_by=actor
    )
    ScoreItem.objects.bulk_create(
        ScoreItem(scheme=scheme, position=number, **vars_of(item)) for number, item in enumerate(items, start=1)
    )
    record(AuditAction.EVALUATION, f"考评方案：{name}，自 {valid_from:%Y-%m-%d} 起，{len(items)} 项", actor=actor)
    return scheme


def check_day(valid_from: date) -> None:
    first = month_of(timezone.localdate()).start
    if valid_from < first:
        raise ValidationError(
            {"valid_from": f"生效日期不能早于本统计月起始日 {first:%Y-%m-%d}：已过月份的得分不追溯。"}
        )


def check_items(items: Sequence[NewItem]) -> None:
    kinds = [(item.kind, item.metric) for item in items]
    if len(set(kinds)) < len(kinds):
        raise ValidationError("同一指标以同一方式列了两次，请合并成一项。")
    if any(item.kind == ItemKind.WEIGHT and not item.target for item in items):
        raise ValidationError("计分项都要写目标值。")
    weight = sum((item.points for item in items if item.kind == ItemKind.WEIGHT), Decimal(0))
    if weight != FULL:
        raise ValidationError(f"计分项的分值合计应为 {FULL}，现在是 {weighted(weight)}。")


def vars_of(item: NewItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in NewItem.__slots__}


def items_of(scheme: ScoreScheme) -> list[NewItem]:
    return [NewItem(one.kind, one.metric, one.points, one.target, one.most) for one in scheme.items.all()]


@transaction.atomic
def enter_result(
    *,
    actor: User,
    organisation: Organisation,
    month: date,
    area: str,
    rank: int,
    out_of: int | None,
    score: Decimal | None,
    source: str,
) -> tuple[OfficialResult, bool]:
    """The result of a month, new or corrected; False when it was entered so before."""
    values = {"rank": rank, "out_of": out_of, "score": score, "source": source}
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    row = OfficialResult.objects.filter(organisation=organisation, month=month, area=area).first()
    former = "" if row is None else told(row)
    row = row or OfficialResult(organisation=organisation, month=month, area=area, created_by=actor)
    if former and all(getattr(row, name) == value for name, value in values.items()):
        return row, False
    for name, value in values.items():
        setattr(row, name, value)
    row.created_by, row.created_at = actor, timezone.now()
    row._history_user = actor  # type: ignore[attr-defined]  # the history package's hook for the author
    row.full_clean(exclude=["created_by", "organisation"])
    row.save()
    record(AuditAction.EVALUATION, f"官方考评结果：{told(row)}{f'，原为{former}' if former else ''}", actor=actor)
    return row, True


@transaction.atomic
def remove_result(result: OfficialResult, *, actor: User) -> None:
    """Entered by mistake; a second press changes nothing."""
    row = OfficialResult.objects.filter(pk=result.pk).first()
    if row is not None:
        row._history_user = actor  # type: ignore[attr-defined]
        row.delete()
        record(AuditAction.EVALUATION, f"删除官方考评结果：{told(result)}", actor=actor)


def told(row: OfficialResult) -> str:
    score = "" if row.score is None else f"，{weighted(row.score)}分"
    return f"{row.organisation.name} {row.month:%Y-%m} {Area(row.area).label}{row.rank_text}{score}（{row.source}）"
