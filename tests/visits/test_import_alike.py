"""Rows of a list of appeals that may repeat an open appeal: told in the preview, decided by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.imports.commit import commit
from crm.imports.corrections import decide
from crm.imports.staging import create_batch, stage
from crm.models import ImportBatch
from crm.models.imports import Verdict
from tests.crm.imports import files
from tests.parks.factories import make_enterprise
from tests.visits.factories import START, Cast
from visits.actions import delete_appeal
from visits.choices import AppealStatus as S

HEADER = ["企业名称", "诉求内容", "提出时间"]
PARKING = "园区停车位不足，希望增设停车位"
AGAIN = "再次反映：园区的停车位不够，请增加停车位"
NEXT_DAY = START + timedelta(days=1)


@pytest.fixture(autouse=True)
def _a_week_later(time_machine_at):
    time_machine_at(START + timedelta(days=7))


def staged(cast: Cast, *rows: list[str]) -> ImportBatch:
    content = files.xlsx([HEADER, *rows])
    batch = create_batch(
        resource_key="appeals", content=content, filename="a.xlsx", actor=cast.manager, options={},
        must_find_header=True,
    )  # fmt: skip
    return stage(batch, actor=cast.manager)


def row_of(cast: Cast, text: str = AGAIN, at=NEXT_DAY, firm=None) -> list[str]:
    return [(firm or cast.firm).name, text, f"{at:%Y-%m-%d}"]


def suspects(batch: ImportBatch, number: int = 2) -> list[list]:
    messages = batch.rows.get(number=number).messages
    return [one for message in messages for one in message.get("suspects", ())]


def test_a_row_that_may_repeat_an_open_appeal_is_new_with_a_warning_that_names_it(cast):
    appeal = cast.at(S.HANDLING, content=PARKING)
    batch = staged(cast, row_of(cast))
    row = batch.rows.get()
    assert (row.verdict, row.has_suspects, batch.counts["suspects"]) == (Verdict.NEW, True, 1)
    assert suspects(batch) == [[appeal.pk, appeal.number, 0]]
    told = [message["message"] for message in row.messages if "suspects" in message]
    day = f"{START:%Y-%m-%d}"
    assert told == [f"疑似重复：可能与“{appeal.number}”是同一件（{day} 登记，办理中，“{PARKING}”）"]
    assert commit(batch.pk, actor=cast.manager).results["created"] == 1


@pytest.mark.parametrize("status", [S.CLOSED, S.CONFIRMED, S.ARCHIVED, S.REJECTED, S.WITHDRAWN])
def test_what_is_over_is_not_repeated(cast, status):
    cast.at(status, content=PARKING)
    assert suspects(staged(cast, row_of(cast))) == []


def test_another_matter_another_firm_another_time_and_what_lies_in_the_bin_are_not_repeated(cast):
    deleted = cast.at(S.SUBMITTED, content=PARKING)
    delete_appeal(deleted, actor=cast.manager)
    assert suspects(staged(cast, row_of(cast))) == []
    cast.at(S.SUBMITTED, content=PARKING)
    neighbour = make_enterprise(cast.office, "邻居公司")
    rows = [
        row_of(cast, "食堂高峰排队时间长"),
        row_of(cast, firm=neighbour),
        row_of(cast, at=START - timedelta(days=200)),
    ]
    batch = staged(cast, *rows, row_of(cast))
    assert [bool(suspects(batch, number)) for number in (2, 3, 4, 5)] == [False, False, False, True]


def test_the_appeals_of_another_office_are_not_told(cast, others):
    others.at(S.HANDLING, content=PARKING)
    assert suspects(staged(cast, row_of(cast))) == []


def test_a_person_says_that_it_is_the_same_and_no_second_one_is_made(cast):
    appeal = cast.at(S.HANDLING, content=PARKING)
    batch = staged(cast, row_of(cast), row_of(cast, "食堂高峰排队时间长"))
    decide(batch.pk, {2: f"update:{appeal.pk}"})
    batch = stage(ImportBatch.objects.get(pk=batch.pk), actor=cast.manager)
    assert (batch.counts["same"], batch.counts["new"], batch.counts["suspects"]) == (1, 1, 0)
    done = commit(batch.pk, actor=cast.manager)
    assert done.results["created"] == 1
    appeal.refresh_from_db()
    assert (appeal.status, appeal.content) == (S.HANDLING, PARKING)


def test_a_person_says_that_it_is_another_and_is_not_asked_again(cast):
    cast.at(S.HANDLING, content=PARKING)
    batch = staged(cast, row_of(cast))
    decide(batch.pk, {2: "create"})
    batch = stage(ImportBatch.objects.get(pk=batch.pk), actor=cast.manager)
    assert (batch.counts["new"], batch.counts["suspects"]) == (1, 0)


def test_the_buttons_speak_of_appeals(client, cast):
    appeal = cast.at(S.HANDLING, content=PARKING)
    batch = staged(cast, row_of(cast))
    client.force_login(cast.manager)
    page = client.get(reverse("crm:import_detail", args=[batch.pk])).text
    assert f'value="2:update:{appeal.pk}"' in page
    assert f"是“{appeal.number}”，不另登记</button>" in page
    assert "不是同一件</button>" in page
    assert "更新</button>" not in page


def test_it_asks_as_often_for_thirty_rows_and_appeals_as_for_one(cast):
    staged(cast, row_of(cast))  # what is read once, whatever is imported
    asked = []
    for count in (1, 30):
        firms = [make_enterprise(cast.office, f"第{count}-{number}家") for number in range(count)]
        for firm in firms:
            cast.at(S.SUBMITTED, content=PARKING, enterprise=firm)
        with CaptureQueriesContext(connection) as captured:
            batch = staged(cast, *(row_of(cast, firm=firm) for firm in firms))
        assert batch.counts["suspects"] == count
        asked.append(len(captured))
    assert asked[0] == asked[1]
