"""共性问题: what several enterprises raise in a month, for each reader from the rows of that reader."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise
from tests.visits.factories import START
from visits import actions
from visits.choices import AppealStatus as S
from visits.matters import find_groups, group_of, groups_of_month
from visits.models import Appeal, CommonMatter
from visits.months import Month, month_named, month_of

pytestmark = pytest.mark.django_db

PARKING = ("地下车位不足，访客停车困难", "停车难，地下车位不够", "访客停车困难，希望增加地下车位", "反映地下车位不足")
NOVEMBER = Month(2026, 11)
LIST = reverse("visits:matter_list")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def raised(cast, firms: int = 3, category: str = "traffic", **fields) -> list[Appeal]:
    """The same matter from so many enterprises, in other words each time."""
    return [
        cast.at(S.SUBMITTED, content=PARKING[n % 4], category=category,
                **({"enterprise": make_enterprise(cast.office)} | fields))
        for n in range(firms)
    ]  # fmt: skip


def decided(appeals: list[Appeal], user, **facts) -> CommonMatter:
    facts = {"state": "listed", "title": "停车难", "owner": user, "note": ""} | facts
    keys = [appeal.pk for appeal in appeals]
    return actions.decide_matter(keys, actor=user, month_starts_on=NOVEMBER.start, **facts)


def test_three_enterprises_with_one_matter_make_it_common(cast):
    appeals = raised(cast)
    group = groups_of_month(cast.manager, NOVEMBER)[0]
    assert [line.pk for line in group.lines] == [appeal.pk for appeal in appeals]
    assert (group.firms, "车位" in group.words) == (3, True)
    page = signed_in(cast.desk).get(LIST, {"month": "2026-11"}).text
    for words in ("3 家企业", "待定", "列为本月一题", *(appeal.number for appeal in appeals)):
        assert words in page


@pytest.mark.parametrize(
    "why", ["two firms", "one firm thrice", "another category", "another month", "merged", "deleted"]
)
def test_what_fewer_raise_is_not_common(cast, why):
    if why == "one firm thrice":
        raised(cast, enterprise=cast.firm)
    elif why == "two firms":
        raised(cast, 2)
    else:
        *_, last = raised(cast)
        changes = {
            "another category": {"category": "other"},
            "another month": {"created_at": START - timedelta(days=9)},
            "merged": {"status": S.MERGED, "merged_into": last.pk - 1},
            "deleted": {"deleted_at": START},
        }
        Appeal.objects.filter(pk=last.pk).update(**changes[why])
    assert groups_of_month(cast.manager, NOVEMBER) == []


def test_how_many_make_it_common_is_a_setting(cast, settings):
    raised(cast, 2)
    settings.YQT = settings.YQT | {"COMMON_MATTER_FIRMS": 2}
    assert len(groups_of_month(cast.manager, NOVEMBER)) == 1


def tag_of(appeal: Appeal, client: Client) -> str:
    """What an appeal's page fetches after itself."""
    address = reverse("visits:appeal_common", args=[appeal.pk])
    assert f'hx-get="{address}"' in client.get(appeal.get_absolute_url()).text
    return client.get(address).text


def test_the_appeals_page_says_how_many_enterprises_raise_it(cast):
    appeals, client = raised(cast, 4), signed_in(cast.manager)
    assert "共性问题：4 家企业反映" in tag_of(appeals[2], client)
    other = cast.at(S.SUBMITTED, content="食堂高峰排队时间长", category="traffic")
    assert tag_of(other, client).strip() == ""


def test_who_may_not_see_common_matters_is_told_of_none(cast):
    appeals, client = raised(cast), signed_in(cast.handler)
    Appeal.objects.filter(pk=appeals[0].pk).update(lead_unit=cast.lead, status=S.DISPATCHED)
    address = reverse("visits:appeal_common", args=[appeals[0].pk])
    assert address not in client.get(appeals[0].get_absolute_url()).text
    assert client.get(address).status_code == 403


def test_a_reader_counts_only_what_the_reader_sees(cast, others):
    own = raised(cast, 2)
    raised(others, 4)
    assert groups_of_month(cast.manager, NOVEMBER) == []
    page = signed_in(cast.manager).get(LIST, {"month": "2026-11"}).text
    assert "家企业</strong>" not in page
    own += raised(cast, 2)
    assert groups_of_month(cast.manager, NOVEMBER)[0].firms == 4
    # A steward of own records, and a unit that leads two of them.
    Appeal.objects.filter(pk__in=[own[0].pk, own[1].pk]).update(lead_unit=cast.lead, status=S.DISPATCHED)
    assert groups_of_month(cast.steward, NOVEMBER) == groups_of_month(cast.handler, NOVEMBER) == []
    assert group_of(own[0], cast.handler) is None


def test_what_was_decided_is_told_to_nobody_who_sees_only_some(cast):
    appeals = raised(cast)
    decided(appeals, cast.manager, title="只给机构看的题目")
    for appeal in appeals:
        appeal.enterprise.stewardships.create(user=cast.steward, starts_on=START.date())
    assert groups_of_month(cast.steward, NOVEMBER)[0].matter is None
    assert "只给机构看的题目" not in signed_in(cast.steward).get(LIST, {"month": "2026-11"}).text
    assert "只给机构看的题目" in signed_in(cast.desk).get(LIST, {"month": "2026-11"}).text


