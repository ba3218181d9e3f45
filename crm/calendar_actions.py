"""Changes of the working calendar: a year's holidays as lines of text, the hours of the week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import takewhile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.module_loading import import_string

from crm.audit import record
from crm.calendar import forget
from crm.imports.cells import Cell, text_of
from crm.imports.errors import ImportFileError
from crm.imports.sheets import Sheet
from crm.models import CalendarDay, CalendarEdit, User, WeekdayHours
from crm.models.audit import AuditAction
from crm.models.calendar import WEEKDAYS, DayKind, check_hours
from crm.worktime import parse_hours

_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_KIND = r"休|班|\d{1,2}[:：].*?\d{2}"
_LINE = re.compile(rf"({_DATE})(?:\s*(?:~|至|到)\s*({_DATE}))?[\s,，]+({_KIND})(?:[\s,，]+(\D.*))?")
_ONE_DAY = timedelta(days=1)


def year_as_text(year: int, days: Iterable[CalendarDay] | None = None) -> str:
    """One line a date, neighbours of one kind and name together: ``2026-02-16~2026-02-20 休 春节``."""
    rows = CalendarDay.objects.filter(date__year=year) if days is None else days
    runs: list[tuple[CalendarDay, date]] = []
    for row in rows:
        first, last = runs[-1] if runs else (None, None)
        if first and last == row.date - _ONE_DAY and _says(first) == _says(row):
            runs[-1] = (first, row.date)
        else:
            runs.append((row, row.date))
    return "\n".join(_line(first, last) for first, last in runs)


def _says(row: CalendarDay) -> tuple[str, str, str]:
    return row.kind, row.hours, row.name


def _line(row: CalendarDay, last: date) -> str:
    dates = f"{row.date:%Y-%m-%d}" if last == row.date else f"{row.date:%Y-%m-%d}~{last:%Y-%m-%d}"
    return f"{dates} {row.hours or row.get_kind_display()} {row.name}".rstrip()


def parse_year(year: int, text: str) -> list[CalendarDay]:
    """The days that the lines name. Raises ``ValidationError`` that names every line that cannot be read."""
    days: dict[date, CalendarDay] = {}
    errors = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            for day in _parse_line(line.strip(), year):
                if day.date in days:
                    raise ValueError(f"{day.date:%Y-%m-%d} 写了两次")
                days[day.date] = day
        except ValueError as error:
            errors.append(f"第 {number} 行：{error}")
    if errors:
        raise ValidationError(errors)
    return [days[day] for day in sorted(days)]


def table_as_text(sheets: Iterable[Sheet]) -> str:
    """Lines as ``parse_year`` reads and checks them. Raises ``ImportFileError`` when no row begins with a date."""
    lines = [line for sheet in sheets for row in sheet.rows if (line := _line_of_row(row))]
    if not lines:
        raise ImportFileError("表格里没有一行以日期开头，请在第一列写日期，例如 2027-01-01。")
    return "\n".join(lines)


def _line_of_row(row: Iterable[Cell]) -> str:
    """Empty for a row that does not begin with a date, such as the header."""
    cells = [text for cell in row if (text := text_of(cell))]
    dates = list(takewhile(re.compile(_DATE).fullmatch, cells[:2]))
    if not dates and not (cells and _LINE_DATES.match(cells[0])):
        return ""
    rest = cells[len(dates) or 1 :]
    kinds = [_KIND_WORDS.get(text, text) for text in rest]
    named = [text for text in kinds if not re.fullmatch(_KIND, text)]
    said = [text for text in kinds if re.fullmatch(_KIND, text)]
    return " ".join(["~".join(dates) or cells[0], *said, *named])


_KIND_WORDS = dict.fromkeys(("放假", "休息", "假", "法定节假日"), "休") | dict.fromkeys(
    ("上班", "补班", "调休上班"), "班"
)
_LINE_DATES = re.compile(rf"{_DATE}\s*(?:~|至|到)\s*{_DATE}")


def _parse_line(line: str, year: int) -> list[CalendarDay]:
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError("看不懂，请写成“2027-01-01 休 元旦”或“2027-02-06~2027-02-12 休 春节”")
    first = _date(found[1])
    last = _date(found[2]) if found[2] else first
    if last < first or {first.year, last.year} != {year}:
        raise ValueError(f"日期要在 {year} 年内，先写早的一天")
    kind = {"休": DayKind.OFF, "班": DayKind.WORK}.get(found[3], DayKind.OWN)
    hours = "" if kind != DayKind.OWN else found[3].replace("：", ":")
    parse_hours(hours)
    name = (found[4] or "").strip()
    if len(name) > 40:
        raise ValueError("说明不要超过 40 个字")
    span = range((last - first).days + 1)
    return [CalendarDay(date=first + _ONE_DAY * n, kind=kind, hours=hours, name=name) for n in span]


def _date(text: str) -> date:
    year, month, day = map(int, re.findall(r"\d+", text))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"没有“{text}”这一天") from None


@transaction.atomic
def save_year(year: int, days: list[CalendarDay], *, actor: User) -> int:
    """Replace what the year has; returns how many dates differ now from before."""
    before = {row.date: _says(row) for row in CalendarDay.objects.select_for_update().filter(date__year=year)}
    after = {row.date: _says(row) for row in days}
    changed = sorted(day for day in {*before, *after} if before.get(day) != after.get(day))
    if changed:
        CalendarDay.objects.filter(date__in=changed).delete()
        CalendarDay.objects.bulk_create(row for row in days if row.date in set(changed))
        listed = "、".join(f"{day:%m-%d}" for day in changed)
        _note(f"{year} 年放假与调休：{len(changed)} 天有变（{listed}）", actor)
    return len(changed)


@transaction.atomic
def save_week(hours: Mapping[int, str], *, actor: User) -> int:
    """Set the hours of all weekdays; returns how many differ. Raises ``ValidationError`` for a week without work."""
    for text in hours.values():
        check_hours(text)
    if not any(text.strip() for text in hours.values()):
        raise ValidationError("一周至少要有一天上班")
    rows = list(WeekdayHours.objects.select_for_update())
    changed = [row for row in rows if row.hours != hours.get(row.weekday, row.hours).strip()]
    for row in changed:
        row.hours = hours[row.weekday].strip()
        row.save(update_fields=["hours"])
    if changed:
        _note("每周工作时间：" + "；".join(f"{WEEKDAYS[row.weekday]} {row.hours or '休息'}" for row in changed), actor)
    return len(changed)


def _note(summary: str, actor: User) -> None:
    edit = CalendarEdit.objects.create(actor=actor, summary=summary[:300])
    record(AuditAction.RULES, summary, actor=actor)
    transaction.on_commit(forget)
    for path in settings.CALENDAR_FOLLOWERS:
        transaction.on_commit(partial(import_string(path).enqueue, edit.pk))
