"""走访记录: what stands on the one page of a visit. How it is drawn is in reports/pdf/record.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from crm.models import User
from reports.documents.card import Card, Entry, Section
from reports.formats import EMPTY
from visits.choices import VisitStatus
from visits.models import Appeal, Photo, Suggestion, Visit, VisitAnswer, VisitEnterprise, WarningFlag

MOST = 8
MOST_PHOTOS = 4
SUMMARY_LINES = 14


@dataclass(frozen=True, slots=True)
class Record:
    """The facts as on a card, the photos, and who signs."""

    card: Card
    photos: tuple[Photo, ...]
    signers: tuple[str, ...] = ("走访人签字", "企业代表签字", "日期")


def build_record(visit: Visit, user: User, now: datetime) -> Record:
    """Only what the reader may see stands on it."""
    pairs = list(VisitEnterprise.objects.visible_to(user).filter(visit=visit).select_related("enterprise", "steward"))
    parts = (
        Section("走访情况", tuple(facts(visit))),
        Section(f"企业（到场 {sum(pair.has_attended for pair in pairs)} 家）", tuple(firms(pairs))),
        Section("谈了什么", (Entry("", visit.summary or EMPTY, is_wide=True, most_lines=SUMMARY_LINES),)),
        Section("提出的诉求", tuple(appeals(visit, user))),
        Section("提出的建议", tuple(suggestions(visit, user))),
        Section("预警", tuple(flags(visit, user))),
        Section("问卷", tuple(answers(pairs, user))),
    )
    card = Card(
        title="走访记录",
        subtitle=f"{visit.organisation}　{visit.topic}",
        sections=tuple(part for part in parts if part.entries),
        mark=f"{user}（{user.organisation}）{timezone.localtime(now):%Y-%m-%d %H:%M} 打印，仅供内部工作使用",
    )
    return Record(card, tuple(Photo.objects.visible_to(user).filter(visit=visit)[:MOST_PHOTOS]))


def facts(visit: Visit) -> Iterator[Entry]:
    ended = f"至 {timezone.localtime(visit.ended_at):%H:%M}" if visit.ended_at else ""
    yield Entry("时间", f"{timezone.localtime(visit.started_at):%Y-%m-%d %H:%M} {ended}".strip())
    state = "" if visit.status == VisitStatus.DONE else f"（{visit.get_status_display()}）"
    yield Entry("形式", f"{visit.get_kind_display()}{state}")
    yield Entry("走访人员", "、".join(str(person) for person in visit.staff.all()) or EMPTY)
    yield Entry("记录人", f"{visit.created_by}，{timezone.localtime(visit.created_at):%Y-%m-%d}")
    yield Entry("地点", visit.place or EMPTY)
    yield Entry("下次走访", f"{visit.next_visit_on:%Y-%m-%d}" if visit.next_visit_on else EMPTY)
    if visit.cancel_reason:
        yield Entry("取消原因", visit.cancel_reason, is_wide=True)


def firms(pairs: Sequence[VisitEnterprise]) -> Iterator[Entry]:
    for pair in pairs:
        standing = [
            f"{pair.get_tier_display()}服务包" if pair.tier else "",
            f"管家 {pair.steward}" if pair.steward else "",
        ]
        known = "，".join(filter(None, standing))
        came = f"参加人：{pair.attendees}" if pair.attendees else ""
        told = "　".join(filter(None, [f"{pair.enterprise.name}{f'（{known}）' if known else ''}", came, pair.note]))
        yield Entry("到场" if pair.has_attended else "缺席", told, is_wide=True)


def answers(pairs: Sequence[VisitEnterprise], user: User) -> Iterator[Entry]:
    """One line an enterprise; with several, each begins with its name."""
    rows = VisitAnswer.objects.visible_to(user).filter(pair__in=[pair.pk for pair in pairs]).select_related("question")
    for pair in pairs:
        said = "；".join(str(row) for row in rows if row.pair_id == pair.pk)
        if said:
            yield Entry("", f"{pair.enterprise.name}：{said}" if len(pairs) > 1 else said, is_wide=True, most_lines=6)


def flags(visit: Visit, user: User) -> Iterator[Entry]:
    rows = WarningFlag.objects.visible_to(user).filter(visits=visit).select_related("enterprise").by_level()
    for row in rows[:MOST]:
        handled = f"（已处理：{row.handled_note}）" if row.handled_at else ""
        text = f"{row.get_level_display()}　{row.enterprise.name}　{row.detail}{handled}"
        yield Entry(row.get_kind_display(), text, is_wide=True)


def appeals(visit: Visit, user: User) -> Iterator[Entry]:
    for row in Appeal.objects.visible_to(user).filter(visit=visit).select_related("enterprise")[:MOST]:
        due = f"，{timezone.localtime(row.due_at):%Y-%m-%d} 到期" if row.due_at else ""
        text = f"{row.number}{due}　{row.enterprise.name}：{row.content}"
        yield Entry(row.get_status_display(), text, is_wide=True)


def suggestions(visit: Visit, user: User) -> Iterator[Entry]:
    for row in Suggestion.objects.visible_to(user).filter(visit=visit).select_related("enterprise")[:MOST]:
        reply = f"（答复：{row.reply}）" if row.reply else ""
        text = f"{f'{row.enterprise.name}：' if row.enterprise else ''}{row.content}{reply}"
        yield Entry(row.get_status_display(), text, is_wide=True)
