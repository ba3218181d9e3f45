"""The print card: one sheet whatever there is to say, with who and when, and only what the reader may see."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from crm.models import AuditEntry
from parks.models import Contact, Qualification, ServiceTier, Stewardship
from reports.documents.card import Card, Entry, Section
from reports.pdf import FontsMissing
from reports.pdf.card import render_card
from tests.parks.factories import make_enterprise, make_kind
from tests.reports.pdf_text import fonts_of, page_texts


def url(enterprise) -> str:
    return reverse("reports:enterprise_card", args=[enterprise.pk])


@pytest.fixture
def firm(office, manager):
    firm = make_enterprise(office, "云川图维天下科技有限公司", legal_representative="张三", status="active")
    Contact.objects.create(enterprise=firm, name="李联系", mobile="13800000000")
    Qualification.objects.create(
        enterprise=firm, kind=make_kind("HNTE", short_name="国高新"), valid_from=date(2020, 1, 1)
    )
    Stewardship.objects.create(enterprise=firm, user=manager, starts_on=date(2023, 1, 1))
    ServiceTier.objects.create(enterprise=firm, tier="city", starts_on=date(2023, 1, 1))
    return firm


def test_the_card_tells_the_enterprise_and_who_printed_it_when(client, manager, firm):
    client.force_login(manager)
    answer = client.get(url(firm))
    assert answer.headers["Content-Type"] == "application/pdf"
    (text,) = page_texts(answer.content)
    for said in (
        firm.name,
        "张三",
        "李联系13800000000",
        "国高新",
        "市级，自2023-01-01",
        "数据不足",
        f"{manager.name}（",
        "打印",
    ):
        assert said in text, said
    entry = AuditEntry.objects.get(action="download")
    assert (entry.actor, firm.name in entry.summary) == (manager, True)


def test_every_font_on_the_card_is_embedded(client, manager, firm):
    client.force_login(manager)
    fonts = list(fonts_of(client.get(url(firm)).content))
    assert fonts
    assert all(descriptor for _, descriptor in fonts)


def test_the_card_holds_nothing_that_the_reader_may_not_see(client, users, firm):
    client.force_login(users["unit"])
    (text,) = page_texts(client.get(url(firm)).content)
    assert firm.name in text
    for hidden in ("李联系", "13800000000", "国高新"):
        assert hidden not in text


def test_the_card_of_another_organisations_enterprise_is_not_found(client, outsider, users, firm):
    client.force_login(outsider)
    assert client.get(url(firm)).status_code == 404
    client.force_login(users["auditor"])
    assert client.get(url(firm)).status_code == 403
    assert not AuditEntry.objects.filter(action="download").exists()


def test_a_card_with_too_much_to_say_stays_one_sheet_and_says_so():
    long = "技术开发、技术咨询、技术服务；" * 60
    sections = [Section(f"第{n}节", tuple(Entry(f"栏目{k}", long, k % 3 == 0) for k in range(12))) for n in range(6)]
    (text,) = page_texts(render_card(Card(long, long, tuple(sections), "某人打印" * 30)))
    assert "见系统" in text
    assert "某人打印" in text


def test_without_a_chinese_font_the_page_says_what_to_do(client, manager, firm, monkeypatch):
    def missing(card):
        raise FontsMissing("中文字体没有找到。")

    monkeypatch.setattr("reports.views.card.render_card", missing)
    client.force_login(manager)
    assert "中文字体没有找到" in client.get(url(firm), follow=True).text
