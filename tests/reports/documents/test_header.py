"""The red header: only what was typed, in the form of the standard."""

from __future__ import annotations

import pytest

from reports.documents.header import BadHeader, red_header
from reports.report import RedHeader

RIGHT = "西政文〔2026〕12号"


@pytest.mark.parametrize(
    "typed",
    [
        RIGHT, "西政文[2026]12号", "西政文（2026）12号", "西政文(2026)12号", "西政文【2026】12号",
        "西政文［2026］１２号", "西政文〔2026〕012号", "西政文〔2026〕第12号", " 西政文 〔2026〕 12 号 ",
        "西政文〔2026〕12", "西政文2026第12号",
    ],
)  # fmt: skip
def test_a_number_is_written_as_the_standard_has_it(typed):
    assert red_header("西集镇人民政府", typed) == RedHeader("西集镇人民政府", RIGHT)


@pytest.mark.parametrize(
    "typed", ["12号", "西政文12号", "〔2026〕12号", "西政文〔26〕12号", "西政文〔2026〕0号", "<b>〔2026〕1号"]
)
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(BadHeader, match="西政文〔2026〕12号"):
        red_header("西集镇人民政府", typed)


def test_nothing_typed_is_no_header_and_a_number_needs_a_body():
    assert red_header(" ", "") is None
    assert red_header("西集镇人民政府", "") == RedHeader("西集镇人民政府", "")
    with pytest.raises(BadHeader, match="发文机关"):
        red_header("", RIGHT)
    with pytest.raises(BadHeader, match="最多"):
        red_header("西" * 31, "")
