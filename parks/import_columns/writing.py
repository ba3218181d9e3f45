"""How the register writes its columns into a file, so that the parsers read them back the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.imports.columns import Writer, Written
from parks.choices import Currency
from parks.models import Contact, Enterprise

_TEN_THOUSAND = Decimal(10_000)


@dataclass(slots=True)
class Line:
    """An enterprise with what other tables say of it, as one line of a list."""

    firm: Enterprise
    former_names: list[str]
    tags: list[str]
    qualifications: list[str]
    more_phones: list[str]
    more_emails: list[str]
    contact: Contact | None = None
    tier: str = ""
    steward: str = ""


def field(name: str) -> Writer:
    return lambda line: getattr(line.firm, name)


def label(name: str) -> Writer:
    """The words of a field with choices; looked up once, because Django's own way is slow over many rows."""
    model_field: Any = Enterprise._meta.get_field(name)
    words = {value: str(word) for value, word in model_field.flatchoices}
    return lambda line: words.get(getattr(line.firm, name), "")


def contact(name: str) -> Writer:
    return lambda line: getattr(line.contact, name) if line.contact else None


def industry(line: Line) -> Written:
    return str(line.firm.industry) if line.firm.industry else None


def park(line: Line) -> Written:
    return line.firm.park.name if line.firm.park else None


def joined(name: str) -> Writer:
    return lambda line: "、".join(getattr(line, name))


def of_line(name: str) -> Writer:
    return lambda line: getattr(line, name)


def last_day(line: Line) -> Written:
    """Lists write a term without end as a word, because a far day is no day of anybody's."""
    day = line.firm.term_to
    return day if day is None or day < date(2200, 1, 1) else "长期"


def ten_thousands(name: str) -> Writer:
    def write(line: Line) -> Written:
        amount = getattr(line.firm, name)
        return None if amount is None else (Decimal(amount) / _TEN_THOUSAND).normalize()

    return write


def capital(name: str) -> Writer:
    """万元 as a number; another currency in words, so that no sum of the column mixes currencies."""

    def write(line: Line) -> Written:
        amount = getattr(line.firm, name)
        if amount is None:
            return None
        in_wan = (Decimal(amount) / _TEN_THOUSAND).normalize()
        currency = getattr(line.firm, f"{name}_currency")
        if currency == Currency.CNY:
            return in_wan
        known = currency if currency in Currency.values else Currency.XXX
        return f"{in_wan:f}万{Currency(known).label}"

    return write
