"""Words of closed vocabularies that a list spells its own way: a person says once what each of them means.

What was said is remembered for the organisation and the kind of list, and shown wherever it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, TypeAlias

from django.db import transaction

from crm.imports.cells import Cell, plain, text_of
from crm.imports.columns import LONGEST_WORD, Column, Reading, Values
from crm.imports.resource import ImportResource
from crm.models import ImportBatch, ImportWord, Organisation, User

# Key of the column → the word of the list → the word of the register, "" to leave the cell out.
Words: TypeAlias = Mapping[str, Mapping[str, str]]
# Of a few fixed words half the letters are enough; one shared letter does not make two names the same person.
CLOSE_ENOUGH_FIXED, CLOSE_ENOUGH = 0.5, 0.6


def remembered(organisation: Organisation, resource_key: str) -> dict[str, dict[str, str]]:
    """What the organisation's people said before; one query."""
    found: dict[str, dict[str, str]] = {}
    rows = ImportWord.objects.filter(organisation=organisation, resource=resource_key)
    for column, text, meant in rows.values_list("column", "text", "replacement"):
        found.setdefault(column, {})[text] = meant
    return found


def with_words(column: Column, known: Mapping[str, str] | None) -> Column:
    """The column with a parser that first puts the words of the register in the place of the list's."""
    if not known:
        return column
    reading_as = _reading_inside if column.is_word_inside else _reading_words
    return replace(column, parse=reading_as(column, known))


def _reading_words(column: Column, known: Mapping[str, str]) -> Callable[[Cell, Reading], Values]:
    def parse(cell: Cell, reading: Reading) -> Values:
        text = word_of(cell)
        pieces = [text] if text in known or column.between is None else column.between.split(text)
        used = [piece for piece in pieces if piece in known]
        if not used:
            return column.parse(cell, reading)
        for piece in used:
            reading.understood(piece, known[piece])
        meant = "、".join(word for piece in pieces if (word := known.get(piece, piece)))
        return column.parse(meant, reading) if meant else {}

    return parse


def _reading_inside(column: Column, known: Mapping[str, str]) -> Callable[[Cell, Reading], Values]:
    # The longest first: one word may begin another. Lists put blanks between the letters.
    longest = sorted(known, key=len, reverse=True)
    spelled = [r"\s*".join(map(re.escape, word)) for word in longest]
    pattern = re.compile("|".join(f"({letters})" for letters in spelled), re.IGNORECASE)

    def parse(cell: Cell, reading: Reading) -> Values:
        found = pattern.search(text := plain(text_of(cell)))
        if found is None or found.lastindex is None:
            return column.parse(cell, reading)
        word = longest[found.lastindex - 1]
        reading.understood(word, known[word])
        if not known[word]:
            return {}
        reading.written = text_of(cell)
        return column.parse(f"{text[: found.start()]}{known[word]}{text[found.end() :]}", reading)

    return parse


def word_of(cell: Cell) -> str:
    return plain(text_of(cell))[:LONGEST_WORD]


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of the digest with all that a page needs to ask what is meant by it."""

    key: str
    column: str
    title: str
    word: str
    count: int
    rows: list[int]
    effect: str
    meant: str = ""
    guess: str = ""
    is_used: bool = False


def unknown_words(batch: ImportBatch, resource: ImportResource) -> list[UnknownWord]:
    """Those of the last staging for which there is a vocabulary, the most frequent first. After ``prepare``."""
    return [_asked(entry, resource) for entry in batch.digest.get("unknown", ())]


def used_words(batch: ImportBatch) -> list[UnknownWord]:
    """Those that were understood as a person had said."""
    return [UnknownWord(**entry, is_used=True) for entry in batch.digest.get("used", ())]


def _asked(entry: Mapping[str, Any], resource: ImportResource) -> UnknownWord:
    column = resource.column(entry["column"])
    cutoff = CLOSE_ENOUGH_FIXED if column.words else CLOSE_ENOUGH
    return UnknownWord(**entry, guess=closest(entry["word"], list(resource.vocabulary(column.key)), cutoff))


def closest(word: str, vocabulary: list[str], cutoff: float = CLOSE_ENOUGH) -> str:
    """The one word that is spelled most alike, "" when none is: a proposal, never more."""
    inside = [known for known in vocabulary if known and (known in word or word in known)]
    return next(iter(get_close_matches(word, inside or vocabulary, 1, 0 if len(inside) == 1 else cutoff)), "")


@transaction.atomic
def remember(batch: ImportBatch, meanings: Mapping[tuple[str, str], str | None], *, actor: User) -> None:
    """Keep what (column, word) means; None forgets it. The caller stages again."""
    for (column, word), meant in meanings.items():
        about: dict[str, Any] = {
            "organisation_id": batch.organisation_id,
            "resource": batch.resource,
            "column": column,
            "text": word,
        }
        if meant is None:
            ImportWord.objects.filter(**about).delete()
        else:
            ImportWord.objects.update_or_create(**about, defaults={"replacement": meant, "chosen_by": actor})
