"""The kinds of document: one table. Which parts stand in each, in which order, over how long a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from reports.documents.material import Material
from reports.documents.parts import (
    appeals,
    economy,
    evaluations,
    figures,
    given,
    handling,
    ranking,
    register,
    special,
    trend,
    visiting,
)
from reports.metrics import ANSWERS, APPEALS, ATTENTION, Metric
from reports.period import BadPeriod, Period
from reports.report import Part

PartMaker: TypeAlias = Callable[[Material], Part | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`days` are the fewest and the most that a period of it has; `sections` which figures it prints, all if empty."""

    key: str
    label: str
    title: str
    parts: tuple[PartMaker, ...]
    days: tuple[int, int] = (1, 10_000)
    sections: tuple[str, ...] = ()
    # About one matter, which has to be chosen: a category, a common matter or a unit.
    is_about_one: bool = False

    def check(self, period: Period) -> None:
        """Raises BadPeriod with a message for the user."""
        least, most = self.days
        if not least <= (period.end - period.start).days <= most:
            raise BadPeriod(f"{self.label}的统计期间不能是“{period.label}”，请重新选择期间或文种。")

    def prints(self, metric: Metric) -> bool:
        """A document about appeals has no figures that cannot be told of one category: those of visits."""
        return not self.sections or (metric.section in self.sections and "category" in metric.dimensions)

    def lacks_matter(self, *chosen: object) -> str:
        """The reason why it cannot be about what was chosen of unit, category and matter; empty when it can."""
        if self.is_about_one and not any(chosen):
            return f"{self.label}针对一个事项：请选择诉求类别、共性问题或承办单位中的一项。"
        return ""


EVALUATION = Kind(
    "appeals",
    "诉求情况",
    "诉求办结与满意情况报告",
    (
        figures.summary,
        figures.key_figures,
        appeals.by_unit,
        appeals.by_category,
        appeals.open_appeals,
        figures.definitions,
    ),
)
SHORT = (
    figures.summary,
    figures.key_figures,
    appeals.by_unit,
    handling.time_limits,
    appeals.open_appeals,
    given.next_steps,
    figures.definitions,
)
FULL = (
    figures.summary,
    figures.key_figures,
    trend.trend,
    evaluations.results,
    visiting.by_steward,
    appeals.by_unit_drawn,
    handling.time_limits,
    handling.progress,
    appeals.by_category_drawn,
    handling.by_source,
    economy.changes,
    given.cases,
    handling.long_pending,
    appeals.open_appeals,
    register.moves,
    register.qualifications,
    given.next_steps,
    figures.definitions,
)
SPECIAL = (
    special.summary,
    figures.key_figures,
    handling.progress,
    appeals.by_unit,
    handling.time_limits,
    appeals.all_of_matter,
    given.cases,
    handling.long_pending,
    given.next_steps,
    figures.definitions,
)
RANKING = (
    ranking.summary,
    appeals.by_unit_drawn,
    handling.time_limits,
    appeals.open_appeals,
    given.next_steps,
    figures.definitions,
)
OF_APPEALS = (APPEALS, ANSWERS, ATTENTION)

KINDS: tuple[Kind, ...] = (
    Kind("daily", "日报", "企业服务工作日报", SHORT, (1, 2)),
    Kind("weekly", "周报", "企业服务工作周报", SHORT, (3, 8)),
    Kind("monthly", "月报", "企业服务工作月报", FULL, (27, 32)),
    Kind("quarterly", "季报", "企业服务工作季报", FULL, (88, 93)),
    Kind("yearly", "年报", "企业服务工作年报", FULL, (94, 366)),
    Kind("special", "专报", "企业诉求专报", SPECIAL, sections=OF_APPEALS, is_about_one=True),
    Kind("bulletin", "通报", "诉求办理情况通报", RANKING, sections=OF_APPEALS),
    EVALUATION,
)
KIND_BY_KEY: dict[str, Kind] = {kind.key: kind for kind in KINDS}


def kind_for(period: Period) -> Kind:
    """The periodical whose length the period has; else the one that suits all."""
    for kind in KINDS:
        if not kind.sections and kind.days[0] <= (period.end - period.start).days <= kind.days[1]:
            return kind
    return EVALUATION
