"""What a person writes into a report: kept apart from the computed text, put in its place when it is printed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reports.report import Definition, Numbered, Part, RedHeader, Report

SUMMARY, CASES, NEXT_STEPS, DEFINITIONS = "summary", "cases", "next_steps", "definitions"


@dataclass(frozen=True, slots=True)
class Words:
    """An empty summary leaves the computed one; cases and next steps without text leave out their part."""

    summary: tuple[str, ...] = ()
    cases: tuple[Definition, ...] = ()
    next_steps: tuple[str, ...] = ()
    header: RedHeader | None = None


def worded(report: Report, words: Words) -> Report:
    if words.header:
        report = replace(report, header=words.header)
    if words.summary:
        report = report.reworded(SUMMARY, words.summary)
    if words.cases:
        report = with_part(report, Part(CASES, "典型案例", (Numbered(words.cases),)))
    if words.next_steps:
        report = with_part(report, Part(NEXT_STEPS, "下一步工作", (listed(words.next_steps),)))
    return report


def listed(texts: tuple[str, ...]) -> Numbered:
    return Numbered(tuple(Definition("", text) for text in texts))


def with_part(report: Report, new: Part) -> Report:
    """In the place of the part of this key; otherwise before the definitions, which come last."""
    if any(part.key == new.key for part in report.parts):
        return replace(report, parts=tuple(new if part.key == new.key else part for part in report.parts))
    before = tuple(part for part in report.parts if part.key != DEFINITIONS)
    after = tuple(part for part in report.parts if part.key == DEFINITIONS)
    return replace(report, parts=(*before, new, *after))
