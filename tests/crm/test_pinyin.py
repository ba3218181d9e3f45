"""Readings: initials, words read otherwise, an order that every database keeps."""

from __future__ import annotations

import pytest

from crm.pinyin import SORT_KEY_LENGTH, initials, readings, sort_key


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("图维天下", "TWTX"),
        ("重庆长城银行（中国）", "CQCCYHZG"),
        ("旅行社", "LXS"),
        ("TCL科技3D", "TCLKJ3D"),
        ("㐀镕喆堃", "QRZK"),
        ("——", ""),
    ],
)
def test_initials_follow_the_usual_reading(name, expected):
    assert initials(name) == expected


def test_names_sort_by_syllable_then_tone_then_character():
    names = ["涂料厂", "3号楼", "图维", "北京", "ABC", "安徽", "西安", "先锋", "重庆", "中国", "阿里"]
    ordered = sorted(names, key=sort_key)
    assert ordered == ["3号楼", "ABC", "阿里", "安徽", "北京", "重庆", "图维", "涂料厂", "西安", "先锋", "中国"]


def test_keys_hold_only_what_every_collation_sorts_alike_and_fit_the_column():
    key = sort_key("图" * 200)
    assert len(key) <= SORT_KEY_LENGTH
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
    assert len({len(sort_key(name)) for name in ("庄a", "阿3", "ü中")}) == 2


def test_every_reading_is_a_syllable_with_its_tone():
    assert len(readings()) > 26_000
    assert all(r[:-1].isalpha() and r[:-1].isascii() and len(r) <= 7 and r[-1] in "12345" for r in readings().values())
