"""Makers of parks and enterprises."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from crm.models import Organisation
from parks.models import Enterprise, Park, QualificationKind, Tag
from parks.search import reindex_enterprises
from parks.shared import compare_later

_numbers = count(1)


def make_park(organisation: Organisation, name: str = "网络安全园") -> Park:
    return Park.objects.get_or_create(organisation=organisation, name=name)[0]


def make_enterprise(organisation: Organisation, name: str = "", **fields: Any) -> Enterprise:
    name = name or f"示例第{next(_numbers)}科技有限公司"
    tags = fields.pop("tags", ())
    defaults: dict[str, Any] = {"joined_on": date(2020, 1, 1), "normalised_name": name}
    enterprise = Enterprise.objects.create(organisation=organisation, name=name, **(defaults | fields))
    reindex_enterprises([enterprise.pk])
    compare_later([enterprise.pk])
    for tag in tags:
        enterprise.tags.add(Tag.objects.get_or_create(organisation=organisation, name=tag)[0])
    enterprise.refresh_from_db(fields=["search_text", "name_key"])
    return enterprise


def make_kind(code: str, **fields: Any) -> QualificationKind:
    defaults: dict[str, Any] = {"name": code, "short_name": code, "awarded_at": "city"}
    return QualificationKind.objects.get_or_create(code=code, defaults=defaults | fields)[0]
