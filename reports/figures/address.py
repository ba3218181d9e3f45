"""Between an address and a scope: what `?period=…&park=…` means, and the addresses of a figure's rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from crm.models import Organisation, User
from parks.models import Park
from reports.period import BadPeriod, Period, period_named
from reports.rows.dimensions import DIMENSIONS
from reports.rows.scope import Scope
from visits.choices import AppealCategory
from visits.models import CommonMatter


def scope_from(query: Mapping[str, str], user: User, now: datetime | None = None) -> Scope:
    """Raises BadPeriod with a message for the user; a park or unit that the user may not see is 404."""
    now = now or timezone.now()
    category = query.get("category", "")
    if category and category not in AppealCategory.values:
        raise Http404
    by, value = part_from(query)
    return Scope(
        user=user,
        period=period_from(query, now),
        now=now,
        park=one_of(Park.objects.visible_to(user), query.get("park", "")),
        unit=one_of(Organisation.objects.visible_to(user), query.get("unit", "")),
        category=category,
        by=by,
        value=value,
        matter=one_of(CommonMatter.objects.visible_to(user), query.get("matter", "")),
    )


def part_from(query: Mapping[str, str]) -> tuple[str, str]:
    """One part of a breakdown; half of it, or what is no part, is 404."""
    by, value = query.get("by", ""), query.get("value", "")
    if (by or value) and not (by in DIMENSIONS and DIMENSIONS[by].accepts(value)):
        raise Http404
    return by, value


def period_from(query: Mapping[str, str], now: datetime) -> Period:
    first, last = query.get("from", ""), query.get("to", "")
    if first and last:
        return Period.parse(f"{first}..{last}")
    if first or last:
        raise BadPeriod("自选日期需要同时填写开始日期和结束日期。")
    return period_named(query.get("period", ""), timezone.localdate(now))


def one_of(rows: QuerySet[Any], key: str) -> Any:
    if not key:
        return None
    found: Model | None = rows.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 18 else None
    if found is None:
        raise Http404
    return found


def query_of(scope: Scope, **changed: str) -> str:
    """The scope as a query string, with what is changed; empty values are left out."""
    values = {
        "period": scope.period.key,
        "park": str(scope.park.pk) if scope.park else "",
        "unit": str(scope.unit.pk) if scope.unit else "",
        "category": scope.category,
        "by": scope.by,
        "value": scope.value,
        "matter": str(scope.matter.pk) if scope.matter else "",
    }
    return urlencode({key: value for key, value in (values | changed).items() if value})


def rows_address(scope: Scope, key: str, **changed: str) -> str:
    return f"{reverse('reports:figure_rows', args=[key])}?{query_of(scope, **changed)}"


def rows_endpoint(page: str) -> str:
    """The endpoint of the same rows as a page that `rows_address` gave."""
    path, _, query = page.partition("?")
    key = path.rstrip("/").rpartition("/")[2]
    return f"{reverse('reports:api_rows', args=[key])}?{query}"
