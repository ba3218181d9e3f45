"""企业档案: everything that the reader may see of one enterprise. How it is printed is up to the formats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, Sum
from django.utils import timezone

from crm.models import User
from crm.scoping import visible
from crm.templatetags.ui import money, wan
from parks.choices import IndicatorKind, Reach
from parks.models import Contact, Enterprise, Indicator, Qualification, ServiceTier, Stewardship
from reports.documents import card
from reports.documents.files import facts, file_of, listing, moment, prose, span
from reports.figures.sensitive import PERMISSION
from reports.formats import short_date
from reports.report import Part, Report
from visits.models import Appeal, CallBack, Suggestion, VisitEnterprise, WarningFlag


def build_dossier(enterprise: Enterprise, user: User, now: datetime) -> Report:
    parts = (
        basics(enterprise),
        prose("scope", "经营范围", enterprise.business_scope),
        service(enterprise, user),
        qualifications(enterprise, user, now),
        economy(enterprise, user),
        contacts(enterprise, user),
        visits(enterprise, user),
        appeals(enterprise, user),
        suggestions(enterprise, user),
        flags(enterprise, user),
        prose("remark", "备注", enterprise.remark),
    )
    return file_of("dossier", "企业档案", enterprise.name, user, now, parts)


def basics(one: Enterprise) -> Part:
    former = "、".join(one.former_names.values_list("name", flat=True))
    tags = "、".join(one.tags.values_list("name", flat=True))
    pairs = (
        ("企业名称", one.name),
        ("统一社会信用代码", one.uscc),
        ("登记状态", one.get_status_display()),
        ("曾用名", former),
        *((entry.label, entry.text) for entry in card.basics(one) if entry.label not in ("经营范围",)),
        ("迁出或注销", short_date(one.left_on) if one.left_on else ""),
        ("参保人数", people(one.insured_count, one.insured_year)),
        ("营业收入", yearly(one.annual_revenue, one.figures_year)),
        ("资产总额", yearly(one.total_assets, one.figures_year)),
        ("网址", one.website),
        ("标签", tags),
    )
    return facts("basics", "基本情况", pairs)


def people(number: int | None, year: int | None) -> str:
    return "" if number is None else f"{number} 人{f'（{year}年）' if year else ''}"


def yearly(amount: Any, year: int | None) -> str:
    return "" if amount is None else f"{money(amount, '人民币')}{f'（{year}年）' if year else ''}"


def service(one: Enterprise, user: User) -> Part | None:
    """All that ever held, the latest first: a file is history."""
    rows = [
        ("服务包", tier.get_tier_display(), span(tier.starts_on, tier.ends_on))
        for tier in visible(ServiceTier, user).filter(enterprise=one).order_by("-starts_on", "-pk")
    ]
    held = visible(Stewardship, user).filter(enterprise=one).select_related("user").order_by("-starts_on", "-pk")
    rows += [(role_of(row), str(row.user), span(row.starts_on, row.ends_on)) for row in held]
    labels = ("类别", "级别或管家", "期间")
    part = listing("service", "服务包与管家", labels, rows, "没有服务包和管家记录。")
    return part if may(user, "servicetier") else None


def role_of(held: Stewardship) -> str:
    return f"{held.get_role_display()}{'（主）' if held.is_primary else ''}"


def qualifications(one: Enterprise, user: User, now: datetime) -> Part | None:
    today = timezone.localdate(now)
    held = visible(Qualification, user).filter(enterprise=one).select_related("kind").order_by("-valid_from", "-pk")
    rows = [(row.kind.short_name, row.number, span(row.valid_from, row.valid_to), state_of(row, today)) for row in held]
    labels = ("资质", "证书编号", "有效期", "状态")
    part = listing("qualifications", "资质", labels, rows, "没有登记资质。")
    return part if may(user, "qualification") else None


def state_of(row: Qualification, today: date) -> str:
    return "有效" if row.is_valid_on(today) else "未生效" if row.valid_from > today else "已失效"


def economy(one: Enterprise, user: User) -> Part | None:
    """What the months of each year come to, the latest first; for those who may see amounts of a single firm."""
    if not user.has_perm(PERMISSION):
        return None
    months = Indicator.objects.visible_to(user).filter(enterprise=one, reach=Reach.MONTH).order_by()
    found = months.values("year", "indicator").annotate(
        first=Min("first_month"), last=Max("month"), amount=Sum("value")
    )
    kinds = IndicatorKind.values
    rows = [
        (f"{row['year']}年", str(IndicatorKind(row["indicator"]).label), months_of(row), f"{wan(row['amount'])} 万元")
        for row in sorted(found, key=lambda row: (-row["year"], kinds.index(row["indicator"])))
    ]
    return listing("economy", "经济指标", ("年度", "指标", "月份", "合计"), rows, "") if rows else None


def months_of(row: Mapping[str, Any]) -> str:
    return f"{row['first']}—{row['last']}月" if row["first"] < row["last"] else f"{row['last']}月"


def contacts(one: Enterprise, user: User) -> Part | None:
    rows = [(c.name, c.post, c.mobile or c.phone, c.email) for c in visible(Contact, user).filter(enterprise=one)]
    part = listing("contacts", "联系人", ("姓名", "职务", "电话", "邮箱"), rows, "没有登记联系人。")
    return part if may(user, "contact") else None


def visits(one: Enterprise, user: User) -> Part | None:
    pairs = VisitEnterprise.objects.visible_to(user).filter(enterprise=one, has_attended=True, visit__status="done")
    rows = [visit_row(pair) for pair in pairs.select_related("visit").order_by("-visit__started_at", "-pk")]
    part = listing("visits", "走访记录", ("日期", "形式", "主题", "情况"), rows, "没有走访记录。")
    return part if user.has_perm("visits.view_visit") else None


def visit_row(pair: VisitEnterprise) -> tuple[str, ...]:
    visit = pair.visit
    return short_date(visit.started_at), visit.get_kind_display(), visit.topic, pair.note or visit.summary


def appeals(one: Enterprise, user: User) -> Part | None:
    if not user.has_perm("visits.view_appeal"):
        return None
    mine = Appeal.objects.visible_to(user).filter(enterprise=one).select_related("lead_unit")
    found = list(mine.order_by("-created_at", "-pk"))
    answers = {row.appeal_id: row for row in CallBack.objects.visible_to(user).filter(appeal__in=found).latest_valid()}
    rows = [appeal_row(row, answers.get(row.pk)) for row in found]
    labels = ("编号", "受理", "诉求内容", "承办单位", "状态", "企业评价")
    return listing("appeals", "诉求记录", labels, rows, "没有诉求记录。")


def appeal_row(one: Appeal, answer: CallBack | None) -> tuple[str, ...]:
    said = f"{answer.get_solved_display()}，{answer.get_satisfaction_display()}" if answer else ""
    unit = one.lead_unit.name if one.lead_unit else ""
    day = short_date(one.accepted_at)
    return one.number, day, one.content, unit, one.get_status_display(), said


def suggestions(one: Enterprise, user: User) -> Part | None:
    found = visible(Suggestion, user).filter(enterprise=one).order_by("-created_at", "-pk")
    rows = [(short_date(row.created_at), row.content, row.get_status_display(), row.reply) for row in found]
    return listing("suggestions", "建议", ("日期", "内容", "状态", "答复"), rows, "") if rows else None


def flags(one: Enterprise, user: User) -> Part | None:
    found = visible(WarningFlag, user).filter(enterprise=one).order_by("-confirmed_at", "-pk")
    rows = [
        (moment(row.confirmed_at)[:10], row.get_kind_display(), row.get_level_display(), row.detail, row.handled_note)
        for row in found
    ]
    return listing("flags", "预警", ("日期", "预警", "级别", "说明", "处理"), rows, "") if rows else None


def may(user: User, model: str) -> bool:
    return user.has_perm(f"parks.view_{model}")
