"""Two records side by side: the choices a merge offers, and which of them are made unless someone says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.templatetags.ui import wan
from parks.models import Enterprise
from parks.relations import moving_relations


@dataclass(frozen=True, slots=True)
class Choice:
    """Fields that are one fact and are taken together; the first one names the choice."""

    names: tuple[str, ...]
    label: str = ""

    @property
    def key(self) -> str:
        return self.names[0]

    @property
    def title(self) -> str:
        return self.label or str(Enterprise._meta.get_field(self.key).verbose_name)  # type: ignore[union-attr]


def _alone(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice((name,)) for name in names)


CHOICES: tuple[Choice, ...] = (
    Choice(("name",)),
    Choice(("uscc", "uscc_note")),
    *_alone("legal_representative"),
    Choice(("registered_capital", "registered_capital_currency", "registered_capital_raw")),
    Choice(("paid_in_capital", "paid_in_capital_currency", "paid_in_capital_raw")),
    *_alone("established_on", "approved_on"),
    Choice(("term_from", "term_to"), "营业期限"),
    *_alone("status", "enterprise_type", "industry", "park"),
    Choice(("joined_on", "stage", "left_on"), "入园与离开"),
    Choice(("building", "room"), "楼宇房间"),
    *_alone("registered_address", "actual_address", "phone", "email", "website", "reg_no", "english_name"),
    Choice(("insured_count", "insured_year"), "参保人数"),
    Choice(("annual_revenue", "total_assets", "figures_year"), "经营数据"),
    *_alone("employee_count", "registrar", "business_scope", "remark"),
)
CHOICE_BY_KEY = {choice.key: choice for choice in CHOICES}
# Fields that nobody chooses: keys, who and when, and what follows from other fields.
NOT_CHOSEN = frozenset(
    [
        "id",
        "organisation",
        "normalised_name",
        "created_by",
        "created_at",
        "updated_at",
        "version",
        "deleted_at",
        "deleted_by",
        "merged_into",
        "search_text",
        "name_key",
    ]
)


@dataclass(frozen=True, slots=True)
class Line:
    """One choice with both values as people read them."""

    choice: Choice
    ours: str
    theirs: str
    takes_theirs: bool

    @property
    def differs(self) -> bool:
        return self.ours != self.theirs


@dataclass(frozen=True, slots=True)
class Moving:
    label: str
    moves: int
    stays: int


def compare(survivor: Enterprise, source: Enterprise) -> list[Line]:
    """Line by line; the source's value is proposed where the survivor has none."""
    lines = []
    for choice in CHOICES:
        ours, theirs = shown(survivor, choice), shown(source, choice)
        lines.append(Line(choice, ours, theirs, not ours and bool(theirs)))
    return lines


def shown(enterprise: Enterprise, choice: Choice) -> str:
    if choice.key in ("registered_capital", "paid_in_capital"):
        return _money(enterprise, choice.key)
    parts = (_value(enterprise, name) for name in choice.names if name != "uscc_note")
    return " · ".join(part for part in parts if part)


def _value(enterprise: Any, name: str) -> str:
    display = getattr(enterprise, f"get_{name}_display", None)
    value = display() if display else getattr(enterprise, name)
    if isinstance(value, Decimal):
        return f"{wan(value)} 万元"
    return "" if value is None else str(value)


def _money(enterprise: Any, name: str) -> str:
    amount = getattr(enterprise, name)
    if amount is None:
        return ""
    currency = getattr(enterprise, f"get_{name}_currency_display")()
    number = f"{amount / 10_000:,.6f}".rstrip("0").rstrip(".")
    return f"{number} 万{'元' if currency == '人民币' else currency}"


def what_moves(survivor: Enterprise, source: Enterprise) -> list[Moving]:
    """How many rows of each kind go over, and how many the survivor has already; two queries a kind."""
    found = []
    for relation in moving_relations():
        total = relation.of(source.pk).count()
        moves = relation.to_move(source.pk, survivor.pk).count() if total else 0
        if total:
            found.append(Moving(relation.label, moves, total - moves))
    return found
