"""The record of a visit: one sheet to sign, whatever was said, and only what the reader may see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.models import AuditEntry
from reports.pdf import FontsMissing
from tests.parks.factories import make_enterprise
from tests.reports.pdf_text import fonts_of, page_texts
from tests.visits.factories import Cast, picture
from visits import actions
from visits.actions import NewAppeal, NewSuggestion, Part
from visits.models import Question, WarningFlag
from visits.photos import clean_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(office) -> Cast:
    return Cast(office)


def full(cast: Cast, summary: str = "企业近况良好"):
    """A forum with one guest and one absent, and everything that may be heard."""
    absent = make_enterprise(cast.office, "云川缺席有限公司")
    question = Question.objects.filter(kind="forum", answer_type="choice").first()
    parts = {
        cast.firm.pk: Part(
            attendees="陈经理", answers=((question, "6 个月内"),), flags=("move",), flag_detail="房东卖楼"
        ),
        absent.pk: Part(has_attended=False),
    }
    return cast.visit(
        cast.firm, absent, kind="forum", parts=parts, summary=summary, place="会议中心",
        photos=[clean_photo(picture()) for _ in range(5)],
        appeals=[NewAppeal(enterprise=cast.firm, content="末班车太早")],
        suggestions=[NewSuggestion(content="建个食堂")],
    )  # fmt: skip


def read(client, user, visit) -> str:
    client.force_login(user)
    (text,) = page_texts(client.get(reverse("reports:visit_record", args=[visit.pk])).content)
    return text


def test_it_tells_everything_of_the_visit_and_has_lines_to_sign(client, cast):
    visit = full(cast)
    text = read(client, cast.manager, visit)
    for said in (
        "走访记录", "座谈会", "会议中心", "到场1家", cast.firm.name, "陈经理", "缺席", "云川缺席有限公司",
        "企业近况良好", "6个月内", "房东卖楼", "待受理", "末班车太早", "待研究", "建个食堂",
        "走访人签字", "企业代表签字", "打印",
    ):  # fmt: skip
        assert said in text.replace(" ", ""), said
    entry = AuditEntry.objects.get(action="download")
    assert (entry.actor, visit.topic in entry.summary) == (cast.manager, True)


def test_it_stays_one_sheet_with_all_fonts_and_the_signatures_however_much_was_said(client, cast):
    visit = full(cast, summary="企业介绍了三季度的经营情况和明年的打算。\n" * 200)
    text = read(client, cast.manager, visit)
    assert "企业代表签字" in text
    answer = client.get(reverse("reports:visit_record", args=[visit.pk]))
    fonts = list(fonts_of(answer.content))
    assert fonts
    assert all(descriptor for _, descriptor in fonts)


def test_a_photo_whose_file_is_gone_is_left_out(client, cast):
    visit = full(cast)
    for photo in visit.photos.all():
        photo.thumbnail.storage.delete(photo.thumbnail.name)
    assert "企业代表签字" in read(client, cast.manager, visit)


def test_a_handled_flag_and_a_cancelled_plan_say_so(client, cast):
    visit = full(cast)
    actions.handle_flag(WarningFlag.objects.get(kind="move"), actor=cast.manager, note="已约谈房东")
    assert "已约谈房东" in read(client, cast.manager, visit)


def test_it_is_not_found_by_others_and_refused_to_those_who_read_no_visits(client, cast, outsider, users):
    visit = full(cast)
    for user, status in ((outsider, 404), (cast.steward, 404), (users["auditor"], 403)):
        client.force_login(user)
        assert client.get(reverse("reports:visit_record", args=[visit.pk])).status_code == status
    assert not AuditEntry.objects.filter(action="download").exists()


def test_without_a_chinese_font_the_page_says_what_to_do(client, cast, monkeypatch):
    def missing(record):
        raise FontsMissing("中文字体没有找到。")

    monkeypatch.setattr("reports.views.record.render_record", missing)
    client.force_login(cast.manager)
    page = client.get(reverse("reports:visit_record", args=[cast.visit().pk]), follow=True)
    assert "中文字体没有找到" in page.text
