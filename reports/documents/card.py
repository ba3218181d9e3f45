"""The print card of one enterprise: what stands on it. How it is drawn is in reports/pdf/card.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from crm.models import User
from crm.scoping import visible
from crm.templatetags.ui import money
from parks.models import Contact, Enterprise, Qualification
from parks.querysets import on_date
from reports.formats import EMPTY
from visits.models import Appeal, Visit

MOST = 5


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    text: str
    is_wide: bool = False
    # Instead of the number of lines that its width gives it.
    most_lines: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    # Who printed it and when: at the foot, and pale across the sheet.
    mark: str


def build_card(enterprise: Enterprise, user: User, now: datetime) -> Card:
    """Only what the reader may see stands on it."""
    today = timezone.localdate(now)
    parts = (
        Section("基本情况", tuple(basics(enterprise))),
        Section("管家与服务包", tuple(service(enterprise, today))),
        Section("有效资质", tuple(awards(enterprise, user, today))),
        Section("联系人", tuple(people(enterprise, user))),
        Section("未办结诉求", tuple(appeals(enterprise, user))),
        Section("近期走访", tuple(visits(enterprise, user))),
    )
    return Card(
        title=enterprise.name,
        subtitle=f"{enterprise.uscc or '缺信用代码'}　{enterprise.get_status_display() or '登记状态未填'}",
        sections=tuple(part for part in parts if part.entries),
        mark=f"{user}（{user.organisation}）{timezone.localtime(now):%Y-%m-%d %H:%M} 打印，仅供内部工作使用",
    )


def basics(one: Enterprise) -> Iterator[Entry]:
    yield Entry("法定代表人", one.legal_representative or EMPTY)
    yield Entry("成立日期", _day(one.established_on))
    yield Entry("注册资本", money(one.registered_capital, one.get_registered_capital_currency_display()))
    yield Entry("实缴资本", money(one.paid_in_capital, one.get_paid_in_capital_currency_display()))
    yield Entry("企业类型", one.enterprise_type or EMPTY)
    yield Entry("行业", str(one.industry or EMPTY))
    yield Entry("园区", " ".join(filter(None, [str(one.park or ""), one.building, one.room])) or EMPTY)
    yield Entry("阶段", f"{one.get_stage_display()}，{_day(one.joined_on)} 入园")
    yield Entry("从业人数", EMPTY if one.employee_count is None else f"{one.employee_count} 人")
    yield Entry("企业规模", f"{one.size.label}，{one.size.reason}")
    yield Entry("电话", one.phone or EMPTY)
    yield Entry("邮箱", one.email or EMPTY)
    yield Entry("注册地址", one.registered_address or EMPTY, is_wide=True)
    yield Entry("经营地址", one.actual_address or EMPTY, is_wide=True)
    if one.business_scope:
        yield Entry("经营范围", one.business_scope, is_wide=True)


def service(enterprise: Enterprise, today: date) -> Iterator[Entry]:
    tier = enterprise.service_tiers.filter(on_date(today)).first()
    if tier:
        yield Entry("服务包", f"{tier.get_tier_display()}，自 {_day(tier.starts_on)}")
    for row in enterprise.stewardships.filter(on_date(today)).select_related("user")[:MOST]:
        yield Entry(row.get_role_display(), f"{row.user}，自 {_day(row.starts_on)}")


def awards(enterprise: Enterprise, user: User, today: date) -> Iterator[Entry]:
    rows: Any = visible(Qualification, user)
    for row in rows.filter(enterprise=enterprise).valid_on(today).select_related("kind")[: MOST * 2]:
        yield Entry(row.kind.short_name, f"至 {_day(row.valid_to) if row.valid_to else '长期'} {row.number}".rstrip())


def people(enterprise: Enterprise, user: User) -> Iterator[Entry]:
    for row in visible(Contact, user).filter(enterprise=enterprise)[:MOST]:
        yield Entry(row.name, " ".join(filter(None, [row.post, row.mobile, row.phone])) or EMPTY)


def appeals(enterprise: Enterprise, user: User) -> Iterator[Entry]:
    rows = Appeal.objects.visible_to(user).filter(enterprise=enterprise).open().by_due()
    for row in rows[:MOST]:
        due = f"（{timezone.localtime(row.due_at):%Y-%m-%d} 到期）" if row.due_at else ""
        yield Entry(row.get_status_display(), f"{row.number}{due} {row.content}", is_wide=True)


def visits(enterprise: Enterprise, user: User) -> Iterator[Entry]:
    rows = Visit.objects.visible_to(user).to_enterprise(enterprise.pk).done().order_by("-started_at", "-pk")
    for row in rows[:MOST]:
        day = f"{timezone.localtime(row.started_at):%Y-%m-%d}"
        yield Entry(day, f"{row.get_kind_display()} {row.topic}", is_wide=True)


def _day(value: date | None) -> str:
    return f"{value:%Y-%m-%d}" if value else EMPTY
