"""The kinds of document: which parts stand in each and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from reports.material import Material
from reports.parts import appeals, figures
from reports.report import Part

PartMaker: TypeAlias = Callable[[Material], Part | None]


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    label: str
    title: str
    parts: tuple[PartMaker, ...]


# The dashboard: what it shows and no more, because it is asked for all day.
BOARD = Kind("board", "看板", "数据看板", (figures.summary, appeals.by_unit, appeals.by_category))
APPEALS = Kind(
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
KINDS: tuple[Kind, ...] = (APPEALS,)
KIND_BY_KEY: dict[str, Kind] = {kind.key: kind for kind in KINDS}
