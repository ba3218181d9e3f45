"""The parts about figures: the summary in words, the strips of key figures, and the 口径 of each."""

from __future__ import annotations

from reports.documents.material import Material
from reports.documents.summary import paragraphs
from reports.report import Definition, Figure, FigureStrip, Numbered, Part, Prose


def summary(material: Material) -> Part:
    scope = material.scope
    told = paragraphs(
        material.by_key,
        scope.period.label,
        material.compared,
        material.as_of,
        with_last_year=scope.last_year().period != scope.previous().period,
    )
    return Part("summary", "总体情况", (Prose(told),))


def key_figures(material: Material) -> Part:
    sections = dict.fromkeys(one.section for one in material.figures)
    strips = (FigureStrip(name, tuple(one for one in material.figures if one.section == name)) for name in sections)
    note = Prose((f"注：升降与{material.compared}比较。“—”表示没有可统计的记录。",), is_note=True)
    return Part("figures", "关键指标", (*strips, note))


def definitions(material: Material) -> Part:
    entries = tuple(Definition(one.label, defined(one)) for one in material.figures)
    return Part("definitions", "口径说明", (Numbered(entries),))


def defined(one: Figure) -> str:
    return f"{one.definition}（本期{one.note}。）" if one.note else one.definition
