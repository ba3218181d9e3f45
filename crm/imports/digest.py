"""What all staged rows say together: why rows need a look, which columns change, which words nobody knows.

Taken row by row while a list is staged, so that the review counts and filters without reading the rows again.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from crm.models.imports import ImportRow

REASONS_KEPT, WORDS_KEPT, ROWS_NAMED = 30, 200, 3
# What differs from row to row in messages that say the same.
_PARTICULAR = re.compile(r"“[^”]*”|[0-9A-Z]{15,18}|(?<!写成 )\d{4}-\d\d-\d\d|(?<=第 )\d+(?= 行)")


def key_of(*parts: str) -> str:
    """Short and the same at every staging, for addresses and names of form fields."""
    return f"{zlib.crc32('|'.join(parts).encode()):08x}"


def reason_of(message: Mapping[str, Any]) -> str:
    """``“九成”不是整数`` → ``“…”不是整数``: what a message says of any row."""
    text = _PARTICULAR.sub(lambda found: "“…”" if found[0].startswith("“") else "…", message["message"])
    return f"{message['column']}：{text}" if message["column"] else text


class Digest:
    """Takes every row once; marks on it what the review filters by."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self._mapping = mapping
        self._reasons: dict[str, Counter[str]] = defaultdict(Counter)
        self._columns: Counter[tuple[str, str]] = Counter()
        self._unknown: dict[tuple[str, str], dict[str, Any]] = {}
        self._used: dict[tuple[str, str], dict[str, Any]] = {}

    def take(self, row: ImportRow) -> ImportRow:
        """Note what the row adds, and mark it."""
        if row.messages:
            row.reasons = self._note_reasons(row)
            row.has_suspects = any("suspects" in message for message in row.messages)
            for message in row.messages:
                if message.get("word"):
                    self._note_word(row.number, message)
        replaced = [change for change in row.changes if change["old"]]
        self._columns.update((change["field"], change["label"]) for change in replaced)
        row.overwritten = _marks(f"{'!' if change['by_hand'] else ''}{change['field']}" for change in replaced)
        return row

    def _note_reasons(self, row: ImportRow) -> str:
        reasons = dict.fromkeys(reason_of(message) for message in row.messages)
        self._reasons[str(row.verdict)].update(list(reasons))
        return _marks(key_of(reason) for reason in reasons)

    def _note_word(self, number: int, message: Mapping[str, Any]) -> None:
        column, word, meant = self._mapping.get(str(message["index"]), ""), message["word"], message.get("meant")
        if not column:
            return
        words = self._unknown if meant is None else self._used
        entry = words.setdefault(
            (column, word),
            {
                "key": key_of(column, word),
                "column": column,
                "title": message["column"],
                "word": word,
                "count": 0,
                "rows": [],
                "effect": message["kind"],
                "meant": meant or "",
            },
        )
        entry["count"] += 1
        if len(entry["rows"]) < ROWS_NAMED:
            entry["rows"].append(number)

    def as_json(self) -> dict[str, Any]:
        """Reasons: verdict → [key, text, rows]; columns: [field, label, rows]; words unknown and used."""
        return {
            "reasons": {
                verdict: [[key_of(reason), reason, count] for reason, count in found.most_common(REASONS_KEPT)]
                for verdict, found in self._reasons.items()
            },
            "columns": [[name, label, count] for (name, label), count in self._columns.most_common()],
            "unknown": _most(self._unknown),
            "used": _most(self._used),
        }


def _most(words: Mapping[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(words.values(), key=lambda entry: -entry["count"])[:WORDS_KEPT]


def _marks(texts: Iterable[str]) -> str:
    joined = "|".join(texts)
    return f"|{joined}|" if joined else ""
