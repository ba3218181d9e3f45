"""Readings of Chinese characters: initials for searching, keys for sorting; the same on every database.

`data/pinyin.txt` lists syllable with tone and the characters read so (the usual reading in names of firms), after the
pinyin-data project (MIT licence). Words in which a character is read otherwise are listed here.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "pinyin.txt"
SYLLABLE, CODE, CHARACTERS_SORTED = 6, 4, 24
SORT_KEY_LENGTH = (SYLLABLE + 1 + CODE) * CHARACTERS_SORTED
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

WORDS = {
    "重庆": ("chong2", "qing4"),
    "重组": ("chong2", "zu3"),
    "重构": ("chong2", "gou4"),
    "厦门": ("xia4", "men2"),
    "音乐": ("yin1", "yue4"),
    "乐器": ("yue4", "qi4"),
    "旅行": ("lv3", "xing2"),
    "行政": ("xing2", "zheng4"),
    "行者": ("xing2", "zhe3"),
    "行动": ("xing2", "dong4"),
    "运行": ("yun4", "xing2"),
    "出行": ("chu1", "xing2"),
    "航行": ("hang2", "xing2"),
    "自行": ("zi4", "xing2"),
    "会计": ("kuai4", "ji4"),
    "朝阳": ("chao2", "yang2"),
    "六安": ("lu4", "an1"),
    "蚌埠": ("beng4", "bu4"),
    "丽水": ("li2", "shui3"),
    "成长": ("cheng2", "zhang3"),
    "生长": ("sheng1", "zhang3"),
    "收藏": ("shou1", "cang2"),
    "典藏": ("dian3", "cang2"),
    "单县": ("shan4", "xian4"),
    "调味": ("tiao2", "wei4"),
    "空调": ("kong1", "tiao2"),
    "调节": ("tiao2", "jie2"),
    "传记": ("zhuan4", "ji4"),
    "大夫": ("dai4", "fu1"),
}


@cache
def readings() -> dict[str, str]:
    """Character → syllable with tone, such as ``tu2``; read once, 27 000 characters."""
    table: dict[str, str] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        syllable, _, characters = line.partition(" ")
        table.update(dict.fromkeys(characters, syllable))
    return table


def read(text: str) -> list[tuple[str, str]]:
    """(character, reading) of all that is read aloud; letters and digits stand for themselves, signs are left out."""
    table = readings()
    spoken: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        word = WORDS.get(text[position : position + 2])
        if word:
            spoken += zip(text[position : position + 2], word, strict=True)
            position += 2
            continue
        character = text[position]
        reading = table.get(character) or (character.lower() if character.isascii() and character.isalnum() else "")
        if reading:
            spoken.append((character, reading))
        position += 1
    return spoken


class _Initials(dict[int, str]):
    """Number of a character → the first letter of its reading, read when it is first asked for."""

    def __missing__(self, number: int) -> str:
        self[number] = "".join(reading[0] for _, reading in read(chr(number))).upper()
        return self[number]


class _Units(dict[int, str]):
    """Number of a character → its part of a sort key."""

    def __missing__(self, number: int) -> str:
        self[number] = "".join(_unit(*pair) for pair in read(chr(number)))
        return self[number]


_INITIALS, _UNITS = _Initials(), _Units()
_WORD = re.compile("|".join(WORDS))


def initials(text: str) -> str:
    """``图维天下`` → ``TWTX``."""
    if _WORD.search(text):
        return "".join(reading[0] for _, reading in read(text)).upper()
    return text.translate(_INITIALS)


def sort_key(text: str) -> str:
    """Orders by syllable, tone and character in any collation: fixed widths, only 0–9 and a–z."""
    text = text[:CHARACTERS_SORTED]
    return "".join(_unit(*pair) for pair in read(text)) if _WORD.search(text) else text.translate(_UNITS)


@cache
def _unit(character: str, reading: str) -> str:
    is_chinese = len(reading) > 1
    syllable, tone = (reading[:-1], reading[-1]) if is_chinese else (reading, "0")
    return f"{syllable:0<{SYLLABLE}}{tone}{_code(ord(character.lower()))}"


def _code(number: int) -> str:
    text = ""
    for _ in range(CODE):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text
