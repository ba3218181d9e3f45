"""The documents of the demo in every format, and an annex of many rows; `ratio` is against half the rows, or the floor."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from bench.table import Measured
from crm.models import User
from reports import docx, pdf, xlsx
from reports.documents.build import build_report
from reports.documents.kinds import KIND_BY_KEY
from reports.figures.tables import OPEN_COLUMNS
from reports.pdf.lines import cell_lines
from reports.period import Period
from reports.report import Part, Report, Row, Table
from reports.rows.scope import Scope

ROWS = 10_000
AGAIN = 3
MONTHLY, PDF_ALONE, ANNEX, TWICE = 2_000.0, 600.0, 3_000.0, 2.1


def run() -> Iterator[Measured]:
    call_command("seed_demo", stdout=StringIO())
    scope = Scope(User.objects.get(username="leader"), Period.parse("2023-11"), timezone.now())
    kind = KIND_BY_KEY["monthly"]
    report = build_report(scope, kind)
    # Fonts are read once a process, and whatever is measured first would pay for them.
    pdf.render(report)
    built = best(lambda: build_report(scope, kind))
    yield Measured("monthly report of the demo, counted", built)
    times = {name: best(lambda module=module: module.render(report)) for name, module in FORMATS.items()}
    for name, taken in times.items():
        yield Measured(f"printed as {name}", taken, PDF_ALONE if name == "pdf" else None)
    yield Measured("counted and printed in all formats", built + sum(times.values()), MONTHLY)
    yield from annexes()


FORMATS: dict[str, Any] = {"pdf": pdf, "docx": docx, "xlsx": xlsx}


def annexes() -> Iterator[Measured]:
    whole, half = annex(ROWS), annex(ROWS // 2)
    # Python looks through all that it holds once a quarter has been added: a step of its own between half and whole.
    gc.collect()
    gc.freeze()
    for name, module in FORMATS.items():
        yield Measured(f"annex of {ROWS} rows as {name}", best(lambda m=module: m.render(whole)), ANNEX)
        work = [best(lambda m=module, r=r: m.render(r), time.process_time) for r in (whole, half)]
        yield Measured(f"… against {ROWS // 2}, in time of the processor", work[0] / work[1], TWICE, "×")
    gc.unfreeze()
    floor = best(lambda: text_alone(whole))
    yield Measured("floor: its text measured, and nothing drawn", floor, note=f"{taken_of(whole) / floor:.1f} × as pdf")


def taken_of(report: Report) -> float:
    return best(lambda: pdf.render(report))


def text_alone(report: Report) -> None:
    from reports.pdf.fonts import Face, glyph

    for row in report.tables[0].rows:
        for text in row.cells:
            for character in text:
                glyph(Face.SONG, character)


def annex(rows: int) -> Report:
    """Every row another, so that nothing is measured once for all."""
    firms = (f"云川{chr(0x4E00 + n % 5000)}{chr(0x4E10 + n % 3000)}科技有限公司" for n in range(rows))
    lines = tuple(
        Row(
            (
                f"SQ2026{n:06}",
                firm,
                f"园区班车末班太早，希望延后到晚上九点，第{n}件",
                "产业科",
                "2026-11-05",
                f"超期{n % 90}天",
            )
        )
        for n, firm in enumerate(firms)
    )
    table = Table("open_appeals", "未办结诉求", OPEN_COLUMNS, lines, None, "没有诉求。")
    part = Part("annex", "附件", (table,))
    day, now = date(2026, 12, 1), timezone.now()
    return Report("annex", "附件", "2026-11", "2026年11月", "上月", "镇", "张三", day, now, "截至", (), (part,))


def best(call: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds of the fastest of a few: others use the machine as well. Cells that were measured are forgotten:
    half the rows would fit into what is remembered, and all would not; so is the rubbish of the call before."""
    times = []
    for _ in range(AGAIN):
        cell_lines.cache_clear()
        gc.collect()
        start = clock()
        call()
        times.append((clock() - start) * 1000)
    return min(times)
