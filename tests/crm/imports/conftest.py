"""An upload staged in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from crm.models import ImportBatch, User
from tests.crm.imports import files

Stage = Callable[..., ImportBatch]


@pytest.fixture
def stage_rows(manager) -> Stage:
    """Stage rows (under the usual header unless another is given) as the manager or another user."""

    def run(rows: list[list[Any]], header: list[str] = files.HEADER, user: User | None = None, **options: Any):
        content = files.xlsx([header, *rows])
        return stage_content(content, user or manager, **options)

    return run


def stage_content(content: bytes, user: User, filename: str = "名单.xlsx", **options: Any) -> ImportBatch:
    batch = create_batch(
        resource_key="enterprises",
        content=content,
        filename=filename,
        actor=user,
        options=options,
        must_find_header=True,
    )
    return stage(batch, actor=user)


@pytest.fixture
def import_rows(stage_rows, manager) -> Stage:
    """Stage and commit."""

    def run(rows: list[list[Any]], user: User | None = None, mode: str = "overwrite", **kwargs: Any) -> ImportBatch:
        batch = stage_rows(rows, user=user, **kwargs)
        batch.mode = mode
        batch.save()
        return commit(batch.pk, actor=user or manager)

    return run
