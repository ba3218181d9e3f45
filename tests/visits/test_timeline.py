"""The one timeline of an enterprise: everything that happened to it, in one query, paged by key."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from parks import actions as register
from parks.models import Enterprise, Qualification, ServiceTier, Stewardship
from tests.crm.imports import files
from tests.parks.factories import make_enterprise, make_kind
from tests.visits.factories import START, Cast, picture
from visits.choices import AppealStatus as S
from visits.photos import clean_photo
from visits.timeline import LINES, PER_PAGE, Asked, Entry, places_of, timeline

pytestmark = pytest.mark.django_db
CODE = "91110105397625067T"


def told(cast: Cast, firm: Enterprise | None = None) -> list[tuple[str, str]]:
    """(day, what it says) of all that is neither a visit nor a step."""
    return [
        (f"{timezone.localtime(e.at):%Y-%m-%d}", f"{e.fact.head} {e.fact.text}".strip())
        for e in whole_of(cast, firm)
        if e.fact
    ]


def whole_of(cast: Cast, firm: Enterprise | None = None) -> list[Entry]:
    """Page after page."""
    found, after = timeline(cast.manager, firm or cast.firm)
    while after:
        entries, after = timeline(cast.manager, firm or cast.firm, after)
        found += entries
    return found


def busy(cast: Cast) -> None:
    """Rows of every kind, the bin and other enterprises aside."""
    kind = make_kind("OWN", short_name="高新", renewal="复核")
    firm, other = cast.firm, make_enterprise(cast.office, "云川并入有限公司")
    Qualification.objects.create(
        enterprise=firm, kind=kind, valid_from=date(2022, 5, 1), valid_to=date(2025, 4, 30), number="GR1"
    )
    Qualification.objects.create(
        enterprise=firm, kind=make_kind("GONE", short_name="绿色工厂"), valid_from=date(2023, 1, 1),
        withdrawn_on=date(2024, 2, 1), withdrawn_reason="复核未过",
    )  # fmt: skip
    Stewardship.objects.create(enterprise=firm, user=cast.steward, starts_on=date(2021, 1, 1), ends_on=date(2021, 7, 1))
    Stewardship.objects.create(enterprise=firm, user=cast.manager, starts_on=date(2021, 7, 1))
    ServiceTier.objects.create(enterprise=firm, tier="town", starts_on=date(2021, 1, 1), ends_on=date(2022, 1, 1))
    ServiceTier.objects.create(enterprise=firm, tier="city", starts_on=date(2022, 1, 1), ends_on=date(2023, 1, 1))
    cast.visit(photos=[clean_photo(picture(size=(8, 8))) for _ in range(5)])
    cast.at(S.CONFIRMED)
    seen = (firm.version, other.version)
    record = register.merge_enterprises(firm, other, actor=cast.manager, take=(), seen=seen)
    register.unmerge_enterprises(record, actor=cast.manager)


def test_it_tells_of_titles_service_and_merges_with_the_day_and_in_words(cast):
    busy(cast)
    lines = told(cast)
    for line in (
        ("2022-05-01", "获得资质 高新 GR1，有效至 2025-04-30"),
        ("2025-04-30", "资质到期 高新 GR1 · 复核"),
        ("2024-02-01", "资质撤销 绿色工厂：复核未过"),
        ("2023-01-01", "获得资质 绿色工厂，长期有效"),
        ("2021-07-01", f"不再担任管家 {cast.steward} 属地管家 · 主管家"),
        ("2021-07-01", f"担任管家 {cast.manager} 属地管家 · 主管家"),
        ("2021-01-01", "列入服务包 镇级"),
        ("2022-01-01", "列入服务包 市级"),
        ("2023-01-01", "移出服务包名单 市级"),
        ("2020-01-01", "入园"),
    ):
        assert line in lines, line
    words = [text for _, text in lines]
    assert "合并 并入“云川并入有限公司”" in words
    assert "撤销合并 “云川并入有限公司”恢复为单独的企业" in words
    assert ("2022-01-01", "移出服务包名单 镇级") not in lines


def test_it_is_in_the_order_of_time_whatever_the_kind(cast):
    busy(cast)
    entries = whole_of(cast)
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
    assert {entry.key for entry in entries} >= {"visit", "event", "title", "steward", "tier", "merged", "joined"}


def test_a_list_that_wrote_it_is_told_with_what_it_changed_and_so_is_its_undoing(client, cast):
    firm = make_enterprise(cast.office, "云川名单有限公司", uscc=CODE)
    content = files.xlsx([["企业名称", "统一社会信用代码", "电话"], ["云川名单有限公司", CODE, "010-81234567"]])
    batch = create_batch(
        resource_key="enterprises", content=content, filename="a.xlsx", actor=cast.manager, options={},
        must_find_header=True,
    )  # fmt: skip
    commit(stage(batch, actor=cast.manager).pk, actor=cast.manager)
    assert f"导入 #{batch.pk} 更新 电话" in [text for _, text in told(cast, firm)]
    undo(batch.pk, actor=cast.manager)
    assert f"撤销导入 #{batch.pk} 恢复原值" in [text for _, text in told(cast, firm)]
    address = reverse("visits:enterprise_timeline", args=[firm.pk])
    client.force_login(cast.manager)
    assert batch.get_absolute_url() in client.get(address).text
    client.force_login(cast.desk)
    text = client.get(address).text
    assert f"导入 #{batch.pk}" in text
    assert batch.get_absolute_url() not in text


def test_a_title_that_was_followed_is_not_told_as_run_out(cast):
    kind = make_kind("OWN", short_name="高新")
    for start, end in ((date(2020, 1, 1), date(2022, 12, 31)), (date(2023, 1, 1), None)):
        Qualification.objects.create(enterprise=cast.firm, kind=kind, valid_from=start, valid_to=end)
    assert not any("到期" in text for _, text in told(cast))


def test_photos_stand_in_place_and_more_than_four_are_counted(client, cast):
    busy(cast)
    client.force_login(cast.manager)
    text = client.get(reverse("visits:enterprise_timeline", args=[cast.firm.pk])).text
    assert text.count("/small/") == 4
    assert "共 5 张" in text


def test_it_is_one_query_for_the_order_and_one_for_each_kind_shown(cast):
    busy(cast)
    with CaptureQueriesContext(connection) as queries:
        entries, _ = timeline(cast.manager, cast.firm)
    unions = [query for query in queries if "UNION ALL" in query["sql"]]
    assert len(unions) == 1
    # The user's reach is read first; the visit brings its enterprises with answers, staff, photos and appeals.
    assert len(queries) <= 2 + len({entry.key for entry in entries}) + 5


@pytest.mark.parametrize("rows", [1, 9])
def test_it_takes_the_same_number_of_queries_however_much_there_is(cast, rows, django_assert_num_queries):
    for n in range(rows):
        cast.visit(started_at=START - timedelta(days=n))
        Stewardship.objects.create(
            enterprise=cast.firm, user=cast.steward, is_primary=False, starts_on=START.date() - timedelta(days=n)
        )
    # One of them is for the user's reach, which in a request comes with the user.
    with django_assert_num_queries(10):
        timeline(cast.manager, cast.firm)


def test_pages_follow_one_another_without_a_gap_or_a_repetition(client, cast):
    """Also where many lines stand on the same moment."""
    busy(cast)
    for n in range(2 * PER_PAGE):
        cast.visit(started_at=START, topic=f"同时 {n}")
        Stewardship.objects.create(
            enterprise=cast.firm, user=cast.steward, is_primary=False, starts_on=date(2022, 1, 1), role="leader"
        )
    whole = [(sort, key) for _, sort, key in places_of(Asked(cast.firm, cast.manager, timezone.localdate()), None)]
    seen, after = [], ""
    while True:
        entries, after = timeline(cast.manager, cast.firm, after)
        seen += [([line.key for line in LINES].index(entry.key), entry.record.pk) for entry in entries]
        if not after:
            break
    assert seen == whole
    client.force_login(cast.manager)
    address = reverse("visits:enterprise_timeline", args=[cast.firm.pk])
    first = client.get(address)
    assert "更早" in first.text
    second = client.get(address, {"after": first.context["following"]})
    assert "« 最新" in second.text


@pytest.mark.parametrize("after", ["x", "2026-01-01~1~1", "2026-01-01T00:00:00+00:00~a~1", "~~", "9" * 999])
def test_a_place_that_is_none_of_ours_shows_the_beginning(client, cast, after):
    client.force_login(cast.manager)
    response = client.get(reverse("visits:enterprise_timeline", args=[cast.firm.pk]), {"after": after})
    assert "入园" in response.text


def test_every_kind_is_seen_by_its_own_right_only(cast, others):
    busy(cast)
    entries, _ = timeline(others.manager, cast.firm)
    # The page itself is 404 to them; what hangs on rights of its own is not read even so.
    assert not {entry.key for entry in entries} & {"visit", "event", "title", "steward", "tier"}
    entries, _ = timeline(cast.handler, cast.firm)
    assert not {entry.key for entry in entries} & {"visit", "title", "steward", "tier"}
