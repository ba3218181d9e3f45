"""What an app declares so that the engine can import its rows: which columns, match keys, what follows from a row.

The engine knows resources only by their dotted path in ``settings.IMPORT_RESOURCES``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.forms import Form
from django.utils.module_loading import import_string

from crm.forms import ScopedForm
from crm.imports.columns import Column, Reading, Values, Writer
from crm.imports.journal import Journal, stamp

if TYPE_CHECKING:
    from crm.models import Organisation, User


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
    """By what rows are found again: an identifier that is unique, a comparable name, and the record's own number.

    The number is believed only where identifier or name agree with it: files travel between installations.
    """

    identifier: str
    name: str
    record: int = 0


@dataclass(frozen=True, slots=True)
class Suspect:
    """What a new row of the file may mean, and the sign that says so.

    A row of the register, or where ``row`` is not 0 the earlier row of that number in the same file.
    """

    pk: int
    name: str
    why: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of all its rows: what was asked beside it, its headings, and the texts around the table.

    ``around`` begins with what stands nearest: the lines above the header, the name of the sheet, that of the file.
    """

    options: Mapping[str, Any]
    headings: Sequence[str]
    around: Sequence[str]


class NoOptions(ScopedForm):
    """For lists of which nothing has to be said that holds for all rows."""

    def options(self) -> dict[str, Any]:
        return {}


class ImportResource:
    """Base of all declarations. ``model`` has ``history``; ``noun`` and ``measure`` are what a row is called."""

    key: ClassVar[str]
    label: ClassVar[str]
    noun: ClassVar[str]
    measure: ClassVar[str]
    # What becomes of a row of which a person says that it is one of the register.
    when_same: ClassVar[str] = "更新"
    # What the identifier of ``keys_of`` is called.
    identity: ClassVar[str] = "代码"
    permission: ClassVar[str]
    # Who may undo an import of their own, and who anybody's; without them none is undone. The model is Binnable then.
    undo_permission: ClassVar[str] = ""
    undo_any_permission: ClassVar[str] = ""
    model: ClassVar[type[models.Model]]
    columns: ClassVar[tuple[Column, ...]]
    required: ClassVar[str]
    # Columns of which each alone says what a row is about, when the required one is missing.
    stand_ins: ClassVar[tuple[str, ...]] = ()
    options_form: ClassVar[type[Form]] = NoOptions
    # (title, writer) of what an export tells besides, and no import takes back.
    extras: ClassVar[tuple[tuple[str, Writer], ...]] = ()
    # Where `after_write` notes what it does to other tables; a new one for every commit.
    journal: Journal

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def is_named_by(self, keys: Iterable[str]) -> bool:
        """Whether columns of these keys are enough to tell what a row is about."""
        return not {self.required, *self.stand_ins}.isdisjoint(keys)

    def prepare(self, organisation: Organisation, user: User) -> None:
        """Told once, before anything is read: for whom the file goes in and by whom."""

    def told(self, about: About) -> None:
        """Told after ``prepare``, before any row is read."""

    def said_around(self) -> str:
        """What the rows do not say themselves but what stood around them; a file of some of them has to repeat it."""
        return ""

    def heading(self, text: str) -> str:
        """A header as the synonyms know it, where lists add to it what differs from month to month."""
        return text

    def left_aside(self, headings: Sequence[str]) -> set[int]:
        """Positions of headers that read like a column of ours and speak of something else: of another year."""
        return set()

    def owner(self, options: Mapping[str, Any]) -> Organisation | None:
        """Who will own the new rows, when what was asked beside the file decides it."""
        return None

    def lookups(self) -> dict[str, Any]:
        """Everything the parsers need from the database, fetched once for the whole file."""
        return {}

    def passes_over(self, values: Values) -> str:
        """Why a row is none of ours and is skipped like a total; empty when it is."""
        return ""

    def finish(self, values: Values, reading: Reading) -> None:
        """Add what follows from several cells together."""

    def subject_of(self, values: Values) -> str:
        """What a row is about, for its label; empty when the required column says nothing."""
        return str(values.get(self.required) or "")

    def keys_of(self, values: Values) -> Keys:
        raise NotImplementedError

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        """(pk, keys) of every row that the organisation or one below it owns, for matching in memory."""
        raise NotImplementedError

    def aliases(self, organisation: Organisation) -> Iterable[tuple[int, str]]:
        """(pk, name) of names that a row had before."""
        return ()

    def former_identifiers(self, organisation: Organisation) -> Iterable[tuple[int, str]]:
        """(pk, identifier) of identifiers that a row had before."""
        return ()

    def suspects(
        self, rows: Sequence[tuple[int, Values]], organisation: Organisation, user: User
    ) -> dict[int, list[Suspect]]:
        """Of (number, values) of new rows: what each may mean by signs that prove nothing. Told a file in parts."""
        return {}

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        """Which of these rows the importing user may see, and so update."""
        raise NotImplementedError

    def version_of(self, target: Any) -> int:
        """Another number after every change of the row; a commit writes only what the preview had seen."""
        if hasattr(target, "version"):
            return int(target.version)
        return stamp(target) & 0x7FFF_FFFF

    def reconcile(self, values: Values, target: Any, changes: list[Change], reading: Reading) -> None:
        """Correct the plain comparison of fields where fields depend on each other."""

    def new_instance(self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]) -> Any:
        raise NotImplementedError

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        """Fields of the model to save when these were changed, with those that follow from them."""
        return plain_fields(fields)

    def apply(self, target: Any, values: Values, fields: Iterable[str]) -> None:
        raise NotImplementedError

    def after_write(self, written: Sequence[tuple[Any, Values, Sequence[str]]]) -> None:
        """Rows of other tables, set-based. ``written`` holds (instance, values, changed fields)."""

    def after_undo(self, restored: Sequence[Any]) -> None:
        """What follows elsewhere from the old values, once an undo has put them back."""

    def after_removal(self, removed: Sequence[Any]) -> None:
        """What follows elsewhere from rows that an undo has taken away."""

    def taken(self, restored: Sequence[tuple[Any, Mapping[str, Any]]], removed: set[int]) -> set[int]:
        """Which rows cannot have their old values back, because another row carries what must be unique.

        ``restored`` holds (row, old values as kept); ``removed`` are rows that the same undo takes away.
        """
        return set()

    def url_of(self, pk: int) -> str:
        """The page of a row of the register."""
        raise NotImplementedError

    def offers(self) -> dict[str, list[str]]:
        """Words from the database that a template offers in its drop-downs, by column. After ``prepare``."""
        return {}

    def vocabulary(self, key: str) -> Sequence[str]:
        """Every word that the column understands, where there is an end of them. After ``prepare``."""
        return self.column(key).words or self.offers().get(key, ())

    def export_rows(self, rows: Any) -> Iterator[Any]:
        """The rows of a query set with everything that ``write`` asks of them, in a fixed number of queries."""
        raise NotImplementedError

    def describe(self, name: str, value: Any) -> str:
        """A field's value as a person reads it in "old → new"."""
        return "" if value is None else str(value)


def plain_fields(names: Iterable[str]) -> list[str]:
    """Those that are fields of the model itself."""
    return [name for name in names if not name.startswith("_")]


def get_resource(key: str) -> ImportResource:
    """Raises ``KeyError`` for a kind of list that nobody declared."""
    resource: ImportResource = import_string(settings.IMPORT_RESOURCES[key])()
    return resource


def resource_keys() -> list[str]:
    return list(settings.IMPORT_RESOURCES)
