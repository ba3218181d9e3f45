"""Names that mean the same firm."""

import pytest

from parks.names import normalise_name, split_former_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京某某（集团）有限公司", "北京某某(集团)有限公司"),
        ("北京 某某 有限公司", "北京某某有限公司"),
        ("北京ＡＢＣ有限公司", "北京abc有限公司"),
        ("北京某某有限公司（已注销）", "北京某某有限公司"),
        ("北京某某有限公司(吊销，未注销)", "北京某某有限公司"),
        ("北京某某【华北】有限公司", "北京某某（华北）有限公司"),
        ("北京某某有限公司。", "北京某某有限公司"),
    ],
)
def test_spelling_does_not_make_another_firm(one, other):
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京某某有限公司", "北京某某有限公司朝阳分公司"),
        ("北京某某有限公司", "北京某某有限责任公司"),
        ("某某（北京）有限公司", "某某（上海）有限公司"),
    ],
)
def test_a_branch_or_another_form_is_another_firm(one, other):
    assert normalise_name(one) != normalise_name(other)


def test_former_names_are_split_at_every_separator_seen():
    text = "甲公司，乙公司\n丙公司；丁公司、甲公司"
    assert split_former_names(text) == ["甲公司", "乙公司", "丙公司", "丁公司"]
    assert split_former_names("-") == []
