"""`manage.py figures` and `manage.py report`."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from reports.metrics import METRICS
from tests.reports.pdf_text import text_of
from tests.reports.world import NOW, at


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


def run(name, **options):
    out = StringIO()
    call_command(name, stdout=out, **options)
    return out.getvalue()


def test_figures_prints_exact_values_as_json(full):
    values = json.loads(run("figures", period="2023-11", user=full.user.username, json=True))
    assert list(values) == [metric.key for metric in METRICS]
    assert values["enterprise_visits"] == 3
    assert values["satisfaction_rate"] == 0.8625
    assert values["composite_score"] == 88.25
    assert values["response_rate"] == 1


def test_figures_without_rows_are_null(world):
    values = json.loads(run("figures", period="2023", user=world.user.username, json=True))
    assert set(values.values()) == {None}


def test_figures_are_listed_for_people_with_their_definitions(full):
    listed = run("figures", period="2023-11", user=full.user.username)
    assert "满意率\t86.25%\t—\t—\t有效回访中企业表示满意的占比" in listed


def test_report_writes_the_pdf(full, tmp_path):
    run("report", period="2023-11", user=full.user.username, out=tmp_path / "报告.pdf")
    assert "86.25%" in text_of((tmp_path / "报告.pdf").read_bytes())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"user": "nobody", "period": "2023"}, "没有名为“nobody”的在用账号"),
        ({"user": "auditor", "period": "2023"}, "没有查看或下载统计报告的权限"),
        ({"user": "leader", "period": "去年"}, "看不懂的统计期间"),
    ],
)
@pytest.mark.parametrize("command", ["figures", "report"])
def test_a_wrong_user_or_period_is_refused_in_chinese(users, tmp_path, command, options, message):
    more = {"out": tmp_path / "x.pdf"} if command == "report" else {}
    with pytest.raises(CommandError, match=message):
        call_command(command, **options, **more)
    assert not list(tmp_path.iterdir())
