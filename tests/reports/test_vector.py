"""The test vector of the domain (§2.4): every appeal of it is handled step by step, and the figures are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reports.documents.build import build_report
from reports.figures.tables import UNIT_COLUMNS
from reports.figures.tally import figure, tallies
from reports.metrics import METRIC_BY_KEY
from reports.period import Period
from reports.rows.scope import Scope
from tests.reports.pdf_text import text_of
from tests.visits.factories import START, Cast, local
from visits import actions
from visits.choices import AppealStatus as S
from visits.models import Appeal

AFTERWARDS = local("2026-12-15 09:00")
# 14 solved of 16, 12 satisfied, 2 basically, 2 not; the last two answer by the link.
ANSWERS = [("solved", "satisfied")] * 12 + [("solved", "basically")] * 2 + [("unsolved", "dissatisfied")] * 2
UNREACHABLE = 4


def closed_appeal(cast: Cast) -> Appeal:
    """From the draft to 已办结, each step by the person whose it is."""
    appeal = cast.draft(actor=cast.steward, content="园区班车末班太早")
    line = (
        (cast.steward, "submit"), (cast.desk, "accept"), (cast.desk, "dispatch"), (cast.handler, "sign"),
        (cast.handler, "contact"), (cast.helper, "joint_sign"), (cast.helper, "joint_answer"),
        (cast.handler, "progress"), (cast.handler, "answer"), (cast.manager, "close"),
    )  # fmt: skip
    for actor, step in line:
        appeal = cast.take(appeal, step, actor)
    return appeal


def answered(cast: Cast, solved: str, satisfaction: str, *, by_link: bool) -> None:
    appeal = closed_appeal(cast)
    said = {"is_contacted": True, "solved": solved, "satisfaction": satisfaction}
    if by_link:
        link = actions.make_link(appeal, actor=cast.desk, at=appeal.closed_at)
        actions.answer_link(link, at=appeal.closed_at, **said)
    else:
        cast.take(appeal, "call_back", cast.desk, is_reached=True, **said)


def not_reached(cast: Cast) -> None:
    """Three attempts on two days, all in vain."""
    appeal = closed_appeal(cast)
    for hours in (24, 25, 48):
        at = appeal.closed_at + timedelta(hours=hours)
        actions.record_call_back(appeal, actor=cast.desk, is_reached=False, at=at)
    appeal.refresh_from_db()
    assert appeal.out_of_reach_at is not None


@pytest.fixture
def vector(office, other_office) -> Cast:
    cast, others = Cast(office), Cast(other_office)
    for number, (solved, satisfaction) in enumerate(ANSWERS):
        answered(cast, solved, satisfaction, by_link=number >= len(ANSWERS) - 2)
    for _ in range(UNREACHABLE):
        not_reached(cast)
    # None of these counts: a draft, a duplicate, one withdrawn, and everything of another town.
    cast.draft()
    cast.take(cast.at(S.SUBMITTED), "merge", parent=Appeal.objects.order_by("pk")[0])
    cast.at(S.WITHDRAWN)
    answered(others, "unsolved", "dissatisfied", by_link=False)
    return cast


def test_the_vector_carried_through_the_workflow_is_printed_to_the_digit(vector):
    scope = Scope(vector.manager, Period.parse("2026-11"), AFTERWARDS)

    def text(key: str) -> str:
        found = tallies(scope, [METRIC_BY_KEY[key]])[key]
        return figure(METRIC_BY_KEY[key], found, found).text

    counts = [text(key) for key in ("appeals_received", "valid_call_backs", "unreachable_call_backs")]
    assert counts == ["20", "16", "4"]
    rates = [text(key) for key in ("response_rate", "solving_rate", "satisfaction_rate", "composite_score")]
    assert rates == ["100.00%", "87.50%", "86.25%", "88.3"]


def test_the_page_the_pdf_and_the_table_by_unit_say_the_same_of_it(client, vector):
    report = build_report(Scope(vector.manager, Period.parse("2026-11"), AFTERWARDS))
    row = report.table("by_unit").rows[0]
    cells = {column.label: cell for column, cell in zip(UNIT_COLUMNS, row.cells, strict=True)}
    assert (cells["承办单位"], cells["受理量"], cells["综合成绩"]) == ("规划建设科", "20", "88.3")
    client.force_login(vector.manager)
    shown = {one["key"]: one["text"] for one in client.get("/api/figures/?period=2026-11").json()["figures"]}
    assert (shown["solving_rate"], shown["satisfaction_rate"]) == ("87.50%", "86.25%")
    printed = text_of(client.get("/reports/appeals.pdf?period=2026-11").content)
    assert "响应率100.00%，解决率87.50%，满意率86.25%，综合成绩88.3分" in printed


def test_every_appeal_of_the_vector_has_the_story_that_leads_to_its_figure(vector):
    reached = Appeal.objects.filter(organisation=vector.office, status=S.CONFIRMED)
    story = ["submit", "accept", "dispatch", "sign", "contact", "joint_sign", "joint_answer", "progress", "answer"]
    assert reached.count() == len(ANSWERS)
    for appeal in reached:
        assert [event.step for event in appeal.events.order_by("pk")] == [*story, "close", "call_back"]
        assert appeal.created_at == START
