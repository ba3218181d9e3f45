"""What stands in the report and in which order: title, summary, figures, tables, definitions, signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.platypus.flowables import CondPageBreak, Flowable, Spacer

from reports.formats import chinese_date
from reports.pdf.flowables import Heading, Prose, Style
from reports.pdf.fonts import Face
from reports.pdf.grid import PAD_X, SIZE, Grid, band, column_widths, note_lines
from reports.pdf.page import BODY_SIZE, PITCH, TITLE_SIZE
from reports.pdf.strip import BOX_HEIGHT, strips
from reports.report import Definition, Report, Table

NUMERALS = "一二三四五六七八九十"
BODY = Style(indent=2, is_justified=True)
TITLE = Style(size=TITLE_SIZE, pitch=PITCH * 1.25, advance=1, align="center")
SUBTITLE = Style(align="center")
FIRST_LEVEL = Style(indent=2)
SIGNATURE = Style(align="end", right_indent=4)
DEFINITION = Style(size=12, pitch=20, advance=1, indent=2, is_justified=True)
SIGNATURE_HEIGHT = PITCH * 4
NOTE = Style(size=10.5, pitch=16, advance=1)

# Relative column widths; a table without an entry gets equal ones.
SHARES: dict[str, tuple[float, ...]] = {
    "by_unit": (8.5, 28.6, 11.4, 8.4, 8.4, 8.4, 8.4, 8.4, 8.4, 14.8, 14.8, 14.8, 10.6),
    "by_category": (44, 16, 16, 16, 16, 16, 16, 20, 20),
    "open_appeals": (28, 34, 42, 22, 19, 17),
}


def story(report: Report) -> list[Flowable]:
    sections: list[tuple[str, Iterator[Flowable], float]] = [
        ("总体情况", summary(report), PITCH),
        ("关键指标", key_figures(report), BOX_HEIGHT + PITCH),
        (report.by_unit.title, table(report.by_unit), 90),
        (report.by_category.title, table(report.by_category), 90),
        (report.open_appeals.title, table(report.open_appeals), 90),
        ("口径说明", definitions(report.definitions), PITCH),
    ]
    flowables = list(opening(report))
    for number, (title, body, least) in enumerate(sections):
        # A heading never stands alone at the foot of a page.
        flowables += [
            CondPageBreak(PITCH + least),
            Heading(f"{NUMERALS[number]}、{title}", Face.HEADING, FIRST_LEVEL, 0),
        ]
        flowables += body
    return [*flowables, *signature(report)]


def opening(report: Report) -> Iterator[Flowable]:
    yield Heading(report.title, Face.TITLE, TITLE, 0)
    yield Prose([(f"（{report.period_label}）", Face.SUBHEADING)], SUBTITLE)
    yield Spacer(1, PITCH)


def summary(report: Report) -> Iterator[Flowable]:
    for paragraph in report.summary:
        yield Prose([(paragraph, Face.BODY)], BODY)


def key_figures(report: Report) -> Iterator[Flowable]:
    sections = dict.fromkeys(figure.section for figure in report.figures)
    for number, section in enumerate(sections):
        rows = strips(report.section(section))
        yield CondPageBreak(PITCH + BOX_HEIGHT * len(rows))
        yield Heading(f"（{NUMERALS[number]}）{section}", Face.SUBHEADING, FIRST_LEVEL, 1)
        yield from rows
        yield Spacer(1, 6)
    yield Prose([(f"注：升降与{report.compared_label}比较。“—”表示没有可统计的记录。", Face.SONG)], NOTE)


def table(data: Table) -> Iterator[Flowable]:
    if not data.rows:
        yield Prose([(data.empty, Face.BODY)], BODY)
        return
    widths = column_widths(SHARES.get(data.key) or [1.0] * len(data.columns))
    bands = [band(row.cells, widths, Face.SONG) for row in data.rows]
    if data.total:
        bands.append(band(data.total.cells, widths, Face.HEADING, is_shaded=True))
    labels = [header_label(column.label, width) for column, width in zip(data.columns, widths, strict=True)]
    header = band(labels, widths, Face.HEADING, is_shaded=True)
    yield Spacer(1, 4)
    yield Grid(header, bands, widths, [column.align for column in data.columns], note=note_lines(data.note))
    yield Spacer(1, 4)


def header_label(label: str, width: float) -> str:
    """Four characters that do not fit beside each other stand two above two."""
    return f"{label[:2]}\n{label[2:]}" if len(label) == 4 and width < 4 * SIZE + 2 * PAD_X else label


def definitions(entries: Sequence[Definition]) -> Iterator[Flowable]:
    for number, entry in enumerate(entries, start=1):
        if number == len(entries):
            # The signature never stands alone on the last page.
            yield CondPageBreak(DEFINITION.pitch * 4 + SIGNATURE_HEIGHT)
        yield Prose([(f"{number}. {entry.label}：", Face.HEADING), (entry.text, Face.BODY)], DEFINITION)


def signature(report: Report) -> Iterator[Flowable]:
    """Who and when, four characters in from the right; a seal is never drawn."""
    yield Spacer(1, PITCH)
    yield Prose([(report.organisation, Face.BODY)], SIGNATURE)
    yield Prose([(chinese_date(report.issued_on), Face.BODY)], SIGNATURE)
    yield Spacer(1, BODY_SIZE / 2)
    source = f"本报告由系统按{report.as_of_label}的记录生成，供内部参考。制表：{report.issued_by}。"
    yield Prose([(source, Face.SONG)], NOTE)
