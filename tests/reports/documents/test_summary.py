"""The words of the summary: one table of cases for every rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.documents.summary import (
    answered,
    compared_with,
    handled,
    paragraphs,
    registered,
    visited,
    waiting,
    waiting_appeals,
)
from reports.metrics import METRICS
from reports.report import Change, Figure

NONE = Change("—", "none")


def figures(**known):
    """Every figure without rows, but those named: a text, or (text, change)."""
    found = {m.key: Figure(m.key, m.label, m.unit, m.section, "—", None, "口径", "", NONE) for m in METRICS}
    for key, told in known.items():
        text, change = told if isinstance(told, tuple) else (told, NONE)
        found[key] = replace(found[key], text=text, value=1, change=change)
    return found


UP, DOWN, FLAT = Change("▲10（52.6%）", "up"), Change("▼2（11.8%）", "down"), Change("持平", "flat")
POINTS, SCORE = Change("▲12.50个百分点", "up"), Change("▼3.2分", "down")


@pytest.mark.parametrize(
    ("rule", "known", "said"),
    [
        (visited, {}, "没有走访记录"),
        (visited, {"enterprise_visits": "3", "enterprises_visited": "2"}, "共走访企业3家次（2家）"),
        (
            visited,
            {"enterprise_visits": "3", "enterprises_visited": "2", "visit_coverage": "25.00%"},
            "共走访企业3家次（2家），走访覆盖率25.00%",
        ),
        (handled, {}, "没有受理和办结诉求"),
        (handled, {"closing_rate_due": "0.00%"}, "没有受理和办结诉求，应办结率0.00%"),
        (handled, {"appeals_received": "5"}, "受理诉求5件，没有办结诉求"),
        (handled, {"appeals_closed": "5"}, "没有受理诉求，办结5件"),
        (
            handled,
            {"appeals_received": "5", "appeals_closed": "4", "closing_rate_due": "80.00%"},
            "受理诉求5件，办结4件，应办结率80.00%",
        ),
        (answered, {}, "没有有效回访，三率不作计算"),
        (answered, {"unreachable_call_backs": "4"}, "没有有效回访，未联系上4件，三率不作计算"),
        (
            answered,
            {"valid_call_backs": "1", "response_rate": "100.00%", "satisfaction_rate": "100.00%"},
            "有效回访1件，响应率100.00%，满意率100.00%，解决率、综合成绩没有可计入的回访，不作计算",
        ),
        (registered, {}, "名册上没有企业"),
        (registered, {"registered_enterprises": "9"}, "在册企业9家"),
        (registered, {"registered_enterprises": "9", "cyber_enterprises": "2"}, "在册企业9家，其中网安企业2家"),
        (waiting, {}, "没有超期未办结的诉求"),
        (waiting, {"overdue_appeals": "1"}, "需要关注：超期未办结诉求1件"),
        (
            waiting,
            {"shelved_appeals": "2", "package_not_visited": "3"},
            "需要关注：挂账诉求2件，“服务包”企业期内未走访3家",
        ),
        (waiting_appeals, {}, "没有超期未办结和挂账的诉求"),
        (waiting_appeals, {"overdue_appeals": "1", "shelved_appeals": "2"}, "尚有超期未办结诉求1件，挂账诉求2件"),
    ],
)
def test_every_rule_says_what_there_is_and_nothing_of_what_is_not(rule, known, said):
    assert rule(figures(**known)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"enterprise_visits": NONE}, []),
        ({"enterprise_visits": UP}, ["与上月相比，走访家次增加10家次（52.6%）"]),
        ({"appeals_received": DOWN}, ["与上月相比，受理诉求减少2件（11.8%）"]),
        ({"solving_rate": POINTS}, ["与上月相比，解决率上升12.50个百分点"]),
        ({"composite_score": SCORE}, ["与上月相比，综合成绩下降3.2分"]),
        ({"enterprise_visits": FLAT}, ["与上月相比，走访家次持平"]),
        ({"enterprise_visits": FLAT, "solving_rate": FLAT}, ["与上月相比，走访家次、解决率均持平"]),
        (
            {"enterprise_visits": FLAT, "appeals_received": UP, "solving_rate": FLAT, "satisfaction_rate": POINTS},
            ["与上月相比，受理诉求增加10件（52.6%），满意率上升12.50个百分点，走访家次、解决率均持平"],
        ),
    ],
)
def test_a_comparison_is_one_sentence(changes, said):
    known = figures()
    assert compared_with("上月", [(known[key], change) for key, change in changes.items()]) == said


def test_last_year_is_a_sentence_of_its_own_where_it_is_another_period():
    known = figures(enterprise_visits=("12", UP), enterprises_visited="9")
    known["enterprise_visits"] = replace(known["enterprise_visits"], last_year=DOWN)
    first, _ = paragraphs(known, "2023年11月", "上月", "截至2023年11月30日", with_last_year=True)
    assert first.endswith("与上月相比，走访家次增加10家次（52.6%）。与去年同期相比，走访家次减少2家次（11.8%）。")
    first, _ = paragraphs(known, "2023年", "上年", "截至2023年12月31日")
    assert "去年同期" not in first


@pytest.mark.parametrize(
    "known", [{}, {"valid_call_backs": "3"}, {"enterprise_visits": "1", "enterprises_visited": "1"}]
)
def test_no_sentence_has_a_dash_a_doubled_mark_or_an_empty_clause(known):
    for text in paragraphs(figures(**known), "2023年11月", "上月", "截至2023年11月30日", with_last_year=True):
        assert not any(bad in text for bad in ("—", "，，", "。。", "，。", "；。", "None", "（家）"))
        assert text.endswith("。")
