"""Every address that names a record, asked for by people of another organisation: there is no such record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from crm.imports.staging import create_batch, stage
from crm.models import SavedView
from parks import actions as register
from parks.models import Contact, Enterprise, MonthlyReturn, Qualification, Stewardship
from reports.actions import draft_report, save_schedule
from reports.documents.kinds import KIND_BY_KEY
from reports.models import OfficialResult
from reports.period import Period
from reports.rows.scope import Scope
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.parks.factories import make_enterprise, make_kind
from tests.visits.factories import Cast, make_ticket, picture
from tests.visits.test_heard import told
from visits.actions import NewSuggestion, decide_matter
from visits.choices import AppealStatus
from visits.models import AppealFile, Question
from visits.photos import clean_photo

# The catalogue and the calendar are one for all, a figure is counted for whoever asks, a link is its own secret.
FOR_ALL = {
    "parks:kind_update", "reports:figure_rows", "reports:api_breakdown", "reports:api_series", "reports:api_rows",
    "reports:section", "reports:hall_screen", "reports:verify", "reports:document",
    "visits:public_answer", "visits:feed", "visits:calendar_moves",
}  # fmt: skip
RECORDS: dict[str, tuple[str, ...]] = {
    "user": ("crm:user_",), "batch": ("crm:import_",), "view": ("crm:view_",), "merge": ("parks:enterprise_unmerge",),
    "steward": ("parks:steward_end",), "contact": ("parks:contact_update",), "award": ("parks:qualification_",),
    "visit": ("visits:visit_", "reports:visit_"), "photo": ("visits:photo",), "flag": ("visits:flag_",),
    "suggestion": ("visits:suggestion_",), "question": ("visits:question_",), "file": ("visits:appeal_file",),
    "return": ("parks:return_update",), "matter": ("visits:matter_",), "result": ("reports:result_",),
    "issue": ("reports:issue_",), "schedule": ("reports:schedule_",),
    "appeal": ("visits:appeal_", "reports:appeal_", "visits:call_back_link"), "ticket": ("visits:ticket_",),
    "firm": ("parks:", "visits:enterprise_", "reports:enterprise_"),
}  # fmt: skip


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, list[str]]]:
    """(name, parameters) of every address with a parameter, but of log-in and API pages."""
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            if found.pattern.converters:
                yield f"{space}{found.name}", list(found.pattern.converters)
        elif found.app_name not in ("account", "admin"):
            yield from patterns(found, f"{space}{found.namespace}:" if found.namespace else space)


ADDRESSES = dict(patterns(get_resolver()))


def kind_of(name: str, parameters: list[str]) -> str:
    if parameters[0] == "enterprise_pk":
        return "firm"
    found = [kind for kind, begins in RECORDS.items() if name.startswith(begins)]
    assert found, f"say in RECORDS which record {name} is about"
    return found[0]


@pytest.fixture
def records(office) -> dict[str, Any]:
    cast = Cast(office)
    firm, second = cast.firm, make_enterprise(office, "云川别名有限公司")
    source = make_enterprise(office, "云川并入有限公司")
    batch = create_batch(
        resource_key="enterprises", content=files.register_file(2), filename="a.xlsx", actor=cast.manager, options={},
        must_find_header=True,
    )  # fmt: skip
    stage(batch, actor=cast.manager)
    visit = cast.visit(
        parts=told(firm, flags=("move",), flag_detail="房东卖楼"),
        photos=[clean_photo(picture())],
        suggestions=[NewSuggestion(content="建个食堂", category="environment", enterprise=firm)],
    )
    appeal = cast.at(AppealStatus.CLOSED)
    return {
        "firm": firm,
        "other": second,
        "user": cast.steward,
        "batch": batch,
        "view": SavedView.objects.create(
            list_key="enterprises", name="我的", owner=cast.manager, organisation=office, is_shared=True
        ),
        "merge": register.merge_enterprises(
            second, source, actor=cast.manager, take=(), seen=(second.version, source.version)
        ),
        "steward": Stewardship.objects.create(enterprise=firm, user=cast.steward, starts_on=dt.date(2020, 1, 1)),
        "contact": Contact.objects.create(enterprise=firm, name="李四"),
        "award": Qualification.objects.create(enterprise=firm, kind=make_kind("OWN"), valid_from=dt.date(2024, 1, 1)),
        "return": MonthlyReturn.objects.create(
            enterprise=firm, year=2023, month=11, tax_total=1, as_of=dt.date(2023, 11, 30)
        ),
        "visit": visit,
        "photo": visit.photos.get(),
        "flag": visit.flags.get(),
        "suggestion": visit.suggestions.get(),
        "question": Question.objects.create(organisation=office, text="有无困难", answer_type="text"),
        "appeal": appeal,
        "matter": decide_matter(
            [appeal.pk],
            actor=cast.manager,
            month_starts_on=dt.date(2026, 11, 1),
            state="listed",
            title="班车",
            owner=cast.manager,
            note="",
        ),
        "result": OfficialResult.objects.create(
            organisation=office, month=dt.date(2023, 11, 1), area="city", rank=2, source="通报", created_by=cast.manager
        ),
        "schedule": save_schedule(
            None,
            actor=cast.manager,
            kind="appeals",
            rule="day",
            day=None,
            at=dt.time(9),
            park=None,
            people=[],
            by_mail=False,
            bot="",
        ),
        "issue": draft_report(KIND_BY_KEY["monthly"], Scope(cast.manager, Period.parse("2026-10"), timezone.now())),
        "ticket": make_ticket(office, cast.manager, enterprise=firm),
        "file": AppealFile.objects.create(
            appeal=appeal,
            event=appeal.events.first(),
            name="a.pdf",
            content_type="application/pdf",
            size=1,
            file="a.pdf",
            uploaded_by=cast.manager,
        ),
    }


def address_of(name: str, records: dict[str, Any]) -> str:
    others = {"other": records["other"].pk, "number": 4, "step": "archive", "key": "appeals_received", "format": "pdf"}
    first, *rest = ADDRESSES[name]
    return reverse(
        name, kwargs={first: records[kind_of(name, ADDRESSES[name])].pk} | {one: others[one] for one in rest}
    )


@pytest.fixture(params=["manager", "sysadmin", "desk", "steward"])
def stranger(request, other_office):
    return make_user("stranger", other_office, role=request.param)


def test_a_record_of_another_organisation_does_not_exist(client, records, stranger):
    client.force_login(stranger)
    for name in sorted(ADDRESSES.keys() - FOR_ALL):
        address = address_of(name, records)
        for method in ("get", "post", "put", "delete"):
            answer = getattr(client, method)(address)
            # A role that may never do such a thing is told so before anything is looked up.
            assert answer.status_code in (403, 404, 405), (name, method, answer.status_code)
    assert Enterprise.objects.living().count() == 2


def test_a_record_that_the_role_could_change_is_not_found(client, records, other_office):
    """A manager elsewhere has all rights of those pages, and so is told by 404 alone."""
    client.force_login(make_user("stranger", other_office, role="manager"))
    for name in sorted(ADDRESSES.keys() - FOR_ALL):
        if not name.startswith("crm:user_"):
            codes = {
                client.get(address_of(name, records)).status_code,
                client.post(address_of(name, records)).status_code,
            }
            assert codes <= {404, 405}, (name, codes)
            assert 404 in codes, name
