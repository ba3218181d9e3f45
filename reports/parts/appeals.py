"""The parts about appeals: by unit, by category, and what is still open."""

from __future__ import annotations

from reports import tables
from reports.linking import linked
from reports.material import Material
from reports.report import Part


def by_unit(material: Material) -> Part:
    table = linked(material.scope, tables.by_unit(material.scope, material.groups), "unit")
    return Part("by_unit", table.title, (table,))


def by_category(material: Material) -> Part:
    table = linked(material.scope, tables.by_category(material.groups), "category")
    return Part("by_category", table.title, (table,))


def open_appeals(material: Material) -> Part:
    table = tables.open_appeals(material.scope)
    return Part("open_appeals", table.title, (table,))
