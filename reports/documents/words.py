"""The words that every format prints alike: subtitle, source. No queries here."""

from __future__ import annotations

import re

from reports.report import Report

CONTROLS, HALVES = re.compile("[\x00-\x1f\x7f-\x9f]"), re.compile("[\ud800-\udfff]")
UNPRINTABLE = re.compile(f"{CONTROLS.pattern}|{HALVES.pattern}")


def subtitle_of(report: Report) -> str:
    """The period, and what narrows the report."""
    return f"（{'　'.join((report.period_label, *report.narrowed_to))}）"


# What a document calls itself at its foot.
NAMES = {"special": "本专报", "bulletin": "本通报", "dossier": "本档案", "appeal_sheet": "本办理单"}


def source_of(report: Report) -> str:
    name = NAMES.get(report.kind, "本报告")
    return f"{name}由系统按{report.as_of_label}的记录生成，供内部参考。制表：{report.issued_by}。"


def printable(text: str) -> str:
    """Without what no file format takes: control characters and halves of surrogate pairs."""
    return HALVES.sub("", CONTROLS.sub(" ", text)) if UNPRINTABLE.search(text) else text
