"""One import after another, each in a process of its own, so that its memory is its own: `python -m bench.import_run`.

Told by JSON on the command line what to do, it prints what it took.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

HEADER_FIELDS = [
    "name", "uscc", "status", "legal_representative", "registered_capital", "paid_in_capital", "established_on",
    "approved_on", "term_from", "", "enterprise_type", "", "registered_address", "actual_address", "building", "room",
    "phone", "email", "website", "insured_count", "employee_count", "registrar", "", "", "business_scope", "remark",
]  # fmt: skip


def new(path: str) -> int:
    """Read, stage and commit, as `manage.py import_file` does."""
    from crm.imports.commit import commit
    from crm.imports.staging import stage
    from crm.models import ImportBatch

    batch, table, user = _opened(path)
    stage(batch, actor=user, table=table)
    ImportBatch.objects.filter(pk=batch.pk).update(overwrite_edited=True, accept_doubts=True)
    batch = commit(batch.pk, actor=user)
    assert batch.results["created"] + batch.results["updated"] == batch.counts["rows"], batch.results
    return batch.pk


def task(path: str) -> int:
    """The same as a worker does it, telling how far it has come."""
    from django.conf import settings

    from crm.imports.tasks import run_batch, start
    from crm.models.imports import BatchState

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    batch, _, user = _opened(path)
    for state in (BatchState.STAGING, BatchState.COMMITTING):
        assert start(batch, state, actor=user)
        batch.refresh_from_db()
        run_batch.call(batch.pk, batch.run)
        batch.refresh_from_db()
    assert batch.results["created"] == batch.counts["rows"], batch.message
    return batch.pk


def back(number: int) -> int:
    from crm.imports.undo import undo

    batch = undo(number, actor=_user())
    assert batch.results["kept"] == 0
    return number


def floor(path: str) -> int:
    """What no import can do without: reading and inserting, no checks, no history; taken back at once."""
    import python_calamine
    from django.db import transaction
    from django.utils import timezone

    from parks.models import Enterprise

    today, office = timezone.localdate(), _user().organisation
    with transaction.atomic():
        rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
        made = []
        for row in rows:
            values = {name: value for name, value in zip(HEADER_FIELDS, row, strict=True) if name and name != "status"}
            made.append(Enterprise(organisation=office, joined_on=today, **values))
        Enterprise.objects.bulk_create(made, batch_size=1000)
        transaction.set_rollback(True)
    return 0


def peer(path: str) -> int:
    """django-import-export as its documentation begins: dry run and import of a dataset read by openpyxl."""
    from import_export import resources
    from tablib import Dataset

    from parks.models import Enterprise

    class Peer(resources.ModelResource):
        class Meta:
            model = Enterprise
            import_id_fields = ("uscc",)
            fields = (*filter(None, HEADER_FIELDS), "organisation", "joined_on")

    for is_dry in (True, False):
        data = Dataset().load(Path(path).read_bytes(), format="xlsx")
        Peer().import_data(data, dry_run=is_dry, raise_errors=True)
    return 0


def _user() -> Any:
    from crm.models import User

    return User.objects.select_related("organisation").get(username="bench")


def _opened(path: str) -> tuple[Any, Any, Any]:
    from crm.imports.staging import open_file

    user = _user()
    about: dict[str, Any] = {"resource_key": "enterprises", "filename": "名单.xlsx", "options": {}}
    content = Path(path).read_bytes()
    return *open_file(content=content, actor=user, must_find_header=True, **about), user


class Counter:
    """Statements, COPY included, which no log of queries has."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.count += 1
        return execute(*args)

    def count_copies(self) -> None:
        with suppress(ImportError):
            import psycopg

            copy = psycopg.Cursor.copy

            def counted(*args: Any, **kwargs: Any) -> Any:
                self.count += 1
                return copy(*args, **kwargs)

            psycopg.Cursor.copy = counted  # type: ignore[method-assign]


def measured(name: str, argument: Any) -> dict[str, Any]:
    """Seconds by the clock and of the processor (the database's too, when it runs here), statements, megabytes."""
    from django.db import connection

    counter = Counter()
    counter.count_copies()
    connection.ensure_connection()
    before, clock, own = _backend_seconds(), time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counter):
        number = {"new": new, "task": task, "back": back, "floor": floor, "peer": peer}[name](argument)
    clock, own = time.perf_counter() - clock, time.process_time() - own
    return {
        "batch": number,
        "seconds": clock,
        "cpu": own + _backend_seconds() - before,
        "queries": counter.count,
        "memory": _peak_megabytes(),
    }


def _peak_megabytes() -> float:
    """Not the usage of the process: Linux counts in what the one that started it had before."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def _backend_seconds() -> float:
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with suppress(OSError):
        pid = connection.connection.info.backend_pid
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measured(*json.loads(sys.argv[1]))))
