"""A workbook read in a process of its own, with a limit on its memory and its time.

A few kilobytes can say "this page of text, a million times over"; the reader of workbooks believes them.
"""

import marshal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import IO

from crm.imports.errors import ImportFileError
from crm.imports.workbook import UNFOLDS_TOO_FAR, Block, blocks

try:
    import resource
except ImportError:  # not on Windows: there only the time is limited
    resource = None  # type: ignore[assignment]

MAX_SECONDS, MAX_MEMORY = 10, 400 * 1024 * 1024
# For files that are large themselves, not only when unfolded.
MORE_SECONDS, MORE_MEMORY = 30, 700 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


def blocks_apart(content: bytes, *, is_large: bool = False) -> Iterator[Block]:
    """As ``workbook.blocks``, at the price of a new process. Raises ``ImportFileError``."""
    seconds, memory = (MORE_SECONDS, MORE_MEMORY) if is_large else (MAX_SECONDS, MAX_MEMORY)
    command = [sys.executable, "-m", "crm.imports.apart", str(seconds), str(memory)]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        # The limit on computing time is the reader's own; this one is for a reader that hangs.
        watch = Timer(seconds * 6, reader.kill)
        watch.start()
        try:
            _hand_over(reader.stdin, content)
            yield from _answers(reader.stdout)
        finally:
            watch.cancel()
            reader.kill()


def _hand_over(pipe: IO[bytes], content: bytes) -> None:
    try:
        pipe.write(content)
        pipe.close()
    except BrokenPipeError:
        # Why it ended is read from its answer, or from there being none.
        return


def _answers(pipe: IO[bytes]) -> Iterator[Block]:
    while True:
        try:
            # From this very module in the other process, not from a file.
            kind, *told = marshal.load(pipe)  # noqa: S302
        except (EOFError, ValueError, TypeError):
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
