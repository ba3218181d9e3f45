"""The compound file in which .xls and .et keep their one stream of records: only what it takes to read that stream."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_ENTRY = 128
# Numbers from here on are no sectors but marks: end of a chain, free, part of a table.
_NO_SECTOR = 0xFFFFFFFA
_SMALL_SECTOR = 64


def stream_of(content: bytes, *names: str) -> bytes:
    """The first stream of one of these names; empty when there is none. Raises ``ValueError`` for no such file."""
    try:
        return _Container(content).stream(names)
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from None


class _Container:
    def __init__(self, content: bytes) -> None:
        self._content = content
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in (9, 12):
            raise ValueError("size of sectors")
        self._size = 1 << shift
        directory, _, self._smallest, small, _, more = struct.unpack_from("<6I", content, 48)
        self._table = self._numbers(self._tables(more))
        self._entries = self._joined(self._chain(directory, self._table))
        self._small = self._numbers(self._chain(small, self._table))

    def stream(self, names: Sequence[str]) -> bytes:
        for at in range(0, len(self._entries) - _ENTRY + 1, _ENTRY):
            (length,) = struct.unpack_from("<H", self._entries, at + 64)
            if self._entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in names:
                start, size = struct.unpack_from("<II", self._entries, at + 116)
                return (self._large(start) if size >= self._smallest else self._in_small(start))[:size]
        return b""

    def _large(self, start: int) -> bytes:
        return self._joined(self._chain(start, self._table))

    def _in_small(self, start: int) -> bytes:
        """Short streams share one, kept under the first entry and cut into smaller sectors."""
        shared = self._large(struct.unpack_from("<I", self._entries, 116)[0])
        places = (number * _SMALL_SECTOR for number in self._chain(start, self._small))
        return b"".join(shared[place : place + _SMALL_SECTOR] for place in places)

    def _tables(self, more: int) -> list[int]:
        """Sectors of the table of chains: 109 in the header, the others in a chain of their own."""
        listed = list(struct.unpack_from("<109I", self._content, 76))
        for _ in range(len(self._content) // self._size):
            if more >= _NO_SECTOR:
                break
            *numbers, more = self._numbers([more])
            listed += numbers
        return [number for number in listed if number < _NO_SECTOR]

    def _numbers(self, sectors: Sequence[int]) -> tuple[int, ...]:
        joined = self._joined(sectors)
        return struct.unpack(f"<{len(joined) // 4}I", joined[: len(joined) // 4 * 4])

    def _joined(self, sectors: Sequence[int]) -> bytes:
        size = self._size
        return b"".join(self._content[(number + 1) * size : (number + 2) * size] for number in sectors)

    def _chain(self, number: int, table: Sequence[int]) -> list[int]:
        found: list[int] = []
        # No chain is longer than the table; one that is bites its own tail.
        while number < _NO_SECTOR and len(found) <= len(table):
            found.append(number)
            number = table[number]
        return found
