"""典型案例: appeals of the period that a person may pick, written as 需求 and 做法成效. The person edits it further."""

from __future__ import annotations

from django.db.models import QuerySet

from reports.report import Definition
from reports.scope import Scope
from visits.choices import Satisfaction, Solved
from visits.models import Appeal

MOST = 20


def candidates(scope: Scope) -> QuerySet[Appeal]:
    """Solved and satisfied by the enterprise's own word, the latest first."""
    good = scope.call_backs().filter(solved=Solved.SOLVED, satisfaction=Satisfaction.SATISFIED)
    rows = scope.appeals().filter(pk__in=good.values("appeal_id")).exclude(result_text="")
    return rows.select_related("enterprise").order_by("-closed_at", "-pk")[:MOST]


def case_of(appeal: Appeal) -> Definition:
    title = f"{appeal.enterprise.name}{appeal.get_category_display()}诉求"
    return Definition(title, f"需求：{sentence(appeal.content)}做法和成效：{sentence(appeal.result_text)}")


def sentence(text: str) -> str:
    one = " ".join(text.split())
    return one if one.endswith(("。", "！", "？")) else f"{one}。"
