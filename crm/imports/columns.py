"""A column of a list as an app declares it: its headers, how cells are parsed and written, what a parser remarks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from crm.imports.cells import Cell, plain

LONGEST_WORD = 200


@dataclass(slots=True)
class Reading:
    """What a parser is told about its cell, and where it leaves remarks that are not errors."""

    unit: str = ""
    lookups: Mapping[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    # Remark → what more is known of it, for those that speak of a word of a vocabulary or have a suggestion.
    more: dict[str, dict[str, str]] | None = None
    # The cell as the list has it, where words of the register were put into the middle of it.
    written: str = ""

    def warn(self, message: str) -> None:
        """Tell the reader; the row goes in all the same."""
        if message:
            self.warnings.append(message)

    def doubt(self, message: str) -> None:
        """Tell the reader; the row goes in only once a person has confirmed."""
        if message:
            self.doubts.append(message)

    def suggest(self, message: str, suggestion: str) -> None:
        """Doubt, with a text that a person may accept instead."""
        self.doubt(message)
        self._tell(message, suggestion=suggestion)

    def unknown(self, word: str, message: str, *, must_ask: bool = False) -> None:
        """Tell of a word that the column's vocabulary lacks; a person may say once what is meant by it."""
        (self.doubts if must_ask else self.warnings).append(message)
        self._tell(message, word=plain(word)[:LONGEST_WORD])

    def understood(self, word: str, meant: str) -> None:
        """Tell that a word was taken as a person said before."""
        message = f"“{word}”按对应作“{meant}”" if meant else f"“{word}”按对应留空"
        self.warn(message)
        self._tell(message, word=word, meant=meant)

    def _tell(self, message: str, **known: str) -> None:
        if self.more is None:
            self.more = {}
        self.more[message] = known


# Values by field name; keys that start with "_" are for the resource alone and are not written.
Values: TypeAlias = dict[str, Any]
Parser: TypeAlias = Callable[[Cell, Reading], Values]
# What a column writes of a row: its Python type says how the cell is formatted.
Written: TypeAlias = str | int | Decimal | dt.date | dt.datetime | None
Writer: TypeAlias = Callable[[Any], Written]


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
    # How the register writes it into a file so that it is read back the same. Without it, `alias_of` names the
    # column that says the same and is written instead.
    write: Writer | None = None
    alias_of: str = ""
    unit: str = ""
    # For the template: a typical value, what to mind, and the only words that are understood.
    example: str = ""
    hint: str = ""
    words: tuple[str, ...] = ()
    is_needed: bool = False
    # What stands between several words in one cell; each of them is then a word of the vocabulary.
    between: re.Pattern[str] | None = None
    # Several columns of a file may say it, each a part: 电话2, 电话3 …; the parser gives lists, which are joined.
    may_repeat: bool = False
    # Its words stand inside a longer text: the currency of an amount.
    is_word_inside: bool = False

    @property
    def title(self) -> str:
        """The header under which it is written."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label
