"""What an app declares so that the engine can import its rows: columns, parsers, match keys.

The engine knows resources only by their dotted path in ``settings.IMPORT_RESOURCES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django.conf import settings
from django.db import models
from django.forms import Form
from django.utils.module_loading import import_string

from crm.imports.cells import Cell

if TYPE_CHECKING:
    from crm.models import Organisation, User


@dataclass(slots=True)
class Reading:
    """What a parser is told about its cell, and where it leaves remarks that are not errors."""

    unit: str = ""
    lookups: Mapping[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def warn(self, message: str) -> None:
        """Tell the reader; the row goes in all the same."""
        if message:
            self.warnings.append(message)

    def doubt(self, message: str) -> None:
        """Tell the reader; the row goes in only once a person has confirmed."""
        if message:
            self.doubts.append(message)


# Values by field name; keys that start with "_" are for the resource alone and are not written.
Values: TypeAlias = dict[str, Any]
Parser: TypeAlias = Callable[[Cell, Reading], Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One thing a list may say about a row, and the headers under which lists say it."""

    key: str
    label: str
    parse: Parser
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    # True for a text that can only belong here; four in five such cells outvote the header.
    recognises: Callable[[str], bool] | None = None
    # The unit of a column whose header names none, from all its texts.
    infer_unit: Callable[[Iterable[str]], str] | None = None


@dataclass(slots=True)
class Change:
    """One field of one row: what it was, what the file says, whether a person typed what it was."""

    field: str
    label: str
    old: str
    new: str
    by_hand: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "label": self.label, "old": self.old, "new": self.new, "by_hand": self.by_hand}


@dataclass(frozen=True, slots=True)
class Keys:
    """By what rows are found again: an identifier that is unique, and a comparable name."""

    identifier: str
    name: str


class ImportResource:
    """Base of all declarations. ``model`` has ``organisation``, ``version`` and ``history``."""

    key: ClassVar[str]
    label: ClassVar[str]
    measure: ClassVar[str]
    permission: ClassVar[str]
    model: ClassVar[type[models.Model]]
    columns: ClassVar[tuple[Column, ...]]
    required: ClassVar[str]
    options_form: ClassVar[type[Form]]

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def owner(self, options: Mapping[str, Any]) -> Organisation | None:
        """Who will own the new rows, when what was asked beside the file decides it."""
        return None

    def lookups(self) -> dict[str, Any]:
        """Everything the parsers need from the database, fetched once for the whole file."""
        return {}

    def finish(self, values: Values, reading: Reading) -> None:
        """Add what follows from several cells together."""

    def keys_of(self, values: Values) -> Keys:
        raise NotImplementedError

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        """(pk, keys) of every row that the organisation or one below it owns, for matching in memory."""
        raise NotImplementedError

    def aliases(self, organisation: Organisation) -> Iterable[tuple[int, str]]:
        """(pk, name) of names that a row had before."""
        return ()

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        """Which of these rows the importing user may see, and so update."""
        raise NotImplementedError

    def reconcile(self, values: Values, target: Any, changes: list[Change], reading: Reading) -> None:
        """Correct the plain comparison of fields where fields depend on each other."""

    def new_instance(self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]) -> Any:
        raise NotImplementedError

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        """Fields to save when these were changed, with those that follow from them."""
        return [*fields]

    def apply(self, target: Any, values: Values, fields: Iterable[str]) -> None:
        raise NotImplementedError

    def after_write(self, written: Sequence[tuple[Any, Values, Sequence[str]]]) -> None:
        """Rows of other tables, set-based. ``written`` holds (instance, values, changed fields)."""

    def url_of(self, pk: int) -> str:
        """The page of a row of the register."""
        raise NotImplementedError

    def describe(self, name: str, value: Any) -> str:
        """A field's value as a person reads it in "old → new"."""
        return "" if value is None else str(value)


def get_resource(key: str) -> ImportResource:
    """Raises ``KeyError`` for a kind of list that nobody declared."""
    resource: ImportResource = import_string(settings.IMPORT_RESOURCES[key])()
    return resource


def resource_keys() -> list[str]:
    return list(settings.IMPORT_RESOURCES)
