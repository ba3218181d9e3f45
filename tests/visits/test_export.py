"""Visits and appeals as files: who gets which, and what comes back is the same."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from crm.imports.export import Export, write_csv, write_xlsx
from crm.imports.headers import Synonyms
from crm.imports.resource import get_resource
from crm.imports.staging import create_batch, stage
from crm.models import AuditEntry, ImportBatch
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.parks.factories import make_enterprise
from visits.choices import AppealSource, VisitKind
from visits.choices import AppealStatus as S
from visits.models import Appeal, HotlineTicket, Visit

WRITERS = {"xlsx": write_xlsx, "csv": write_csv}
MODELS = {"visits": Visit, "appeals": Appeal, "tickets": HotlineTicket}


def comes_back(key: str, user, kind: str) -> ImportBatch:
    resource, buffer = get_resource(key), io.BytesIO()
    rows = MODELS[key].objects.visible_to(user).order_by("pk")
    WRITERS[kind](buffer, Export(resource, resource.export_rows(rows), resource.label, "王"))
    batch = create_batch(
        resource_key=key,
        content=buffer.getvalue(),
        filename=f"a.{kind}",
        actor=user,
        options={},
        must_find_header=True,
    )
    return stage(batch, actor=user)


def assert_all_same(key: str, user, kind: str) -> None:
    batch = comes_back(key, user, kind)
    problems = [(row.label, row.verdict, row.changes, row.messages) for row in batch.rows.exclude(verdict="same")[:5]]
    assert not problems
    assert batch.counts["same"] == MODELS[key].objects.visible_to(user).count()
    assert len(batch.mapping) == sum(column.write is not None for column in get_resource(key).columns)


@pytest.mark.parametrize("key", MODELS)
def test_every_column_is_written_under_a_header_that_is_understood(key):
    resource = get_resource(key)
    synonyms = Synonyms(resource)
    assert [synonyms.find(column.title) for column in resource.columns] == [
        (column.key, 2) for column in resource.columns if column.write is not None
    ]
    assert not [title for title, _ in resource.extras if synonyms.find(title)]


@pytest.mark.parametrize("kind", WRITERS)
def test_appeals_in_every_state_come_back_the_same(cast, manager, kind):
    for status in (S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.PAUSED, S.ANSWERED, S.CLOSED, S.CONFIRMED):
        cast.at(status)
    cast.draft()
    assert_all_same("appeals", manager, kind)


@pytest.mark.parametrize("visit_kind", VisitKind.values)
def test_every_kind_of_visit_comes_back_the_same(cast, manager, office, visit_kind):
    cast.visit(make_enterprise(office), make_enterprise(office), kind=visit_kind)
    assert_all_same("visits", manager, "csv")


@pytest.mark.parametrize("source", AppealSource.values)
def test_every_source_comes_back_the_same(cast, manager, source):
    cast.draft(source=source)
    assert_all_same("appeals", manager, "csv")


odd = st.text(
    st.one_of(
        st.sampled_from(list("=+-@'\"#,;；、\n\r\t 　无/\\%|＝镕喆")),
        st.characters(exclude_categories=("Cs",), exclude_characters="\x00"),
    ),
    max_size=12,
).map(str.strip)
moments = st.datetimes(dt.datetime(2001, 1, 1), dt.datetime(2030, 1, 1)).map(timezone.make_aware)
visits = st.fixed_dictionaries(
    {
        "started_at": moments,
        "kind": st.sampled_from(VisitKind.values),
        "topic": odd,
        "summary": odd,
        "place": odd,
        "next_visit_on": st.one_of(st.none(), st.dates(dt.date(2001, 1, 1), dt.date(2099, 1, 1))),
    }
)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(visits, min_size=1, max_size=4, unique_by=lambda visit: visit["started_at"].date()))
def test_whatever_a_visit_holds_comes_back_the_same(cast, manager, office, kind, wanted):
    Visit.objects.all().delete()
    firms = [make_enterprise(office, uscc=""), make_enterprise(office)]
    for number, fields in enumerate(wanted):
        cast.visit(*firms[: number % 3], **fields)
    assert_all_same("visits", manager, kind)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(odd, min_size=1, max_size=4), at=moments)
def test_whatever_an_appeal_holds_comes_back_the_same(cast, manager, kind, contents, at):
    Appeal.objects.all().delete()
    for content in contents:
        appeal = cast.draft(content=f"甲{content}", at=at)
        Appeal.objects.filter(pk=appeal.pk).update(result_text=content)
    assert_all_same("appeals", manager, kind)


def rows_of(response: Any) -> list[list[Any]]:
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    ("url", "query", "page"),
    [
        ("visits:visit_export", {"q": "甲公司"}, "visits:visit_list"),
        ("visits:appeal_export", {"q": "甲公司"}, "visits:appeal_list"),
    ],
)
def test_what_is_filtered_and_visible_comes_and_is_recorded(client, cast, others, manager, users, url, query, page):
    firms = [make_enterprise(cast.office, name) for name in ("甲公司", "乙公司")]
    foreign = make_enterprise(others.office, "甲公司丙")
    for firm in firms:
        cast.visit(firm)
        cast.draft(enterprise=firm)
    others.visit(foreign)
    others.draft(enterprise=foreign)
    client.force_login(manager)
    rows = rows_of(client.get(reverse(url), query))
    assert "甲公司" in rows[2][0]
    assert [("甲公司" in row, "乙公司" in row, "甲公司丙" in row) for row in rows[4:]] == [(True, False, False)]
    assert "1 " in AuditEntry.objects.get(action="export").summary
    assert len(rows_of(client.get(reverse(url)))) == 4 + 2
    assert f"{reverse(url)}?q=" in client.get(reverse(page), query).content.decode()


@pytest.mark.parametrize(
    "url",
    ["visits:visit_export", "visits:appeal_export", "parks:qualification_export", "parks:qualification_export_all"],
)
@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("steward", 403), ("viewer", 403), ("auditor", 403)])
def test_only_who_may_export_does(client, users, url, role, status):
    client.force_login(users[role])
    response = client.get(reverse(url))
    assert response.status_code == status
    assert status == 403 or len(rows_of(response)) == 4


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("url", "queries"), [("visits:visit_export", 9), ("visits:appeal_export", 7)])
def test_the_number_of_queries_does_not_grow(
    client, cast, office, manager, url, queries, count, django_assert_num_queries
):
    for _ in range(count):
        firm = make_enterprise(cast.office)
        cast.visit(firm)
        cast.draft(enterprise=firm)
    client.force_login(manager)
    with django_assert_num_queries(queries):
        rows_of(client.get(reverse(url)))


def test_a_firm_that_has_no_code_is_named_and_two_of_one_name_are_told_apart_by_code(cast, manager, office):
    same = [make_enterprise(office, "同名公司", uscc=files.code(n)) for n in (71, 72)]
    cast.visit(*same)
    cast.draft(enterprise=same[1])
    assert_all_same("visits", manager, "xlsx")
    assert_all_same("appeals", manager, "xlsx")


def test_a_person_of_another_office_in_the_list_changes_nothing(cast, manager, others, office):
    visit = cast.visit(make_enterprise(office), summary="谈了用电")
    visit.staff.add(make_user("外来", others.office, role="steward"))
    assert_all_same("visits", manager, "xlsx")
