"""The words of a 通报: who ranks first and last, who shares a place, who had no task and who is not ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reports.documents.material import Material
from reports.documents.parts.appeals import by_unit
from reports.figures.tables import IDLE, NO_UNIT
from reports.formats import EMPTY
from reports.report import Part, Prose, Table

Line: TypeAlias = Mapping[str, str]


def summary(material: Material) -> Part:
    lines = named_lines(by_unit(material).tables[0])
    told = [material.scope.period.label + "，" + opening(lines), *places(lines), *apart(lines)]
    return Part("summary", "通报内容", (Prose(("".join(f"{one}。" for one in told),)),))


def named_lines(table: Table) -> list[Line]:
    keys = [column.key for column in table.columns]
    lines = [dict(zip(keys, row.cells, strict=True)) for row in table.rows]
    return [line for line in lines if line["name"] != NO_UNIT]


def opening(lines: Sequence[Line]) -> str:
    ranked = [line for line in lines if line["position"] != EMPTY]
    return f"{len(ranked)}个承办单位参加综合成绩排名" if ranked else "没有承办单位参加综合成绩排名"


def places(lines: Sequence[Line]) -> list[str]:
    """First and last; equals share a place and are named together."""
    ranked = [line for line in lines if line["position"] != EMPTY]
    if not ranked:
        return []
    first, last = ranked[0], ranked[-1]
    told = [f"排名第一的是{standing(ranked, first)}"]
    if last["composite_score"] != first["composite_score"]:
        told.append(f"排名末位的是{standing(ranked, last)}")
    return told


def standing(ranked: Sequence[Line], one: Line) -> str:
    equals = [line["name"] for line in ranked if line["position"] == one["position"]]
    return f"{'、'.join(equals)}（{'并列，' if len(equals) > 1 else ''}{one['composite_score']}分）"


def apart(lines: Sequence[Line]) -> list[str]:
    idle = [line["name"] for line in lines if line["accepted"] == IDLE]
    unranked = [line["name"] for line in lines if line["position"] == EMPTY and line["accepted"] != IDLE]
    told = []
    if unranked:
        told.append(f"没有有效回访、不参加排名的有{'、'.join(unranked)}")
    if idle:
        told.append(f"期内无任务的有{'、'.join(idle)}")
    return told
