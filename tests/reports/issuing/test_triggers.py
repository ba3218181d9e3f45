"""The triggers that keep issued reports are put back when something has dropped them."""

from __future__ import annotations

from copy import copy
from importlib import import_module

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model

from reports.issuing.steps import ISSUED
from reports.issuing.triggers import MADE_BY, missing
from reports.models import IssuedFile, ReportIssue
from tests.reports.issues import Desk

final = import_module("reports.migrations.0002_issued_is_final")


def after_migrating() -> None:
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def drop() -> None:
    with connection.cursor() as cursor:
        for statement in final.UNDO[connection.vendor]:
            if "TRIGGER" in statement:
                cursor.execute(statement)


def alter(old: Field, new: Field) -> None:
    with connection.schema_editor() as editor:
        editor.alter_field(IssuedFile, old, new)


def refuses_to_change(model: type[Model], **change: str) -> bool:
    try:
        with transaction.atomic():
            model.objects.update(**change)
    except DatabaseError as refused:
        return "final" in str(refused)
    return False


@pytest.fixture
def issue(full) -> ReportIssue:
    return Desk(full).at(ISSUED)


@pytest.mark.django_db
def test_after_a_migration_that_dropped_them_issued_reports_are_final_again(issue):
    drop()
    assert len(missing(connection)) == 2
    after_migrating()
    assert missing(connection) == []
    assert refuses_to_change(ReportIssue, note="x")
    assert refuses_to_change(IssuedFile, sha256="0" * 64)


@pytest.mark.django_db
def test_where_they_are_or_one_is_the_rest_is_made_and_nothing_twice(issue):
    after_migrating()
    with connection.cursor() as cursor:
        cursor.execute(next(one for one in final.UNDO[connection.vendor] if "issued_file_stays" in one))
    assert ["issued_file_stays" in one for one in missing(connection)] == [True]
    after_migrating(), after_migrating()
    assert missing(connection) == []


@pytest.mark.django_db
def test_where_the_migration_was_taken_back_they_stay_away(issue):
    drop()
    MigrationRecorder(connection).record_unapplied(*MADE_BY)
    after_migrating()
    assert len(missing(connection)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_table_altered_by_a_migration_stays_final(issue):
    narrow = IssuedFile._meta.get_field("sha256")
    wide = copy(narrow)
    wide.max_length = 65
    alter(narrow, wide)
    try:
        assert bool(missing(connection)) is (connection.vendor == "sqlite")
        after_migrating()
        assert refuses_to_change(IssuedFile, sha256="0" * 64)
    finally:
        alter(wide, narrow)
        after_migrating()
    assert missing(connection) == []
