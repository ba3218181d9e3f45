"""The file of a batch as the database keeps it: long texts packed, which a statement would make five times as long."""

from __future__ import annotations

import gzip

# No upload begins so: packed files are refused.
_PACKED = b"\x1f\x8b"
_IS_PACKED_ALREADY = b"PK"
SHORT = 1024 * 1024


def packed(content: bytes) -> bytes:
    if len(content) <= SHORT or content.startswith(_IS_PACKED_ALREADY):
        return content
    return gzip.compress(content, compresslevel=1)


def unpacked(kept: bytes) -> bytes:
    return gzip.decompress(kept) if kept.startswith(_PACKED) else kept
