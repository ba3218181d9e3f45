"""A finished report as canonical JSON and back, exactly: what is hashed, kept for years and printed again.

Equal reports give equal bytes. A record is named by its class, so that unions need no guessing; what a later version
of a class no longer has is passed over, what it has in addition takes its default.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from reports import report
from reports.issuing import wording

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

KIND = "@"
RECORDS: dict[str, type[Any]] = {
    name: found
    for name, found in {**vars(report), **vars(wording)}.items()
    if isinstance(found, type) and is_dataclass(found)
}


class NotFrozen(ValueError):
    """What cannot be kept exactly, or is not what `freeze` wrote."""


def freeze(value: Any) -> bytes:
    """The canonical bytes; NotFrozen for anything that is not a plain value or one of RECORDS."""
    plain = to_json(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def thaw(content: bytes | str) -> Any:
    """The value that `freeze` was given; NotFrozen for what it did not write."""
    try:
        return from_json(json.loads(content))
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as problem:
        raise NotFrozen(f"not a frozen report: {problem}") from problem


def sha256(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def to_json(value: Any) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, tuple):
        return [to_json(one) for one in value]
    if isinstance(value, Decimal | Fraction | date):
        return tagged(value)
    return record_to_json(value)


def tagged(value: Decimal | Fraction | date) -> Json:
    """A moment keeps its offset: it is printed as the clock on the wall showed it."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotFrozen(f"{value} is no amount")
        return {KIND: "decimal", "value": str(value)}
    if isinstance(value, Fraction):
        return {KIND: "fraction", "value": str(value)}
    return {KIND: "datetime" if isinstance(value, datetime) else "date", "value": value.isoformat()}


def record_to_json(value: Any) -> Json:
    name = type(value).__name__
    if RECORDS.get(name) is not type(value):
        raise NotFrozen(f"{name} is no plain value of a report")
    return {KIND: name} | {field.name: to_json(getattr(value, field.name)) for field in fields(value)}


PLAIN: dict[str, Any] = {
    "decimal": Decimal,
    "fraction": Fraction,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def from_json(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(from_json(one) for one in plain)
    if isinstance(plain, float):
        raise NotFrozen("a report holds no inexact number")
    if not isinstance(plain, dict):
        return plain
    name = plain.get(KIND)
    if name in PLAIN:
        return PLAIN[name](plain["value"])
    if name not in RECORDS:
        raise NotFrozen(f"{name} is no record of a report")
    known = {field.name for field in fields(RECORDS[name])}
    return RECORDS[name](**{key: from_json(one) for key, one in plain.items() if key in known})
