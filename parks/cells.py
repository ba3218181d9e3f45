"""What the list writes into each column of a row in one go; a template asked per cell is slower."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from crm.templatetags.ui import DASH, ago, dash, money, wan

# Enterprise of the list's query set: with shown_tags, valid_qualifications and primary_stewards.
Row = Any
NOTHING = format_html('<span class="muted">{}</span>', DASH)
NO_CODE = mark_safe('<span class="tag tag-warn">缺代码</span>')


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the table and, on a phone, the card show it."""

    pk: int
    name: str
    address: str
    tags: SafeString
    cells: SafeString
    code: str
    facts: str
    badges: SafeString


def lines(rows: Iterable[Row], columns: Iterable[str], query: str) -> list[Line]:
    """`columns` in their order; `query` is the list's, in whose order the page of an enterprise leads on."""
    shown = [CELLS[key] for key in CELLS if key in set(columns)]
    return [_line(row, shown, query) for row in rows]


def _line(row: Row, shown: list[Callable[[Row], SafeString]], query: str) -> Line:
    capital = money(row.registered_capital, row.get_registered_capital_currency_display())
    return Line(
        pk=row.pk,
        name=row.name,
        address=f"{row.get_absolute_url()}?list={query}",
        tags=format_html_join("", ' <span class="tag">{}</span>', ((tag.name,) for tag in row.shown_tags)),
        cells=mark_safe("".join(cell(row) for cell in shown)),  # noqa: S308 (each cell is escaped)
        code=row.uscc or "缺信用代码",
        facts=" · ".join([capital, row.get_stage_display(), *_stewards(row)]),
        badges=_badges(row),
    )


def _stewards(row: Row) -> list[str]:
    return [stewardship.user.name for stewardship in row.primary_stewards]


def _badges(row: Row) -> SafeString:
    return format_html_join(
        "", '<span class="tag tag-good">{}</span> ', ((award.kind.short_name,) for award in row.valid_qualifications)
    )


def _cell(value: Any) -> SafeString:
    return format_html("<td>{}</td>", value)


def _capital(row: Row) -> SafeString:
    unit: str | SafeString = ""
    if row.registered_capital_currency != "CNY" and row.registered_capital is not None:
        unit = format_html(' <span class="muted">万{}</span>', row.get_registered_capital_currency_display())
    return format_html('<td class="num">{}{}</td>', wan(row.registered_capital), unit)


def _day(day: Any) -> str:
    return day.isoformat() if day else DASH


# In the order of parks.lists.COLUMNS, whose keys they have.
CELLS: dict[str, Callable[[Row], SafeString]] = {
    "uscc": lambda row: _cell(row.uscc or NO_CODE),
    "capital": _capital,
    "qualifications": lambda row: _cell(_badges(row) or NOTHING),
    "industry": lambda row: _cell(row.industry.name if row.industry else DASH),
    "steward": lambda row: _cell("、".join(_stewards(row)) or NOTHING),
    "stage": lambda row: _cell(row.get_stage_display()),
    "joined": lambda row: _cell(_day(row.joined_on)),
    "legal": lambda row: _cell(dash(row.legal_representative)),
    "established": lambda row: _cell(_day(row.established_on)),
    "phone": lambda row: _cell(dash(row.phone)),
    "park": lambda row: _cell(f"{row.park.name if row.park else DASH} {row.building} {row.room}"),
    "updated": lambda row: _cell(ago(row.updated_at)),
}
