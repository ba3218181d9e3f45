"""The parts that a person typed or picked: typical cases, next steps."""

from __future__ import annotations

from reports.documents.material import Case, Material
from reports.report import Definition, Numbered, Part


def cases(material: Material) -> Part | None:
    """需求–做法–成效, as the domain has them; None without any."""
    entries = tuple(Definition(case.title, told(case)) for case in material.given.cases)
    return Part("cases", "典型案例", (Numbered(entries),)) if entries else None


def told(case: Case) -> str:
    said = (("需求", case.need), ("做法", case.done), ("成效", case.effect))
    return "".join(f"{label}：{text.rstrip('。；')}。" for label, text in said if text)


def next_steps(material: Material) -> Part | None:
    entries = tuple(Definition("", text) for text in material.given.next_steps)
    return Part("next_steps", "下一步工作", (Numbered(entries),)) if entries else None
