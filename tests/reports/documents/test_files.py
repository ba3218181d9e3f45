"""企业档案 and 诉求办理单: everything that the reader may see, over as many pages as it takes, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import AuditEntry
from parks.actions import Told, record_indicators
from parks.models import Contact, Qualification, Stewardship
from reports.documents.dossier import build_dossier
from reports.renderers import RENDERERS
from tests.parks.factories import make_kind
from tests.reports.pdf_text import fonts_of, page_texts, text_of
from tests.reports.read_back import docx_head, docx_text, lines_of, sheets
from tests.visits.factories import Cast
from visits.choices import AppealStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(office) -> Cast:
    cast = Cast(office)
    Contact.objects.create(enterprise=cast.firm, name="李联系", mobile="13800000000")
    kind = make_kind("HNTE", short_name="国高新")
    Qualification.objects.create(enterprise=cast.firm, kind=kind, valid_from=date(2020, 1, 1))
    Stewardship.objects.create(enterprise=cast.firm, user=cast.steward, starts_on=date(2020, 1, 1), is_primary=False)
    return cast


def dossier(client, user, firm, form="pdf"):
    client.force_login(user)
    return client.get(reverse("reports:enterprise_dossier", args=[firm.pk, form]))


def sheet(client, user, appeal, form="pdf"):
    client.force_login(user)
    return client.get(reverse("reports:appeal_sheet", args=[appeal.pk, form]))


def read(answer, form):
    if form == "xlsx":
        return "".join(cell for one in sheets(answer.content) for line in lines_of(one) for cell in line)
    return (
        "".join(page_texts(answer.content)) if form == "pdf" else docx_text(answer.content) + docx_head(answer.content)
    )


@pytest.mark.parametrize("form", RENDERERS)
def test_the_dossier_tells_all_of_the_enterprise_in_every_format(client, cast, form):
    cast.visit(cast.firm, summary="近况良好")
    appeal = cast.at(AppealStatus.HANDLING)
    answer = dossier(client, cast.manager, cast.firm, form)
    text = "".join(read(answer, form).split())
    for said in (
        cast.firm.name,
        "李联系",
        "13800000000",
        "国高新",
        "近况良好",
        appeal.number,
        "打印，仅供内部工作使用",
    ):
        assert said in text, said
    assert AuditEntry.objects.get(action="download").summary.startswith(f"企业档案：{cast.firm.name}")


def test_a_dossier_with_much_to_tell_goes_on_over_pages_with_its_headers(client, cast):
    for number in range(60):
        cast.visit(cast.firm, topic=f"第{number}次", summary="谈了用房、用工和融资的情况。" * 5)
    answer = dossier(client, cast.manager, cast.firm)
    pages = page_texts(answer.content)
    assert sum("日期形式主题情况" in page for page in pages) >= 3
    assert all(any(f"第{number}次" in page for page in pages) for number in range(60))
    assert all(descriptor for _, descriptor in fonts_of(answer.content))


def test_a_dossier_tells_amounts_to_who_may_see_those_of_a_single_firm(client, cast, users):
    day = date(2024, 1, 10)
    for month, amount in ((2, 10_000_000), (11, 77_770_000)):
        record_indicators([Told(cast.firm, "tax", 2023, month, "total", Decimal(amount), day)])
    for role in ("leader", "viewer", "steward", "desk"):
        text = text_of(dossier(client, users[role], cast.firm).content)
        assert ("1—11月" in text, "7,777" in text) == (role == "leader", role == "leader"), role


def test_a_dossier_holds_nothing_that_its_reader_may_not_see(client, cast, users):
    text = text_of(dossier(client, users["unit"], cast.firm).content)
    assert cast.firm.name in text
    for hidden in ("李联系", "13800000000", "国高新", "走访记录"):
        assert hidden not in text


@pytest.mark.parametrize("form", RENDERERS)
def test_the_sheet_tells_the_way_of_an_appeal_in_every_format(client, cast, form):
    appeal = cast.at(AppealStatus.CLOSED)
    cast.take(
        appeal, "call_back", cast.desk, is_reached=True, is_contacted=True, solved="solved", satisfaction="satisfied"
    )
    text = "".join(read(sheet(client, cast.manager, appeal, form), form).split())
    appeal.refresh_from_db()
    for said in (
        appeal.number,
        appeal.enterprise.name,
        appeal.content,
        "办理时限",
        "联办单位",
        "受理",
        "已联系，已解决，满意",
    ):
        assert "".join(said.split()) in text, said
    events = [event.label for event in appeal.events.all()]
    assert len(events) > 5
    assert all(label in text for label in events)


def test_strangers_find_neither_and_those_who_read_no_records_are_refused(client, cast, outsider, users):
    appeal = cast.at(AppealStatus.HANDLING)
    for user, status in ((outsider, 404), (users["auditor"], 403)):
        assert dossier(client, user, cast.firm).status_code == status
        assert sheet(client, user, appeal).status_code == status
    assert dossier(client, cast.manager, cast.firm, "exe").status_code == 404
    assert not AuditEntry.objects.filter(action="download").exists()


def test_their_pages_lead_to_them(client, cast):
    appeal = cast.at(AppealStatus.HANDLING)
    client.force_login(cast.manager)
    page = client.get(cast.firm.get_absolute_url()).content.decode()
    assert reverse("reports:enterprise_dossier", args=[cast.firm.pk, "pdf"]) in page
    page = client.get(appeal.get_absolute_url()).content.decode()
    assert reverse("reports:appeal_sheet", args=[appeal.pk, "pdf"]) in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queries_of_a_dossier_do_not_grow_with_its_rows(client, cast, rows, django_assert_num_queries):
    for _ in range(rows):
        cast.visit(cast.firm)
        cast.draft()
    with django_assert_num_queries(13):
        build_dossier(cast.firm, cast.manager, timezone.now())


@pytest.mark.parametrize("form", RENDERERS)
def test_at_their_foot_they_name_themselves_and_have_no_sheets_for_figures(client, cast, form):
    appeal = cast.at(AppealStatus.HANDLING)
    for answer, name in (
        (dossier(client, cast.manager, cast.firm, form), "本档案由系统按"),
        (sheet(client, cast.manager, appeal, form), "本办理单由系统按"),
    ):
        text = "".join(read(answer, form).split())
        assert "本报告" not in text
        if form == "xlsx":
            names = sheets(answer.content).sheetnames
            assert not {"关键指标", "口径"} & set(names)
            # Only the appeal has something to say in sentences.
            assert ("说明" in names) == (name == "本办理单由系统按")
        else:
            assert name in text
