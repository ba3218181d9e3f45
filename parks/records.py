"""Reading the history of an enterprise and of what hangs on it: field, old → new, who, when, by what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone

from crm.models import ImportBatch, User
from crm.templatetags.ui import wan
from parks.models import Contact, Enterprise, MonthlyReturn, Qualification, QualificationKind, ServiceTier, Stewardship
from parks.querysets import AMOUNTS_OF_ONE

VERSIONS_READ = 1000
_DERIVED = frozenset({"normalised_name", "search_text", "name_key"})
# Who deleted is told by the author of the change, into what it was merged by its reason.
_TOLD = frozenset({"deleted_by", "merged_into"})
HIDDEN = (
    frozenset({"id", "version", "created_at", "updated_at", "created_by", "organisation", "enterprise"})
    | _DERIVED
    | _TOLD
)
BY_HAND = "页面"
EMPTY = "（空）"
_IMPORT = re.compile(r"导入 #(\d+)")
_VERBS = {"+": "登记", "~": "修改", "-": "删除"}


@dataclass(slots=True)
class Change:
    """One version against the one before; `title` names what it is of when that is not the enterprise itself."""

    at: datetime
    who: str
    how: str
    fields: list[tuple[str, str, str]]
    title: str = ""
    verb: str = ""
    batch: ImportBatch | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table whose history is part of an enterprise's: who may read it, and what a version of it is called."""

    model: Any
    permission: str
    related: tuple[str, ...]
    title: Callable[[Any], str]
    owner: str = "enterprise_id"
    # Fields that the title says already.
    named: frozenset[str] = field(default_factory=frozenset)


KEPT = (
    _Kept(Enterprise, "parks.view_enterprise", ("industry", "park"), lambda version: "", owner="id"),
    _Kept(Contact, "parks.view_contact", (), lambda version: f"联系人 {version.name}"),
    _Kept(
        Qualification,
        "parks.view_qualification",
        ("kind",),
        lambda version: f"资质 {version.kind.short_name}",
        named=frozenset({"kind"}),
    ),
    _Kept(
        Stewardship,
        "parks.view_stewardship",
        ("user",),
        lambda version: f"管家 {version.user}",
        named=frozenset({"user"}),
    ),
    _Kept(
        ServiceTier,
        "parks.view_servicetier",
        (),
        lambda version: f"服务包 {version.get_tier_display()}",
        named=frozenset({"tier"}),
    ),
    _Kept(
        MonthlyReturn,
        AMOUNTS_OF_ONE,
        (),
        lambda version: f"经济指标 {version.year}年{version.month}月",
        named=frozenset({"year", "month"}),
    ),
)


def changes_of(enterprise: Enterprise, user: User) -> list[Change]:
    """Newest first, the enterprise's own with those of its people, titles and service; a fixed number of queries."""
    found: list[Change] = []
    for kept in KEPT:
        if user.has_perm(kept.permission):
            found += _changes(kept, enterprise)
    found.sort(key=lambda change: change.at, reverse=True)
    _name_imports(found, user)
    return found


def _changes(kept: _Kept, owner: Enterprise | QualificationKind) -> Iterator[Change]:
    rows = kept.model.history.filter(**{kept.owner: owner.pk}).select_related("history_user", *kept.related)
    versions: dict[int, list[Any]] = defaultdict(list)
    newest_first = list(rows.order_by("-history_date", "-history_id")[: VERSIONS_READ + 1])
    is_cut = len(newest_first) > VERSIONS_READ
    for version in newest_first:
        versions[version.id].append(version)
    for one in versions.values():
        for new, old in pairwise(one):
            change = _change(kept, new, _differences(kept, old, new))
            # A merge tells something even where no field changed.
            if change.fields or change.how != BY_HAND or new.history_type != "~":
                yield change
        if not is_cut:
            yield _change(kept, one[-1], _first_values(kept, one[-1]))


def _change(kept: _Kept, version: Any, fields: Iterable[tuple[str, str, str]]) -> Change:
    who = str(version.history_user) if version.history_user else "系统"
    how = version.history_change_reason or BY_HAND
    told = [] if version.history_type == "-" else list(fields)
    return Change(version.history_date, who, how, told, kept.title(version), _VERBS[version.history_type])


def _differences(kept: _Kept, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    for column in kept.model._meta.concrete_fields:
        if column.name in HIDDEN or getattr(old, column.attname) == getattr(new, column.attname):
            continue
        yield str(column.verbose_name), _shown(old, column), _shown(new, column)


def _first_values(kept: _Kept, version: Any) -> Iterator[tuple[str, str, str]]:
    """What was known of a person or title when it was recorded; the record's own sixty fields are no news."""
    if kept.owner == "id" or version.history_type != "+":
        return
    for column in kept.model._meta.concrete_fields:
        if column.name not in HIDDEN | kept.named and getattr(version, column.attname) not in (None, "", False):
            yield str(column.verbose_name), "", _shown(version, column)


def _shown(version: Any, column: Any) -> str:
    display = getattr(version, f"get_{column.name}_display", None)
    value = display() if display else getattr(version, column.name)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{wan(value)} 万"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return EMPTY if value in (None, "") else str(value)


def _name_imports(changes: list[Change], user: User) -> None:
    """Let “导入 #12” lead to the batch, for those who may see it."""
    by_number: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        if found := _IMPORT.match(change.how):
            by_number[int(found[1])].append(change)
    if by_number:
        for batch in ImportBatch.objects.visible_to(user).filter(pk__in=by_number).only("pk", "filename"):
            for change in by_number[batch.pk]:
                change.batch = batch


_CATALOGUE = _Kept(QualificationKind, "parks.view_qualification", (), lambda version: "", owner="id")


def kind_changes(kind: QualificationKind) -> list[Change]:
    """The history of one entry of the catalogue, newest first."""
    return sorted(_changes(_CATALOGUE, kind), key=lambda change: change.at, reverse=True)


@dataclass(slots=True)
class Told:
    """Who began and who ended something that holds from a day to a day; None from before there was a history."""

    began: Change | None = None
    ended: Change | None = None


def told_of(model: Any, enterprise: Enterprise, user: User) -> dict[int, Told]:
    """Key of each stewardship or tier of the enterprise → who recorded its beginning and its end; two queries."""
    found: dict[int, Told] = defaultdict(Told)
    last: dict[int, Any] = {}
    for version in model.history.filter(enterprise_id=enterprise.pk).select_related("history_user").order_by("pk"):
        who = str(version.history_user) if version.history_user else "系统"
        change = Change(version.history_date, who, version.history_change_reason or BY_HAND, [])
        before = last.get(version.id)
        if version.history_type == "+":
            found[version.id].began = change
        elif before is None or before.ends_on != version.ends_on:
            found[version.id].ended = change if version.ends_on else None
        last[version.id] = version
    _name_imports([c for told in found.values() for c in (told.began, told.ended) if c], user)
    return found