def test_a_handler_lists_it_with_an_owner_and_sees_it_first(cast):
    appeals = raised(cast)
    raised(cast, 4, category="space")
    client, url = signed_in(cast.desk), reverse("visits:appeal_matter", args=[appeals[1].pk])
    assert "车位" in client.get(url).text
    sent = {"state": "listed", "title": "园区停车难", "owner": cast.manager.pk, "note": "下周会商"}
    client.post(url, sent)
    again = client.post(url, sent, follow=True).text
    assert f"这个问题已由 {cast.desk} 列为本月一题" in again
    matter = CommonMatter.objects.get()
    assert (matter.owner, matter.decided_by, matter.category, matter.links.count()) == (
        cast.manager, cast.desk, "traffic", 3,
    )  # fmt: skip
    assert matter.month_starts_on == date(2026, 11, 1)
    assert again.index("园区停车难") < again.index("4 家企业")
    assert "本月一题：3 家企业反映" in tag_of(appeals[0], client)
    assert client.get(url).url == matter.get_absolute_url()


def test_what_comes_later_joins_it(cast):
    decided(raised(cast), cast.desk)
    later = cast.at(S.SUBMITTED, content=PARKING[1], category="traffic", at=START + timedelta(days=3))
    group = groups_of_month(cast.desk, NOVEMBER)[0]
    assert (group.firms, group.lines[-1].pk, group.is_listed) == (4, later.pk, True)


def test_one_dismissed_says_why_stands_apart_and_comes_back_when_taken_back(cast):
    appeals = raised(cast)
    client, url = signed_in(cast.desk), reverse("visits:appeal_matter", args=[appeals[0].pk])
    refused = client.post(url, {"state": "dismissed", "title": "停车"})
    assert "请写明为什么不作为共性问题" in refused.text
    page = client.post(url, {"state": "dismissed", "title": "停车", "note": "同一栋楼临时施工"}, follow=True).text
    assert "不作为共性问题 1 个" in page
    assert "同一栋楼临时施工" in page
    assert "共性问题：" not in tag_of(appeals[0], client)
    undo = reverse("visits:matter_undo", args=[CommonMatter.objects.get().pk])
    assert undo in page
    assert "待定" in client.post(undo, follow=True).text
    assert not CommonMatter.objects.exists()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"owner": ""}, "请选择负责人"),
        ({"title": ""}, "请给这个问题起个题目"),
        ({"state": "x"}, "x"),
        ({"owner": "999999"}, "不在可用的选项中"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused_and_nothing_is_written(cast, sent, message):
    appeals = raised(cast)
    url = reverse("visits:appeal_matter", args=[appeals[0].pk])
    data = {"state": "listed", "title": "停车", "owner": cast.manager.pk} | sent
    page = signed_in(cast.desk).post(url, data)
    assert page.status_code == 200
    assert message in page.text
    assert not CommonMatter.objects.exists()


def test_it_can_be_changed(cast):
    matter = decided(raised(cast), cast.desk)
    client = signed_in(cast.desk)
    assert "停车难" in client.get(matter.get_absolute_url()).text
    client.post(matter.get_absolute_url(), {"state": "dismissed", "title": "停车难", "note": "另案办理"})
    matter.refresh_from_db()
    assert (matter.state, matter.owner, matter.note) == ("dismissed", None, "另案办理")


def test_who_only_reads_decides_nothing(cast):
    appeals, leader = raised(cast), make_user("leader", cast.office, role="leader")
    client = signed_in(leader)
    page = client.get(LIST, {"month": "2026-11"}).text
    assert "3 家企业" in page
    assert "列为本月一题…" not in page
    assert client.post(reverse("visits:appeal_matter", args=[appeals[0].pk]), {}).status_code == 403
    assert signed_in(cast.handler).get(LIST).status_code == 403
    alone = cast.at(S.SUBMITTED, content="独此一家")
    assert signed_in(cast.desk).get(reverse("visits:appeal_matter", args=[alone.pk])).status_code == 404


def test_the_leaders_page_counts_those_of_this_month(cast, time_machine_at):
    raised(cast)
    time_machine_at(START + timedelta(days=2))
    client = signed_in(make_user("leader", cast.office, role="leader"))
    assert reverse("visits:matter_count") in client.get(reverse("reports:dashboard")).text
    assert client.get(reverse("visits:matter_count")).text == "1"


@pytest.mark.parametrize("month", ["", "2026-13", "x", "2026-00", "9999-01"])
def test_an_address_that_names_no_month_shows_this_one(cast, month):
    assert signed_in(cast.manager).get(LIST, {"month": month}).status_code == 200


@pytest.mark.parametrize(
    ("first", "day", "key", "start"),
    [
        (1, date(2026, 11, 30), "2026-11", date(2026, 11, 1)),
        (19, date(2026, 11, 18), "2026-11", date(2026, 10, 19)),
        (19, date(2026, 11, 19), "2026-12", date(2026, 11, 19)),
        (19, date(2026, 12, 31), "2027-01", date(2026, 12, 19)),
    ],
)
def test_a_month_begins_on_the_day_of_the_settings(settings, first, day, key, start):
    settings.YQT = settings.YQT | {"MONTH_STARTS_ON": first}
    month = month_of(day)
    assert (month.key, month.start) == (key, start)
    assert month_of(month.last_day) == month_named(key) == month
    assert month_of(month.end) == month.following


def test_groups_are_the_same_every_time_and_bounded(cast):
    raised(cast, 8)
    first = groups_of_month(cast.manager, NOVEMBER)
    assert [group.lines for group in first] == [group.lines for group in groups_of_month(cast.manager, NOVEMBER)]
    assert list(find_groups([])) == []


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_takes_the_same_number_of_queries(cast, rows, django_assert_num_queries):
    decided(raised(cast, rows), cast.desk)
    groups_of_month(cast.desk, NOVEMBER)
    with django_assert_num_queries(2):
        groups_of_month(cast.desk, NOVEMBER)
