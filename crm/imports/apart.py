"""A workbook read in a process of its own, with a limit on its memory and its time.

A few kilobytes can say "this page of text, a million times over"; the reader of workbooks believes them.
"""

import marshal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import IO, TypeAlias

from crm.imports.errors import ImportFileError
from crm.imports.workbook import UNFOLDS_TOO_FAR, Block, blocks

try:
    import resource
except ImportError:  # not on Windows: there only the time is limited
    resource = None  # type: ignore[assignment]

MAX_SECONDS, MAX_MEMORY = 10, 400 * 1024 * 1024
# For files that are large themselves, not only when unfolded.
MORE_SECONDS, MORE_MEMORY = 30, 700 * 1024 * 1024
# Told now and then while a file is read; raises when nobody wants it any more.
GoOn: TypeAlias = Callable[[], None]
LOOK_SECONDS = 0.3
_ROOT = Path(__file__).resolve().parents[2]


def whatever_comes() -> None:
    """For reading that nobody ends."""


def blocks_apart(content: bytes, go_on: GoOn = whatever_comes, *, is_large: bool = False) -> Iterator[Block]:
    """As ``workbook.blocks``, at the price of a new process. Raises ``ImportFileError``, and what ``go_on`` raises."""
    seconds, memory = (MORE_SECONDS, MORE_MEMORY) if is_large else (MAX_SECONDS, MAX_MEMORY)
    command = [sys.executable, "-m", "crm.imports.apart", str(seconds), str(memory)]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        is_over = Event()
        # The limit on computing time is the reader's own; this one is for a reader that hangs.
        Thread(target=_watch, args=(reader, is_over, time.monotonic() + seconds * 6, go_on), daemon=True).start()
        try:
            _hand_over(reader.stdin, content)
            for block in _answers(reader.stdout, go_on):
                go_on()
                yield block
        finally:
            is_over.set()
            reader.kill()


def _watch(reader: subprocess.Popen[bytes], is_over: Event, until: float, go_on: GoOn) -> None:
    """End a reader that takes too long or is not wanted: who waits for its answer cannot look for itself."""
    while not is_over.wait(LOOK_SECONDS):
        try:
            go_on()
        except Exception:
            break
        if time.monotonic() > until:
            break
    else:
        return
    reader.kill()


def _hand_over(pipe: IO[bytes], content: bytes) -> None:
    try:
        pipe.write(content)
        pipe.close()
    except BrokenPipeError:
        # Why it ended is read from its answer, or from there being none.
        return


def _answers(pipe: IO[bytes], go_on: GoOn) -> Iterator[Block]:
    while True:
        try:
            # From this very module in the other process, not from a file.
            kind, *told = marshal.load(pipe)  # noqa: S302
        except (EOFError, ValueError, TypeError):
            go_on()
            raise ImportFileError(UNFOLDS_TOO_FAR) from None
        if kind == "error":
            raise ImportFileError(told[0])
        if kind == "end":
            return
        name, merged, rows = told
        yield name, merged, rows


def _limit(seconds: int, memory: int) -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(seconds: str, memory: str) -> None:
    """Content from standard input, blocks to standard output."""
    content = sys.stdin.buffer.read()
    _limit(int(seconds), int(memory))
    out = sys.stdout.buffer
    try:
        for block in blocks(content):
            marshal.dump(("block", *block), out)
        marshal.dump(("end",), out)
    except ImportFileError as error:
        marshal.dump(("error", str(error)), out)
    except MemoryError:
        # No answer tells as much, also where the reader was not given the time to say so.
        return


if __name__ == "__main__":
    main(*sys.argv[1:])
