"""A process of its own that imports and takes back when told to, to be killed by test_killed.py at any moment.

One command a line on stdin, each in a forked child, so that only what is measured is started anew: `begun PID` when
the run takes up the batch, then an answer in JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from typing import Any

ROWS = 200
HEADER = ["企业名称", "统一社会信用代码", "注册资本(万元)", "注册地址", "曾用名", "联系人", "联系人手机"]


def rows(start: int, end: int, edition: int) -> list[list[Any]]:
    from tests.crm.imports.files import code

    return [
        [
            f"北京测试{n}科技有限公司", code(n), n + edition, f"通州区{n}号{edition}", f"旧名{edition}第{n}公司",
            f"李{edition}", f"138{n:08d}",
        ]
        for n in range(start, end)
    ]  # fmt: skip


def prepare() -> dict[str, Any]:
    """Some rows on the register, and a list staged that changes them and adds as many."""
    from django.core.management import call_command

    from crm.imports.commit import commit
    from tests.crm.factories import make_organisation, make_user

    call_command("migrate", run_syncdb=True, verbosity=0)
    user = make_user("m", make_organisation("某园区管理办公室"))
    commit(stage_list(0, ROWS, 0, user), actor=user)
    return {"batch": stage_list(0, 2 * ROWS, 1, user)}


def stage_list(start: int, end: int, edition: int, user: Any) -> int:
    from crm.imports.staging import create_batch, stage
    from tests.crm.imports.files import xlsx

    batch = create_batch(
        resource_key="enterprises",
        content=xlsx([HEADER, *rows(start, end, edition)]),
        filename="名单.xlsx",
        actor=user,
        options={},
        must_find_header=True,
    )
    stage(batch, actor=user)
    type(batch).objects.filter(pk=batch.pk).update(overwrite_edited=True, accept_doubts=True)
    return batch.pk


def again() -> dict[str, Any]:
    """The same list staged once more, after the first was undone."""
    from crm.models import User

    return {"batch": stage_list(0, 2 * ROWS, 1, User.objects.get())}


def run(number: int, state: str) -> dict[str, Any]:
    """What the worker does with a batch just queued, or queued again after the worker was killed."""
    from crm.imports import progress
    from crm.imports.tasks import restart, run_batch, start
    from crm.models import ImportBatch, User
    from crm.models.imports import BatchState

    progress.STALE_SECONDS = -1
    user, batch = User.objects.get(), ImportBatch.objects.get(pk=number)
    taken = restart(batch, actor=user) if batch.is_running else start(batch, BatchState(state), actor=user)
    batch.refresh_from_db()
    say(f"begun {os.getpid()}")
    began = time.perf_counter()
    run_batch.call(batch.pk, batch.run)
    return {"taken": taken, "seconds": time.perf_counter() - began}


def state_of(number: int) -> dict[str, Any]:
    """All that an import writes. Keys and times only in `exact`: an import made anew has others."""
    from crm.models import AuditEntry, ImportBatch
    from parks.models import Contact, Enterprise, FormerName

    others_gone()
    firms = Enterprise.objects.order_by("pk")
    batch = ImportBatch.objects.get(pk=number)
    living = Enterprise.objects.living()
    plain = living.order_by("uscc").values_list("uscc", "name", "registered_capital", "registered_address")
    return {
        "batch": batch.state,
        "done": bool(batch.committed_at) + bool(batch.undone_at),
        "audit": AuditEntry.objects.filter(summary__contains=f"#{number} ").count(),
        "firms": living.count(),
        "outcomes": sorted({*batch.rows.values_list("outcome", flat=True)}),
        "values": digest(plain),
        "contacts": digest(
            Contact.objects.filter(enterprise__in=living).order_by("mobile", "name").values_list("name")
        ),
        "former": FormerName.objects.filter(enterprise__in=living).count(),
        "exact": digest(
            firms.values_list(),
            Enterprise.history.order_by("history_id").values_list("id", "history_type", "history_change_reason"),
            batch.rows.order_by("number").values_list("outcome", "target_id", "undo", "note"),
            Contact.objects.order_by("pk").values_list(),
            FormerName.objects.order_by("pk").values_list(),
        ),
    }


def digest(*many: Any) -> str:
    text = json.dumps([[*map(str, row)] for found in many for row in found], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def others_gone() -> None:
    """PostgreSQL notices a killed client after a moment, and may be in the middle of its commit until then."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(others)
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.01)
    raise AssertionError("the killed process is still connected")


COMMANDS = {"prepare": prepare, "again": again, "run": run, "state": state_of}


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    import django
    from django.conf import settings

    settings.CACHES["default"]["LOCATION"] = sys.argv[1]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tables as the models say; the migrations are tested elsewhere and take longer than all the rest.
    settings.MIGRATION_MODULES = {name.rsplit(".", 1)[-1]: None for name in settings.INSTALLED_APPS}
    django.setup()
    for line in sys.stdin:
        name, *values = json.loads(line)
        child = os.fork()
        if not child:
            say(json.dumps(COMMANDS[name](*values)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status):
            say(json.dumps({"died": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main()
