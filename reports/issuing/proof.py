"""What proves a copy: the code and the hash printed on its last page, and the address at which they are checked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from reports.formats import chinese_date
from reports.issuing.frozen import sha256

# Without letters and digits that are taken for each other on paper: 31 characters, 59 bits in twelve.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, LETTERS = 3, 4


@dataclass(frozen=True, slots=True)
class Proof:
    """`address` is the whole address of the page that verifies it, empty where the site does not know its own."""

    code: str
    fingerprint: str
    address: str
    issued_on: date
    version: int = 1

    @property
    def lines(self) -> tuple[str, ...]:
        edition = f"，第{self.version}版" if self.version > 1 else ""
        told = [
            f"核验码：{self.code}（{chinese_date(self.issued_on)}印发{edition}）",
            f"数据指纹（SHA-256）：{self.fingerprint}",
        ]
        return (*told, f"核验网址：{self.address}") if self.address else tuple(told)


def new_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def code_typed(text: str) -> str:
    """A code as a person may type it: small letters, blanks, without its dashes."""
    letters = "".join(one for one in text.upper() if one.isascii() and one.isalnum())
    if len(letters) != GROUPS * LETTERS or not set(letters) <= set(ALPHABET):
        return ""
    return "-".join(letters[start : start + LETTERS] for start in range(0, len(letters), LETTERS))


def address_of(code: str) -> str:
    """For a QR code, which is read away from the site."""
    site = settings.SITE_ADDRESS.rstrip("/")
    return f"{site}{reverse('reports:verify', args=[code])}" if site else ""


def fingerprint_of(about: str, data: str, rules: str, words: str, rows: Iterable[tuple[str, str, str, bytes]]) -> str:
    """The SHA-256 over the SHA-256 of each part: what the report is about, data, rules, words, keys of rows."""
    listed = "\n".join(f"{figure}|{part}|{model}|{sha256(packed)}" for figure, part, model, packed in sorted(rows))
    return sha256("\n".join(sha256(part) for part in (about, data, rules, words, listed)))
