"""A process killed in the middle of a commit or an undo leaves all or nothing, and the batch can be gone on with."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

KILLS = 10
ROOT = Path(__file__).parents[3]


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """The address of a database of the kind that the tests run on, for nobody else."""
    known = settings.DATABASES["default"]
    if not known["ENGINE"].endswith("postgresql"):
        yield f"sqlite:///{folder / 'killed.sqlite3'}"
        return
    name = f"killed_{os.getpid()}"
    server = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            secret = f":{server['password']}" if server["password"] else ""
            yield f"postgres://{server['user']}{secret}@{server['host']}:{server['port']}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Process:
    """The process that is killed, from outside (killable.py)."""

    def __init__(self, address: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crm.imports.killable", str(folder / "cache")],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "crm.settings", "DEBUG": "false"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.kill()
        self._process.communicate()

    def tell(self, *command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def ask(self, *command: Any) -> dict[str, Any]:
        self.tell(*command)
        answer: dict[str, Any] = json.loads(self.line())
        assert "died" not in answer
        return answer

    def run(self, batch: int, state: str) -> float:
        """To the end; the seconds it took."""
        self.tell("run", batch, state)
        assert self.line().startswith("begun")
        answer = json.loads(self.line())
        assert answer["taken"]
        return float(answer["seconds"])

    def kill(self, batch: int, state: str, after: float) -> bool:
        """Begin, and kill after so many seconds; whether that was before it had said that it is done."""
        self.tell("run", batch, state)
        pid = int(self.line().split()[1])
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        answer = json.loads(self.line())
        if "died" in answer:
            assert answer == {"died": -signal.SIGKILL}
            return True
        return False


def told(state: dict[str, Any]) -> dict[str, Any]:
    """What a run made anew brings about just the same."""
    return {name: value for name, value in state.items() if name != "exact"}


def written(state: dict[str, Any]) -> dict[str, Any]:
    """The batch says that it is being worked on until somebody begins anew; nothing else may differ."""
    return {name: value for name, value in state.items() if name != "batch"}


def at_the_begin(process: Process, state: str, last: int) -> int:
    """A batch made anew that is where such a run starts; the last one came to its end, too early to be killed."""
    if state == "committing":
        process.run(last, "undoing")
    batch: int = process.ask("again")["batch"]
    if state == "undoing":
        process.run(batch, "committing")
    return batch


def test_killed_at_any_moment_it_is_all_or_nothing_and_can_be_gone_on_with(tmp_path):
    chance = random.Random(20_261_124)
    with own_database(tmp_path) as address, Process(address, tmp_path) as process:
        batch = process.ask("prepare")["batch"]
        staged = process.ask("state", batch)
        seconds = {"committing": process.run(batch, "committing")}
        committed = process.ask("state", batch)
        seconds["undoing"] = process.run(batch, "undoing")
        undone = process.ask("state", batch)
        assert (staged["firms"], committed["firms"], undone["firms"]) == (200, 400, 200)
        assert undone["values"] == staged["values"] != committed["values"]

        in_the_middle, batch = 0, process.ask("again")["batch"]
        for state, whole in (("committing", committed), ("undoing", undone)):
            before = process.ask("state", batch)
            for moment in range(KILLS):
                # One of each ten lies in each tenth of the run.
                after = seconds[state] * (moment + chance.random()) / KILLS
                was_killed = process.kill(batch, state, after)
                now = process.ask("state", batch)
                if now["batch"] == state:
                    assert was_killed
                    assert written(now) == written(before), f"half written when killed {after:.3f} s after the begin"
                    in_the_middle += 1
                    continue
                assert told(now) == told(whole), f"half written when killed {after:.3f} s after the begin"
                if moment < KILLS - 1:
                    before = process.ask("state", batch := at_the_begin(process, state, batch))
            if now["batch"] == state:
                process.run(batch, state)
            assert told(process.ask("state", batch)) == told(whole)
        assert in_the_middle >= KILLS, "nearly every kill came too late to show anything"
