"""The keys of the rows behind a figure, packed: a million enterprises in a row take a few kilobytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise


def pack(keys: Iterable[int]) -> bytes:
    """Distances between the sorted keys, seven bits a byte, compressed. The same keys give the same bytes."""
    ordered = sorted(set(keys))
    if ordered and ordered[0] < 0:
        raise ValueError("a key is not negative")
    found = bytearray()
    for before, key in pairwise([0, *ordered]):
        found += varint(key - before)
    return zlib.compress(bytes(found), 9)


def unpack(content: bytes | memoryview) -> list[int]:
    keys, last = [], 0
    for distance in distances(zlib.decompress(bytes(content))):
        last += distance
        keys.append(last)
    return keys


def varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def distances(content: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in content:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
