"""Everything that points at an enterprise, declared once: what a merge moves, and what it leaves where it is.

Upper apps declare theirs in a table of their own, named in the settings. A test walks the models and fails when one
points at an enterprise and is in no table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

# The survivor's key → which rows of the source are already there, and so stay with the source.
Known = Callable[[QuerySet[Any], str, int], Q]


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows of `model` that point at an enterprise by `field`.

    `known` finds those that the survivor has too. A row meeting `only_one` gives up `yields` when the survivor has
    such a row already. With `stays_because` nothing is moved.
    """

    model: str
    label: str
    field: str = "enterprise"
    known: Known | None = None
    only_one: Q | None = None
    yields: str = ""
    stays_because: str = ""

    @property
    def key(self) -> str:
        return f"{self.model}.{self.field}"

    @property
    def rows(self) -> QuerySet[Any]:
        manager: Any = apps.get_model(self.model)._default_manager
        rows: QuerySet[Any] = manager.order_by("pk")
        return rows

    def of(self, enterprise: int) -> QuerySet[Any]:
        return self.rows.filter(**{self.field: enterprise})

    def to_move(self, source: int, survivor: int) -> QuerySet[Any]:
        rows = self.of(source)
        return rows.exclude(self.known(self.rows, self.field, survivor)) if self.known else rows


def same(*names: str) -> Known:
    """A row of the survivor has the same values."""

    def known(rows: QuerySet[Any], field: str, survivor: int) -> Q:
        return Q(Exists(rows.order_by().filter(**{field: survivor}, **{name: OuterRef(name) for name in names})))

    return known


def named(rows: QuerySet[Any], field: str, survivor: int) -> Q:
    """The survivor had that name before, or has it now."""
    bearer = apps.get_model("parks.Enterprise")._default_manager.filter(pk=survivor)
    return same("name")(rows, field, survivor) | Q(Exists(bearer.filter(normalised_name=OuterRef("normalised_name"))))


def overlapping(rows: QuerySet[Any], field: str, survivor: int) -> Q:
    """A time-ranged row of the survivor covers some of the same days."""
    ends = Coalesce(OuterRef("ends_on"), Value(date.max))
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("starts_on"))
    return Q(Exists(rows.order_by().filter(later, starts_on__lt=ends, **{field: survivor})))


OWN: tuple[Relation, ...] = (
    Relation("parks.Contact", "联系人", only_one=Q(is_primary=True), yields="is_primary"),
    Relation("parks.Qualification", "资质", known=same("kind_id", "valid_from")),
    Relation(
        "parks.Stewardship",
        "管家",
        known=same("user_id", "role", "starts_on"),
        only_one=Q(is_primary=True, ends_on__isnull=True),
        yields="is_primary",
    ),
    Relation("parks.ServiceTier", "服务包级别", known=overlapping),
    Relation("parks.MonthlyReturn", "经济指标月报", known=same("year", "month")),
    Relation("parks.Indicator", "经济指标", stays_because="it is counted anew from the returns"),
    Relation("parks.FormerName", "曾用名", known=named),
    Relation("parks.FormerCode", "原信用代码", known=same("code")),
    Relation("parks.Enterprise_tags", "标签", known=same("tag_id")),
    Relation("parks.NotDuplicate", "不是重复", "first", stays_because="it was said of that record"),
    Relation("parks.NotDuplicate", "不是重复", "second", stays_because="it was said of that record"),
    Relation("parks.MergeRecord", "合并记录", "survivor", stays_because="merges are undone one by one"),
    Relation("parks.MergeRecord", "合并记录", "source", stays_because="merges are undone one by one"),
    Relation("parks.Enterprise", "合并到", "merged_into", stays_because="old addresses follow the chain"),
)


def all_relations() -> list[Relation]:
    """Those of every app."""
    return [relation for table in settings.ENTERPRISE_RELATIONS for relation in import_string(table)]


def moving_relations() -> list[Relation]:
    return [relation for relation in all_relations() if not relation.stays_because]
