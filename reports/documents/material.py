"""What the parts of a document are made from: the figures, what several parts count once, what a person gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.figures import tables
from reports.report import Figure, RedHeader
from reports.rows.scope import Scope


@dataclass(frozen=True, slots=True)
class Case:
    """典型案例: what was asked, what was done, what came of it."""

    title: str
    need: str
    done: str
    effect: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a person typed or picked for one document."""

    header: RedHeader | None = None
    cases: tuple[Case, ...] = ()
    next_steps: tuple[str, ...] = ()
    # To be issued, and so read by others than who makes it.
    is_passed_on: bool = False


@dataclass(frozen=True)
class Material:
    scope: Scope
    figures: tuple[Figure, ...]
    compared: str
    as_of: str
    given: Given

    @cached_property
    def by_key(self) -> Mapping[str, Figure]:
        return {one.key: one for one in self.figures}

    @cached_property
    def groups(self) -> tables.Groups:
        return tables.groups(self.scope)
