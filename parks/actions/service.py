"""Who looks after an enterprise and on which “服务包” list it stands: a change closes one range, opens the next."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.models import User
from crm.models.organisation import PATH_STEP
from parks.choices import Tier
from parks.models import Enterprise, ServiceTier, Stewardship

_Range = TypeVar("_Range", Stewardship, ServiceTier)

STEWARD_ROLES = ("leader", "manager", "steward", "desk")


def possible_stewards(enterprise: Enterprise, actor: User) -> QuerySet[User]:
    """Staff in service whom the actor may see and who may see the enterprise."""
    path, step = enterprise.organisation.path, PATH_STEP + 1
    at_or_above = [path[:end] for end in range(step, len(path) + 1, step)]
    staff: QuerySet[User] = User.objects.visible_to(actor).filter(is_active=True, role__in=STEWARD_ROLES)
    return staff.filter(organisation__institution_path__in=at_or_above)


@transaction.atomic
def assign_steward(
    enterprise: Enterprise, *, actor: User, user: User, role: str, is_primary: bool, starts_on: date
) -> Stewardship:
    """Put a person in charge from a day; that day ends the former primary and the person's earlier part."""
    row = _locked(enterprise, starts_on)
    if not possible_stewards(row, actor).filter(pk=user.pk).exists():
        raise ValidationError(f"{user} 不能担任这家企业的管家：须是本机构在用、看得到这家企业的账号。")
    if (same := _same(row, user, role, is_primary)) and same.starts_on <= starts_on:
        raise ValidationError(f"{user} 自 {same.starts_on} 起已是{_title(same)}，不用再分配。")
    rivals = Q(user=user) | Q(is_primary=True) if is_primary else Q(user=user)
    _make_room(row.stewardships.filter(rivals), starts_on, actor)
    new = Stewardship(enterprise=row, user=user, role=role, is_primary=is_primary, starts_on=starts_on)
    return _saved(new, actor)


@transaction.atomic
def end_stewardship(stewardship: Stewardship, *, actor: User, ends_on: date) -> Stewardship | None:
    """Let a person no longer be in charge from a day; None when that leaves not a single day of it."""
    _locked(stewardship.enterprise, ends_on)
    row = Stewardship.objects.get(pk=stewardship.pk)
    if row.ends_on is not None and row.ends_on <= ends_on:
        raise ValidationError(f"{row.user} 自 {row.ends_on} 起已不担任{_title(row)}。")
    if ends_on < row.starts_on:
        raise ValidationError(f"{row.user} 自 {row.starts_on} 起才担任{_title(row)}，结束日期不能更早。")
    return _close(row, ends_on, actor)


@transaction.atomic
def move_to_tier(enterprise: Enterprise, *, actor: User, tier: str, starts_on: date) -> ServiceTier | None:
    """Move to another list from a day; an empty tier takes the enterprise off every list."""
    row = _locked(enterprise, starts_on)
    current = row.service_tiers.filter(ends_on__isnull=True).first()
    if current and current.tier == tier and current.starts_on <= starts_on:
        raise ValidationError(f"这家企业自 {current.starts_on} 起已在{current.get_tier_display()}名单，不用再调整。")
    if current is None and not tier:
        raise ValidationError("这家企业现在不在任何服务包名单中，不用移出。")
    _make_room(row.service_tiers.all(), starts_on, actor)
    return _saved(ServiceTier(enterprise=row, tier=Tier(tier), starts_on=starts_on), actor) if tier else None


def _locked(enterprise: Enterprise, day: date) -> Enterprise:
    """One change of an enterprise's service at a time."""
    row: Enterprise = (
        Enterprise.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=enterprise.pk)
    )
    if row.deleted_at is not None:
        raise ValidationError("这家企业已移入回收站，恢复后才能修改。")
    if day > timezone.localdate():
        raise ValidationError("日期不能晚于今天：到那一天再来登记，统计才不会提前。")
    return row


def _same(enterprise: Enterprise, user: User, role: str, is_primary: bool) -> Stewardship | None:
    rows = enterprise.stewardships.filter(user=user, role=role, is_primary=is_primary, ends_on__isnull=True)
    return rows.first()


def _make_room(rows: QuerySet[Any], day: date, actor: User) -> None:
    """End every range that reaches beyond the day; one that begins later is not overwritten unseen."""
    for row in rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day)):
        if row.starts_on > day:
            raise ValidationError(f"已登记：{_named(row)}自 {row.starts_on} 起。新的日期不能早于这一天。")
        _close(row, day, actor)


def _close(row: _Range, day: date, actor: User) -> _Range | None:
    """End it before the day. What began on that very day was in force on none: it goes, as a slip."""
    if row.starts_on == day:
        _authored(row, actor).delete()
        return None
    row.ends_on = day
    return _saved(row, actor)


def _saved(row: _Range, actor: User) -> _Range:
    _authored(row, actor).save()
    return row


def _authored(row: Any, actor: User) -> Any:
    row._history_user = actor  # the history package's hook for the author
    return row


def _title(row: Stewardship) -> str:
    return f"{row.get_role_display()}（主管家）" if row.is_primary else row.get_role_display()


def _named(row: Stewardship | ServiceTier) -> str:
    if isinstance(row, ServiceTier):
        return f"{row.get_tier_display()}名单"
    return f"{row.user} 任{_title(row)}"
