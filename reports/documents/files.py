"""企业档案 and 诉求办理单: one record on several pages, as a report without figures, so that every format prints it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone

from crm.models import User
from reports.formats import EMPTY, chinese_date, short_date
from reports.report import Column, Part, Prose, Report, Row, Table

FACTS = (Column("name", "项目"), Column("text", "内容"))


def file_of(key: str, title: str, about: str, user: User, now: datetime, parts: Iterable[Part | None]) -> Report:
    """`about` stands beside the day in the subtitle; parts with nothing to say are left out."""
    today = timezone.localdate(now)
    return Report(
        kind=key,
        title=title,
        period_key=f"{today}",
        period_label=f"截至{chinese_date(today)}",
        compared_label="",
        organisation=user.organisation.name if user.organisation else "",
        issued_by=str(user),
        issued_on=today,
        as_of=now,
        as_of_label=f"截至{chinese_date(today)}{timezone.localtime(now):%H:%M}",
        figures=(),
        parts=tuple(part for part in parts if part is not None),
        narrowed_to=(about,) if about else (),
    )


def facts(key: str, title: str, pairs: Iterable[tuple[str, str]]) -> Part:
    """What is not known is shown as —, so that a reader sees that it is missing."""
    rows = tuple(Row((label, text or EMPTY)) for label, text in pairs)
    return Part(key, title, (Table(key, title, FACTS, rows, None, empty="没有资料。"),))


def listing(key: str, title: str, labels: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> Part:
    columns = tuple(Column(f"c{number}", label) for number, label in enumerate(labels))
    lines = tuple(Row(tuple(text or EMPTY for text in row)) for row in rows)
    return Part(key, title, (Table(key, title, columns, lines, None, empty),))


def prose(key: str, title: str, text: str) -> Part | None:
    paragraphs = tuple(line.strip() for line in text.splitlines() if line.strip())
    return Part(key, title, (Prose(paragraphs),)) if paragraphs else None


def moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def span(first: date | None, last: date | None) -> str:
    return f"{short_date(first)} 至 {short_date(last) if last else '今'}"
