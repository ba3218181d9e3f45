"""The parts about appeals: by unit, by category, what is still open, and all of one matter."""

from __future__ import annotations

from decimal import Decimal

from reports.documents.material import Material
from reports.figures import tables
from reports.figures.linking import linked
from reports.formats import EMPTY, short_date
from reports.report import Chart, Column, Part, Row, Series, Table
from reports.rows.scope import Scope
from visits.models import Appeal


def unit_tables(scope: Scope) -> tuple[Table, Table]:
    """By unit and by category, of the same counts, as the documents print them."""
    counted = tables.groups(scope)
    return unit_table(scope, counted), category_table(scope, counted)


def unit_table(scope: Scope, counted: tables.Groups) -> Table:
    return linked(scope, tables.by_unit(scope, counted), "unit")


def category_table(scope: Scope, counted: tables.Groups) -> Table:
    return linked(scope, tables.by_category(counted), "category")


def by_unit(material: Material) -> Part:
    table = unit_table(material.scope, material.groups)
    return Part("by_unit", table.title, (table,))


def by_unit_drawn(material: Material) -> Part:
    """With the scores of the ranked units as bars."""
    part = by_unit(material)
    return drawn(part, part.tables[0], "composite_score", "分")


def by_category(material: Material) -> Part:
    table = category_table(material.scope, material.groups)
    return Part("by_category", table.title, (table,))


def by_category_drawn(material: Material) -> Part:
    part = by_category(material)
    return drawn(part, part.tables[0], "accepted", "件")


def drawn(part: Part, table: Table, column: str, unit: str) -> Part:
    """Bars of one column, of the rows that have a number in it, above the table."""
    keys = [one.key for one in table.columns]
    name, number = keys.index("name"), keys.index(column)
    rows = [row for row in table.rows if row.cells[number][0].isdigit()]
    if not rows:
        return part
    texts = tuple(row.cells[number] for row in rows)
    label = table.columns[number].label
    chart = Chart(
        f"{table.key}_chart",
        f"{table.title}：{label}",
        "bar",
        tuple(row.cells[name] for row in rows),
        (Series(label, tuple(Decimal(text) for text in texts), texts),),
        unit,
        table,
        tuple(row.addresses[number] for row in rows),
    )
    return Part(part.key, part.title, (chart,))


MATTER_COLUMNS = (
    Column("number", "编号"),
    Column("enterprise", "企业"),
    Column("content", "诉求内容"),
    Column("unit", "承办单位"),
    Column("accepted", "受理"),
    Column("state", "状态"),
    Column("result", "答复"),
)


def all_of_matter(material: Material) -> Part:
    """Every appeal that the document is about: of a common matter all, else those accepted in the period."""
    scope = material.scope
    rows = scope.appeals() if scope.matter else scope.appeals().filter(scope.within("accepted_at"))
    listed = rows.select_related("enterprise", "lead_unit").order_by("accepted_at", "pk")
    table = Table(
        "all_of_matter",
        "诉求清单",
        MATTER_COLUMNS,
        tuple(Row(matter_cells(one), str(one.pk)) for one in listed),
        None,
        empty="期内没有这一事项的诉求。",
    )
    return Part("all_of_matter", table.title, (table,))


def matter_cells(one: Appeal) -> tuple[str, ...]:
    return (
        one.number,
        one.enterprise.name,
        tables.shortened(one.content),
        one.lead_unit.name if one.lead_unit else tables.NO_UNIT,
        short_date(one.accepted_at),
        one.get_status_display(),
        tables.shortened(one.result_text) or one.get_result_display() or EMPTY,
    )


def open_appeals(material: Material) -> Part:
    table = tables.open_appeals(material.scope)
    return Part("open_appeals", table.title, (table,))
