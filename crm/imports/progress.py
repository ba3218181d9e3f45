"""How far a run through a batch has come, told from process to process through the cache.

Not through the database: the run's own transaction holds it, and what is written there is seen when all is over.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

from django.core.cache import cache

from crm.imports.errors import ImportCancelled

# Told (rows done, rows in all) as a run goes on; raises ``ImportCancelled`` when somebody wants it to end.
Report: TypeAlias = Callable[[int, int], None]
ROWS_PER_REPORT = 500
_Row = TypeVar("_Row")

BEAT_SECONDS = 0.5
# A run that gave no sign of life for so long is taken for dead; clocks of two machines may differ by less.
STALE_SECONDS = 30
KEPT_SECONDS = 7 * 24 * 60 * 60
log = logging.getLogger(__name__)


def silent(done: int, total: int) -> None:
    """For runs that nobody watches."""


def reported(rows: Iterable[_Row], total: int, report: Report) -> Iterator[_Row]:
    """The rows, told of as they are taken."""
    for count, row in enumerate(rows, 1):
        yield row
        if count % ROWS_PER_REPORT == 0 or count == total:
            report(count, total)


def part(report: Report, percent: int) -> Report:
    """For the first of several steps: all its rows are so much of the whole way."""
    return lambda done, total: report(done * percent // 100, total)


def after(report: Report, before: int, total: int) -> Report:
    """For the next part of so many rows."""
    return lambda done, _: report(before + done, total)


@dataclass(frozen=True, slots=True)
class Progress:
    """The last that was heard of a run; times are seconds since the epoch."""

    done: int
    total: int
    # When this count began, when it was last raised, and when the process last showed that it lives (0: it broke off).
    since: float
    at: float
    beat: float

    @property
    def is_alive(self) -> bool:
        return time.time() - self.beat < STALE_SECONDS

    @property
    def percent(self) -> int:
        return min(100 * self.done // self.total, 100) if self.total else 0

    @property
    def rows_per_second(self) -> int:
        passed = self.at - self.since
        return round(self.done / passed) if passed > 0 else 0

    @property
    def time_left(self) -> str:
        """As people say it; empty when nothing can be said yet."""
        speed = self.rows_per_second
        if not speed or self.done >= self.total:
            return ""
        seconds = max(round((self.total - self.done) / speed), 1)
        return f"{seconds} 秒" if seconds < 90 else f"{round(seconds / 60)} 分钟"


def progress_of(batch_id: int, run: int) -> Progress | None:
    """None when the run has not begun, or is over."""
    told: dict[str, Any] | None = cache.get(_key(batch_id, run))
    return Progress(**told) if told else None


def ask_to_end(batch_id: int, run: int, by: str = "") -> None:
    """The run ends at its next report, if it is one that is still going; ``by`` is whose wish that is."""
    cache.set(f"{_key(batch_id, run)}:end", by or True, KEPT_SECONDS)


def who_asked(batch_id: int, run: int) -> str:
    asked = cache.get(f"{_key(batch_id, run)}:end")
    return asked if isinstance(asked, str) else ""


def is_asked_to_end(batch_id: int, run: int) -> bool:
    return bool(cache.get(f"{_key(batch_id, run)}:end"))


def _key(batch_id: int, run: int) -> str:
    return f"import:{batch_id}:{run}"


class Watch:
    """A ``Report`` that a thread passes on, so that a long step without a report still shows that the run lives."""

    def __init__(self, batch_id: int, run: int, *, is_reading_first: bool = False) -> None:
        """A run that begins by reading a file is not timed before it has come to the rows."""
        self._run, self._is_reading_first = (batch_id, run), is_reading_first
        self._done = self._total = 0
        self._since = self._at = time.time()
        self._is_unwanted = False
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name=f"import-{batch_id}-{run}")

    def __call__(self, done: int, total: int) -> None:
        now = time.time()
        if self._is_reading_first and not self._done:
            self._since = now
        self._done, self._total, self._at = done, total, now
        if self._is_unwanted:
            raise ImportCancelled

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()
        if kind is None:
            cache.delete_many([_key(*self._run), f"{_key(*self._run)}:end"])
        else:
            self._tell(beat=0)

    def _beat(self) -> None:
        while True:
            try:
                self._tell(beat=time.time())
                self._is_unwanted = is_asked_to_end(*self._run)
            except Exception:
                # The import is worth more than the sight of it.
                log.exception("Progress of import %s cannot be told", self._run)
            if self._is_over.wait(BEAT_SECONDS):
                return

    def _tell(self, *, beat: float) -> None:
        told = {"done": self._done, "total": self._total, "since": self._since, "at": self._at, "beat": beat}
        cache.set(_key(*self._run), told, KEPT_SECONDS)
