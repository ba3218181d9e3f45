"""Which values several enterprises of one register share, counted as they are written: a register is not read for it.

Writers of a name or telephone, and of the bin, call `compare_later`, which is one statement; whoever asks what is
shared calls `catch_up` first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from crm.imports.matching import TARGETS_PER_QUERY, chunks
from parks.models import Enterprise, SharedValue, Uncompared

# The columns of which shared values are kept, in which the index of that column serves to count them.
COLUMNS = ("normalised_name", "phone")
# Of so many enterprises written since, all are counted as soon.
MANY = 50_000
COUNT_ALL = tuple(
    "INSERT INTO parks_sharedvalue (organisation_id, field, value, held)"  # noqa: S608
    f" SELECT organisation_id, '{column}', {column}, count(*) FROM parks_enterprise"
    f" WHERE deleted_at IS NULL AND {column} <> '' GROUP BY organisation_id, {column} HAVING count(*) > 1"
    for column in COLUMNS
)


def compare_later(keys: Iterable[int]) -> None:
    """These enterprises were added, changed, deleted or restored."""
    wanted = list(keys)
    given = "SELECT unnest(%s)" if connection.vendor == "postgresql" else "SELECT value FROM json_each(%s)"
    if wanted:
        with connection.cursor() as cursor:
            parameter = wanted if connection.vendor == "postgresql" else json.dumps(wanted)
            cursor.execute(f"INSERT INTO parks_uncompared (enterprise) {given}", [parameter])


def catch_up() -> None:
    """Count anew the values that the enterprises written since have, or ever had."""
    if Uncompared.objects.exists():
        with transaction.atomic():
            _wait_for_others()
            rows = dict(Uncompared.objects.values_list("pk", "enterprise")[: MANY + 1])
            if len(rows) > MANY:
                count_all()
                return
            for column in COLUMNS:
                _recount(column, sorted(set(rows.values())))
            for part in chunks(list(rows), TARGETS_PER_QUERY):
                Uncompared.objects.filter(pk__among=part).delete()


def _wait_for_others() -> None:
    """Two that count the same values at once would write them twice; SQLite lets only one write anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('parks_sharedvalue'))")


def _recount(column: str, keys: list[int]) -> None:
    touched: set[tuple[int, str]] = set()
    versions: Any = Enterprise.history
    everyone: Any = Enterprise.objects
    for known in (everyone, versions):
        for part in chunks(keys, TARGETS_PER_QUERY):
            rows = known.filter(id__among=part).order_by()
            touched |= set(rows.values_list("organisation_id", column).distinct())
    for part in chunks(sorted({value for _, value in touched if value}), TARGETS_PER_QUERY):
        _count(column, part, {owner for owner, _ in touched})


def _count(column: str, values: list[str], owners: set[int]) -> None:
    held: Counter[tuple[int, str]] = Counter()
    carriers = Enterprise.objects.living().filter(organisation__in=owners, **{f"{column}__among": values}).order_by()
    held.update(carriers.values_list("organisation_id", column))
    SharedValue.objects.filter(organisation__in=owners, field=column, value__among=values).delete()
    SharedValue.objects.bulk_create(
        [
            SharedValue(organisation_id=owner, field=column, value=value, held=number)
            for (owner, value), number in held.items()
            if number > 1
        ],
        batch_size=1000,
    )


def count_all() -> None:
    """From nothing: after a restore, or after rows were written past the actions."""
    with transaction.atomic(), connection.cursor() as cursor:
        _wait_for_others()
        Uncompared.objects.all().delete()
        SharedValue.objects.all().delete()
        for statement in COUNT_ALL:
            cursor.execute(statement)
