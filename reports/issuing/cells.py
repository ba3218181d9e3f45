"""Which rows stand behind a cell of a table, by a name under which they are kept with the report and found again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from reports.report import Report, Row, Table

# What a cell narrows by a parameter of its own; all else is a part of a breakdown.
ALONE = ("unit", "category", "period")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Place:
    """The rows of a figure, or of one part of it; of these all, or those that meet one condition."""

    figure: str
    by: str = ""
    value: str = ""
    part: str = ""

    @property
    def kept_as(self) -> str:
        return f"{self.figure}@{self.by}={self.value}" if self.by else self.figure

    @property
    def query(self) -> str:
        asked = {"by": self.by, "value": self.value, "part": self.part}
        return urlencode({name: text for name, text in asked.items() if text})


def place_of(address: str, about: str) -> Place | None:
    """The place that a cell leads to in a report about `about`: what its address narrows beyond that.

    None for what is narrowed in more than one way.
    """
    path, _, asked = address.partition("?")
    wanted, whole = dict(parse_qsl(asked)), dict(parse_qsl(about))
    figure, part = path.rstrip("/").rpartition("/")[2], wanted.pop("part", "")
    more = {name: text for name, text in wanted.items() if whole.get(name) != text}
    if not figure or whole.keys() - wanted.keys():
        return None
    if more.keys() == {"by", "value"}:
        found = Place(figure, more["by"], more["value"], part)
    elif len(more) == 1 and (name := next(iter(more))) in ALONE:
        found = Place(figure, name, more[name], part)
    else:
        return None if more else Place(figure, part=part)
    return found if len(found.kept_as) <= LONGEST_NAME else None


@dataclass(frozen=True, slots=True)
class Cell:
    table: Table
    row: Row
    column: int
    place: Place

    @property
    def text(self) -> str:
        return self.row.cells[self.column]

    @property
    def label(self) -> str:
        """承办单位办理情况：产业科，满意数."""
        keys = [column.key for column in self.table.columns]
        line = self.row.cells[keys.index("name") if "name" in keys else 0]
        return f"{self.table.title}：{line}，{self.table.columns[self.column].label}"


def cells_of(report: Report, about: str) -> Iterator[Cell]:
    """Those that lead somewhere."""
    for table in report.tables:
        for row in table.lines:
            for column, address in enumerate(row.addresses):
                if address and (place := place_of(address, about)):
                    yield Cell(table, row, column, place)
