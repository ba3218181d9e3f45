"""The report as a whole."""

from __future__ import annotations

import pytest

from reports.documents.build import build_report
from reports.documents.kinds import KINDS
from reports.metrics import METRICS


def test_the_summary_says_the_figures_in_words(full):
    first, second = build_report(full.scope()).summary
    assert first == (
        "2023年11月，共走访企业3家次（2家），走访覆盖率50.00%；受理诉求21件，办结20件，应办结率95.24%。有效回访16件，"
        "未联系上4件，响应率100.00%，解决率87.50%，满意率86.25%，综合成绩88.3分。"
    )
    assert second.startswith(
        "截至2023年11月30日，在册企业10家，其中网安企业1家，注册资本千万以上占比50.00%。需要关注："
    )


def test_an_empty_period_is_said_in_words_and_not_in_zeros(world):
    first, second = build_report(world.scope()).summary
    assert first == "2023年11月，没有走访记录；没有受理和办结诉求。没有有效回访，三率不作计算。"
    assert second == "截至2023年11月30日，名册上没有企业。没有超期未办结的诉求。"
    assert not any("分母" in one.note for one in build_report(world.scope()).figures)


def test_a_change_is_the_difference_of_what_is_printed(world):
    for _ in range(3):
        world.visit("2023-10-10")
    for _ in range(4):
        world.visit("2023-11-10")
    world.call(day="2023-10-20")
    world.call()
    world.call(satisfaction="dissatisfied")
    report = build_report(world.scope())
    changes = {
        key: report.figure(key).change.text for key in ("enterprise_visits", "satisfaction_rate", "response_rate")
    }
    assert changes == {
        "enterprise_visits": "▲1（33.3%）",
        "satisfaction_rate": "▼50.00个百分点",
        "response_rate": "持平",
    }
    assert "与上月相比，走访家次增加1家次（33.3%）" in report.summary[0]


def test_without_a_figure_before_there_is_no_change(full):
    assert build_report(full.scope()).figure("enterprise_visits").change.text == "—"


def test_a_running_month_says_until_when_it_counts(full):
    report = build_report(full.scope(now="2023-11-20 09:30"))
    assert (report.as_of_label, report.compared_label) == ("截至2023年11月20日09:30", "上月同期")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(world, rows, django_assert_num_queries):
    for number in range(rows):
        world.visit("2023-11-05", world.enterprise(tags=["网安"]))
        world.call(world.appeal(closed="2023-11-15"))
        world.appeal(due="2023-11-20", number=f"开{number}")
    scope = world.scope()
    # One of them is for the user's reach, which in a request comes with the user.
    with django_assert_num_queries(28):
        build_report(scope)


def test_a_part_can_be_reworded_by_a_person_and_its_figures_stay(full):
    report = build_report(full.scope())
    edited = report.reworded("summary", ("本月走访扎实有效。",))
    assert edited.summary == ("本月走访扎实有效。",)
    assert (edited.figures, edited.tables, edited.definitions) == (report.figures, report.tables, report.definitions)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_kind_counts_the_figures_it_prints_and_no_others(world, kind):
    report = build_report(world.scope(), kind)

    wanted = [one.key for one in METRICS if not kind.sections or one.section in kind.sections]
    if kind.sections:
        # Who was not visited is told of no category of appeals.
        wanted.remove("package_not_visited")
    assert [one.key for one in report.figures] == wanted
    assert all(one.last_year is not None for one in report.figures)
