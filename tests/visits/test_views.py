"""The pages: what they show, whom they turn away, a double press that does things once, and the number of queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import User
from crm.views import CappedPaginator
from parks.models import Enterprise, ServiceTier
from parks.names import normalise_name
from tests.parks.factories import make_enterprise
from tests.visits.factories import START, Cast, local, picture
from visits.choices import AppealStatus as S
from visits.models import Appeal, AppealEvent, Photo, Visit
from visits.photos import clean_photo

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(user: User, *firms: Enterprise, **fields: Any) -> dict[str, Any]:
    """What the visit form sends."""
    return {
        "client_id": "7b0f1c52-6a8e-4c11-9d8e-111111111111",
        "enterprises": [firm.pk for firm in firms],
        "started_at": "2026-11-02T09:30",
        "kind": "visit",
        "staff": [user.pk],
        "summary": "企业近况良好",
        "appeal0-category": "traffic",
        "appeal0-appeal_class": "coordinate",
        "appeal0-urgency": "normal",
        "appeal1-category": "other",
        "appeal1-appeal_class": "coordinate",
        "appeal1-urgency": "normal",
    } | fields


# The visit form


def test_a_visit_to_three_enterprises_with_photos_and_an_appeal_in_one_form(cast):
    client = signed_in(cast.manager)
    firms = [cast.firm, make_enterprise(cast.office), make_enterprise(cast.office)]
    data = typed(
        cast.manager, *firms, has_appeal="on", photos=[picture(), picture("二.jpg")], next_in="14",
        **{"appeal0-content": "班车末班太早", "appeal0-enterprise": firms[1].pk},
    )  # fmt: skip
    response = client.post(reverse("visits:visit_create"), data, follow=True)
    visit = Visit.objects.get()
    assert response.redirect_chain == [(visit.get_absolute_url(), 302)]
    assert "计 3 家次，提出诉求 1 件" in response.text
    assert (visit.pairs.count(), visit.photos.count(), visit.next_visit_on) == (3, 2, date(2026, 11, 16))
    appeal = visit.appeals.get()
    assert (appeal.enterprise, appeal.category, appeal.status) == (firms[1], "traffic", S.SUBMITTED)


def test_a_double_press_makes_one_visit_and_one_appeal(cast):
    client = signed_in(cast.manager)
    data = typed(cast.manager, cast.firm, has_appeal="on", **{"appeal0-content": "缺电"})
    first, second = (client.post(reverse("visits:visit_create"), data) for _ in "ab")
    assert first.url == second.url
    assert Visit.objects.count() == Appeal.objects.count() == 1


def test_the_appeal_of_a_visit_to_one_enterprise_is_its(cast):
    data = typed(cast.manager, cast.firm, has_appeal="on", **{"appeal0-content": "一", "appeal1-content": "二"})
    signed_in(cast.manager).post(reverse("visits:visit_create"), data)
    assert [appeal.enterprise for appeal in Appeal.objects.all()] == [cast.firm, cast.firm]


def test_errors_keep_what_was_typed_and_say_that_photos_are_lost(cast):
    other = make_enterprise(cast.office)
    data = typed(
        cast.manager, cast.firm, other, summary="谈了很久", has_appeal="on", photos=[picture()],
        **{"appeal0-content": "缺电"},
    )  # fmt: skip
    response = signed_in(cast.manager).post(reverse("visits:visit_create"), data)
    for words in ("请选择是哪家企业的诉求", "谈了很久", "缺电", cast.firm.name, other.name, "请重新选择"):
        assert words in response.text
    assert not Visit.objects.exists()
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"enterprises": []}, "请至少选择一家企业"),
        ({"summary": ""}, "请写下谈了什么"),
        ({"started_at": "1926-11-02T09:30"}, "请检查年份"),
        ({"next_visit_on": "2026-11-02"}, "下次走访须晚于"),
        ({"has_appeal": "on"}, "请写下诉求内容"),
        ({"photos": [SimpleUploadedFile("木马.jpg", b"MZ\x90\x00")]}, "“木马.jpg”不是可读的图片"),
        ({"photos": [picture(f"{n}.jpg") for n in range(10)]}, "一次最多 9 张照片"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(cast, fields, message):
    data = typed(cast.manager, cast.firm, **fields)
    response = signed_in(cast.manager).post(reverse("visits:visit_create"), data)
    assert response.status_code == 200
    assert message in response.text
    assert not Visit.objects.exists()


def test_a_visit_to_come_needs_no_summary_and_a_village_needs_no_enterprise(cast):
    client = signed_in(cast.manager)
    later = f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    client.post(reverse("visits:visit_create"), typed(cast.manager, cast.firm, summary="", started_at=later))
    assert Visit.objects.get().status == "planned"
    key = "7b0f1c52-6a8e-4c11-9d8e-222222222222"
    client.post(reverse("visits:visit_create"), typed(cast.manager, kind="grassroots", client_id=key))
    assert Visit.objects.filter(kind="grassroots", pairs=None).exists()


def test_without_javascript_the_search_button_brings_back_the_form_as_typed(cast):
    make_enterprise(cast.office, "北京找得到科技有限公司")
    data = typed(cast.manager, cast.firm, summary="打了一半", find="找得到", search="1")
    response = signed_in(cast.manager).post(reverse("visits:visit_create"), data)
    assert "北京找得到科技有限公司" in response.text
    assert "打了一半" in response.text
    assert "is-invalid" not in response.text
    assert not Visit.objects.exists()


def test_an_address_with_an_enterprise_chooses_it(cast):
    response = signed_in(cast.manager).get(reverse("visits:visit_create"), {"enterprise": cast.firm.pk})
    assert response.context["form"].chosen == [cast.firm]
    for wrong in ("x", "", "9" * 30, "-1"):
        assert signed_in(cast.manager).get(reverse("visits:visit_create"), {"enterprise": wrong}).status_code == 200


def test_a_correction_keeps_what_stays_and_drops_the_photos_ticked(cast):
    visit = cast.visit(photos=[clean_photo(picture()), clean_photo(picture())])
    kept, dropped = visit.photos.all()
    data = typed(cast.manager, cast.firm, summary="改过", dropped_photos=[dropped.pk])
    response = signed_in(cast.manager).post(reverse("visits:visit_update", args=[visit.pk]), data)
    assert response.status_code == 302
    visit.refresh_from_db()
    assert (visit.summary, list(visit.photos.all())) == ("改过", [kept])


def test_a_correction_sent_twice_raises_its_appeal_once(cast):
    visit = cast.visit()
    client, address = signed_in(cast.manager), reverse("visits:visit_update", args=[visit.pk])
    keys = {str(client.get(address).context["form"]["client_id"].value()) for _ in "ab"}
    assert len(keys) == 2  # two openings of the page are two corrections
    data = typed(cast.manager, cast.firm, has_appeal="on", client_id=keys.pop(), **{"appeal0-content": "缺电"})
    for _ in "ab":
        client.post(address, data)
    assert visit.appeals.count() == 1


def test_a_colleague_reads_a_visit_but_does_not_change_it(cast):
    visit = cast.visit()
    client = signed_in(cast.desk)
    assert client.get(visit.get_absolute_url()).status_code == 200
    assert client.get(reverse("visits:visit_update", args=[visit.pk])).status_code == 403
    assert reverse("visits:visit_update", args=[visit.pk]) not in client.get(visit.get_absolute_url()).text


def test_a_plan_is_cancelled_by_post_with_a_reason_that_its_page_shows(cast):
    plan = cast.visit(started_at=timezone.now() + timedelta(days=1), at=timezone.now())
    client, address = signed_in(cast.manager), reverse("visits:visit_cancel", args=[plan.pk])
    assert client.get(address).status_code == 405
    assert "请写明为什么取消" in client.post(address, follow=True).text
    assert Visit.objects.planned().exists()
    assert "企业临时有事" in client.post(address, {"reason": "企业临时有事"}, follow=True).text
    plan.refresh_from_db()
    assert plan.status == "cancelled"


def test_script_in_names_and_words_is_escaped_everywhere(cast):
    evil = "<script>alert(1)</script>"
    firm = make_enterprise(cast.office, evil, normalised_name=normalise_name(evil))
    visit = cast.visit(firm, summary=evil, topic=evil)
    appeal = cast.at(S.CONFIRMED, enterprise=firm, content=evil, visit=visit)
    pages = [
        visit.get_absolute_url(),
        appeal.get_absolute_url(),
        reverse("visits:visit_list"),
        reverse("visits:appeal_list"),
        reverse("visits:today"),
        reverse("visits:visit_create") + f"?enterprise={firm.pk}",
        reverse("visits:enterprise_suggestions") + "?find=script",
        reverse("visits:enterprise_timeline", args=[firm.pk]),
        reverse("visits:appeal_step", args=[appeal.pk, "redo"]),
    ]
    client = signed_in(cast.manager)
    for page in pages:
        text = client.get(page).text
        assert "alert(1)" in text, page
        assert evil not in text, page


# Appeals


def test_an_appeal_is_registered_once_and_goes_to_the_desk(cast):
    data = {
        "client_id": "7b0f1c52-6a8e-4c11-9d8e-333333333333", "enterprise": cast.firm.pk, "source": "hotline",
        "category": "space", "appeal_class": "consult", "urgency": "urgent", "content": "扩租 3000 平方米",
    }  # fmt: skip
    client = signed_in(cast.desk)
    urls = {client.post(reverse("visits:appeal_create"), data).url for _ in "ab"}
    appeal = Appeal.objects.get()
    assert urls == {appeal.get_absolute_url()}
    assert (appeal.status, appeal.urgency, appeal.events.count()) == (S.SUBMITTED, "urgent", 1)
    response = client.post(reverse("visits:appeal_create"), data | {"enterprise": "", "content": ""})
    assert "请选择提出诉求的企业" in response.text
    assert "请写下诉求内容" in response.text


def test_an_appeal_is_carried_from_receipt_to_the_enterprises_answer(cast):
    appeal = cast.at(S.SUBMITTED)
    desk, handler, helper = signed_in(cast.desk), signed_in(cast.handler), signed_in(cast.helper)
    line = [
        (desk, "accept", {"appeal_class": "consult", "category": "traffic"}),
        (desk, "dispatch", {"lead_unit": cast.lead.pk, "joint_units": [cast.joint.pk]}),
        (handler, "sign", {}),
        (handler, "contact", {"note": "电话联系陈经理"}),
        (helper, "joint_sign", {}),
        (helper, "joint_answer", {"note": "已联系公交公司"}),
        (handler, "answer", {"result": "solved", "result_text": "已延长"}),
        (desk, "close", {}),
        (desk, "call_back", {"is_reached": "yes", "solved": "solved", "satisfaction": "satisfied"}),
        (desk, "archive", {}),
    ]  # fmt: skip
    for client, step, data in line:
        assert reverse("visits:appeal_step", args=[appeal.pk, step]) in client.get(appeal.get_absolute_url()).text
        response = client.post(reverse("visits:appeal_step", args=[appeal.pk, step]), data)
        assert response.url == appeal.get_absolute_url(), step
    appeal.refresh_from_db()
    assert (appeal.status, appeal.appeal_class) == (S.ARCHIVED, "consult")
    assert [event.step for event in appeal.events.all()] == ["submit", *(step for _, step, _ in line)]


def test_pressing_a_step_twice_or_in_two_tabs_says_who_took_it(cast):
    appeal = cast.at(S.DISPATCHED)
    client, url = signed_in(cast.handler), reverse("visits:appeal_step", args=[appeal.pk, "sign"])
    client.post(url)
    for response in (client.post(url, follow=True), client.get(url, follow=True)):
        assert f"这一步已由 {cast.handler} 于" in response.text
    assert AppealEvent.objects.filter(step="sign").count() == 1


def test_a_note_pressed_twice_is_one_event(cast):
    appeal = cast.at(S.HANDLING)
    client, url = signed_in(cast.handler), reverse("visits:appeal_step", args=[appeal.pk, "progress"])
    seen = client.get(url).context["form"].initial["seen"]
    for _ in "ab":
        client.post(url, {"note": "已到现场", "seen": seen})
    assert AppealEvent.objects.filter(step="progress").count() == 1


def test_a_limit_before_acceptance_is_refused_at_its_field(cast):
    appeal = cast.at(S.ACCEPTED)
    data = {"lead_unit": cast.lead.pk, "due_at": "2020-01-01", "note": "尽快"}
    response = signed_in(cast.desk).post(reverse("visits:appeal_step", args=[appeal.pk, "dispatch"]), data)
    assert "办理时限不能早于受理时间" in str(response.context["form"].errors["due_at"])
    assert "尽快" in response.text
    appeal.refresh_from_db()
    assert appeal.status == S.ACCEPTED


def test_a_duplicate_is_merged_by_number(cast, others):
    parent, appeal = cast.at(S.SUBMITTED), cast.at(S.SUBMITTED)
    client, url = signed_in(cast.desk), reverse("visits:appeal_step", args=[appeal.pk, "merge"])
    assert parent.number in client.get(url).text
    for wrong in ("SQ-不存在", others.draft(at=START + timedelta(days=9)).number, appeal.number):
        assert "没有找到这个编号的诉求" in client.post(url, {"parent": wrong}).text
    client.post(url, {"parent": parent.number})
    appeal.refresh_from_db()
    assert appeal.merged_into == parent


def test_a_unit_that_sends_an_appeal_back_lands_on_its_list(cast):
    appeal = cast.at(S.DISPATCHED)
    url = reverse("visits:appeal_step", args=[appeal.pk, "return"])
    response = signed_in(cast.handler).post(url, {"note": "不属本科室"}, follow=True)
    assert response.redirect_chain[0][0] == reverse("visits:appeal_list")
    assert f"{appeal.number} 已退回派单" in response.text


def test_a_step_of_another_role_is_forbidden_and_one_that_does_not_exist_is_not_found(cast):
    appeal = cast.at(S.SUBMITTED)
    client = signed_in(cast.steward)
    assert client.get(reverse("visits:appeal_step", args=[appeal.pk, "accept"])).status_code == 403
    assert client.post(reverse("visits:appeal_step", args=[appeal.pk, "accept"])).status_code == 403
    assert client.get(reverse("visits:appeal_step", args=[appeal.pk, "nonsense"])).status_code == 404
    appeal.refresh_from_db()
    assert appeal.status == S.SUBMITTED


def test_a_handling_unit_sees_no_link_to_an_enterprise_beyond_its_rows(cast):
    appeal = cast.at(S.DISPATCHED)
    assert cast.firm.get_absolute_url() not in signed_in(cast.handler).get(appeal.get_absolute_url()).text
    assert cast.firm.get_absolute_url() in signed_in(cast.manager).get(appeal.get_absolute_url()).text


def test_the_unit_that_handles_an_appeal_is_told_whom_to_call(cast):
    cast.firm.contacts.create(name="陈经理", mobile="13800000000", is_primary=True)
    appeal = cast.at(S.HANDLING)
    step = reverse("visits:appeal_step", args=[appeal.pk, "contact"])
    for address in (appeal.get_absolute_url(), step):
        assert "13800000000" in signed_in(cast.handler).get(address).text


def test_who_closes_or_calls_back_reads_the_answer_beside_the_form(cast):
    for status, step in ((S.ANSWERED, "close"), (S.CLOSED, "call_back")):
        address = reverse("visits:appeal_step", args=[cast.at(status).pk, step])
        assert "已协调延长末班车" in signed_in(cast.desk).get(address).text


def test_queues_and_filters_are_in_the_address(cast):
    appeal = cast.at(S.SUBMITTED, content="夜班车", category="traffic")
    cast.at(S.HANDLING)
    client = signed_in(cast.desk)
    for query in ("queue=submitted", "q=夜班", f"q={appeal.number}", "category=traffic", "status=submitted"):
        page = client.get(f"{reverse('visits:appeal_list')}?{query}").context["page_obj"]
        assert list(page) == [appeal], query
    assert client.get(f"{reverse('visits:appeal_list')}?queue=nonsense").status_code == 200


def test_visits_are_filtered_by_enterprise_kind_person_and_day(cast):
    visit = cast.visit(kind="forum", staff=[cast.steward], started_at=local("2026-10-01 23:50"))
    cast.visit(make_enterprise(cast.office), started_at=local("2026-10-02 00:10"))
    client = signed_in(cast.manager)
    queries = (
        f"q={cast.firm.name}",
        "kind=forum",
        f"staff={cast.steward.pk}",
        "end=2026-10-01",
        f"enterprise={cast.firm.pk}",
    )
    for query in queries:
        assert list(client.get(f"{reverse('visits:visit_list')}?{query}").context["page_obj"]) == [visit], query
    assert client.get(f"{reverse('visits:visit_list')}?start=2026-10-01").context["pair_count"] == 2


def test_visits_to_more_enterprises_than_anyone_reads_are_not_counted_to_the_last(cast, monkeypatch):
    client = signed_in(cast.manager)
    for _ in range(3):
        cast.visit()
    assert "计 <strong>3</strong> 家次" in client.get(reverse("visits:visit_list")).text
    monkeypatch.setattr(CappedPaginator, "cap", 2)
    assert "计 <strong>2+</strong> 家次" in client.get(reverse("visits:visit_list")).text


def counted(client: Client) -> Any:
    """The queues with their counts, which the list asks for when it has been read."""
    assert 'hx-get="/appeals/queues/?queue="' in client.get(reverse("visits:appeal_list")).text
    return client.get(reverse("visits:appeal_queues")).context["queues"]


def test_the_count_of_the_day_opens_the_rows_it_counted(cast):
    for status in S:
        cast.at(status)
    for user in (cast.manager, cast.desk, cast.steward):
        client = signed_in(user)
        count = client.get(reverse("visits:today")).context["appeal_count"]
        assert client.get(f"{reverse('visits:appeal_list')}?queue=mine").context["count_text"] == count
        assert {entry["queue"].key: entry["text"] for entry in counted(client)}["mine"] == count


def test_the_most_pressing_comes_first_and_what_is_closed_last(cast):
    closed = cast.at(S.CLOSED, at=START - timedelta(days=30))
    later, sooner = cast.at(S.HANDLING), cast.at(S.HANDLING, at=START - timedelta(days=5))
    page = signed_in(cast.manager).get(f"{reverse('visits:appeal_list')}?queue=mine").context["page_obj"]
    assert list(page) == [sooner, later, closed]


# Another organisation, other doors


def read(response: Any) -> bytes:
    """The whole body of a page that was found; reading a file to its end also closes it."""
    assert response.status_code == 200
    return response.getvalue()


def everything_of(cast: Cast) -> list[str]:
    visit = cast.visit(photos=[clean_photo(picture())])
    appeal = cast.at(S.CONFIRMED)
    photo = visit.photos.get()
    steps = [reverse("visits:appeal_step", args=[appeal.pk, step]) for step in ("redo", "archive")]
    names = ("enterprise_timeline", "enterprise_visits", "enterprise_appeals", "enterprise_next")
    return [
        visit.get_absolute_url(),
        reverse("visits:visit_update", args=[visit.pk]),
        reverse("visits:photo", args=[photo.pk]),
        reverse("visits:photo_small", args=[photo.pk]),
        appeal.get_absolute_url(),
        *steps,
        *(reverse(f"visits:{name}", args=[cast.firm.pk]) for name in names),
        reverse("visits:visit_api-detail", args=[visit.pk]),
        reverse("visits:appeal_api-detail", args=[appeal.pk]),
    ]


def test_another_organisation_finds_nothing_behind_any_address(cast, others):
    own, other = signed_in(cast.manager), signed_in(others.manager)
    for address in everything_of(cast):
        assert read(own.get(address)), address
        assert other.get(address).status_code == 404, address
        assert other.post(address).status_code in (403, 404, 405), address


def test_another_organisation_finds_nothing_in_lists_counts_and_suggestions(cast, others):
    everything_of(cast)
    ServiceTier.objects.create(enterprise=cast.firm, tier="city", starts_on=date(2020, 1, 1))
    client = signed_in(others.manager)
    names = (
        "visit_list",
        "appeal_list",
        "today",
        "late_list",
        "visit_create",
        "appeal_create",
        "visit_api-list",
        "appeal_api-list",
    )
    for name in names:
        text = client.get(reverse(f"visits:{name}")).text
        for secret in (cast.firm.name, str(cast.manager), "SQ20261102"):
            assert secret not in text, (name, secret)
    response = client.get(reverse("visits:enterprise_suggestions"), {"find": cast.firm.name})
    assert response.context["found"] == []
    assert not any(entry["count"] for entry in counted(client))


def test_another_organisations_enterprises_people_and_units_are_no_choices(cast, others):
    client = signed_in(cast.manager)
    response = client.post(reverse("visits:visit_create"), typed(cast.manager, others.firm))
    assert response.context["form"].errors["enterprises"]
    assert others.firm.name not in response.text
    assert client.post(reverse("visits:visit_create"), typed(others.manager, cast.firm)).context["form"].errors["staff"]
    item = typed(
        cast.manager, cast.firm, has_appeal="on", **{"appeal0-content": "x", "appeal0-enterprise": others.firm.pk}
    )
    assert client.post(reverse("visits:visit_create"), item).context["form"].errors["has_appeal"]
    url = reverse("visits:appeal_step", args=[cast.at(S.ACCEPTED).pk, "dispatch"])
    form = client.post(url, {"lead_unit": others.lead.pk, "joint_units": [others.joint.pk]}).context["form"]
    assert set(form.errors) == {"lead_unit", "joint_units"}
    assert not Visit.objects.exists()


def test_photos_are_served_through_the_gate_only(cast):
    photo = cast.visit(photos=[clean_photo(picture())]).photos.get()
    response = signed_in(cast.manager).get(reverse("visits:photo_small", args=[photo.pk]))
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private")
    assert read(response).startswith(b"\xff\xd8")
    assert Client().get(reverse("visits:photo", args=[photo.pk])).status_code == 302
    assert signed_in(cast.manager).get(f"/media/{photo.image.name}").status_code == 404


# The enterprise's page


def test_fragments_for_htmx_are_pages_without_it(cast):
    cast.visit()
    cast.at(S.HANDLING)
    client = signed_in(cast.manager)
    for name in ("enterprise_timeline", "enterprise_visits", "enterprise_appeals", "enterprise_next"):
        address = reverse(f"visits:{name}", args=[cast.firm.pk])
        assert "<html" in client.get(address).text
        fragment = client.get(address, headers=HTMX)
        assert "<html" not in fragment.text
        assert fragment.text.strip()


def test_the_timeline_holds_visits_and_main_events_newest_first(cast):
    cast.visit(started_at=START + timedelta(days=3), topic="后来的走访")
    appeal = cast.at(S.HANDLING)
    cast.take(appeal, "progress", note="不上时间线的进展")
    cast.visit(make_enterprise(cast.office), topic="别家的走访")
    response = signed_in(cast.manager).get(reverse("visits:enterprise_timeline", args=[cast.firm.pk]))
    entries = response.context["entries"]
    kinds = [entry.record.step if entry.key == "event" else entry.key for entry in entries]
    assert kinds == ["visit", "sign", "dispatch", "accept", "submit", "joined"]


def test_the_timeline_shows_a_reader_only_what_may_be_read(cast):
    cast.visit()
    cast.at(S.HANDLING)
    cast.firm.stewardships.create(user=cast.steward, starts_on=date(2020, 1, 1))
    response = signed_in(cast.steward).get(reverse("visits:enterprise_timeline", args=[cast.firm.pk]))
    kinds = {entry.key for entry in response.context["entries"]}
    assert kinds == {"event", "steward", "joined"}  # the visit was somebody else's


# Queries


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("visit_list", 10),
        ("appeal_list", 4),
        ("appeal_queues", 3),
        ("today", 18),
        ("late_list", 4),
        ("visit_api-list", 8),
        ("appeal_api-list", 11),
    ],
)
@pytest.mark.parametrize("rows", [1, 30])
def test_lists_take_the_same_number_of_queries_at_1_and_30_rows(cast, name, queries, rows, django_assert_num_queries):
    for _ in range(rows):
        firm = make_enterprise(cast.office)
        ServiceTier.objects.create(enterprise=firm, tier="town", starts_on=date(2020, 1, 1))
        cast.visit(firm, photos=[clean_photo(picture(size=(8, 8)))], next_visit_on=timezone.localdate())
        cast.at(S.CLOSED, enterprise=firm, visit=Visit.objects.first())
    client = signed_in(cast.manager)
    with django_assert_num_queries(queries):
        assert client.get(reverse(f"visits:{name}")).status_code == 200


@pytest.mark.parametrize(
    ("name", "queries"),
    [("enterprise_timeline", 12), ("enterprise_visits", 9), ("enterprise_appeals", 5), ("enterprise_next", 7)],
)
@pytest.mark.parametrize("rows", [1, 9])
def test_the_enterprises_tabs_take_the_same_number_of_queries(cast, name, queries, rows, django_assert_num_queries):
    for count in range(rows):
        cast.visit(photos=[clean_photo(picture(size=(8, 8)))], started_at=START + timedelta(days=count + 9))
        cast.at(S.SUBMITTED)
    client = signed_in(cast.manager)
    with django_assert_num_queries(queries):
        client.get(reverse(f"visits:{name}", args=[cast.firm.pk]), headers=HTMX)


@pytest.mark.parametrize("rounds", [1, 10])
def test_an_appeals_page_takes_the_same_number_of_queries_however_long_its_history(
    cast, rounds, django_assert_num_queries
):
    appeal = cast.at(S.HANDLING)
    for count in range(rounds):
        cast.take(appeal, "progress", note=f"进展 {count}")
    client = signed_in(cast.manager)
    client.get(appeal.get_absolute_url())  # Which pieces of text are common is asked once an hour, not once a page.
    with django_assert_num_queries(18):
        client.get(appeal.get_absolute_url())


@pytest.mark.parametrize("name", ["visit_list", "appeal_list", "ticket_list", "visit_api-list", "appeal_api-list"])
@pytest.mark.parametrize("key", ["9" * 30, "-" + "9" * 30, "0", "1.5", "x"])
def test_a_key_that_no_database_holds_is_no_failure(cast, name, key):
    client = signed_in(cast.manager)
    response = client.get(reverse(f"visits:{name}"), {"enterprise": key})
    assert response.status_code == (400 if "api" in name else 200)
