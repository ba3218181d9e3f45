"""The history of an enterprise: what changed, who, and by the page, a list, in bulk, a merge or an undo."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from parks import actions
from parks.actions.bulk import stage_enterprises, steward_enterprises, undo_bulk
from parks.models import Enterprise, Qualification, QualificationKind, ServiceTier, Stewardship
from parks.records import changes_of, told_of
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.parks.factories import make_enterprise, make_kind

pytestmark = pytest.mark.django_db
CODE = "91110105397625067T"


@pytest.fixture
def firm(office) -> Enterprise:
    return make_enterprise(office, "北京甲科技有限公司", uscc=CODE)


@pytest.fixture
def steward(office):
    user = make_user("one", office, role="steward")
    user.name = "李管家"
    user.save()
    return user


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def imported(manager, header: list[str], row: list[str]):
    content = files.xlsx([["企业名称", "统一社会信用代码", *header], ["北京甲科技有限公司", CODE, *row]])
    batch = create_batch(
        resource_key="enterprises", content=content, filename="名单.xlsx", actor=manager, options={},
        must_find_header=True,
    )  # fmt: skip
    return commit(stage(batch, actor=manager).pk, actor=manager)


def ways(firm, user) -> list[tuple[str, str]]:
    return [(change.title, change.how) for change in changes_of(firm, user)]


def test_service_changed_on_the_page_names_its_author(firm, manager, steward):
    day = date(2024, 5, 1)
    row = actions.assign_steward(firm, actor=manager, user=steward, role="local", is_primary=True, starts_on=day)
    actions.move_to_tier(firm, actor=manager, tier="city", starts_on=day)
    actions.end_stewardship(row, actor=steward, ends_on=date(2024, 6, 1))
    told = told_of(Stewardship, firm, manager)[row.pk]
    assert (told.began.who, told.began.how) == (manager.name, "页面")
    assert (told.ended.who, told.ended.how) == (steward.name, "页面")
    tier = ServiceTier.objects.get()
    assert told_of(ServiceTier, firm, manager)[tier.pk].began.who == manager.name
    assert ("服务包 市级", "页面") in ways(firm, manager)


def test_service_changed_in_bulk_and_taken_back_says_so(firm, manager, steward):
    rows = Enterprise.objects.filter(pk=firm.pk)
    done = steward_enterprises(rows, actor=manager, user=steward)
    row = Stewardship.objects.get()
    assert told_of(Stewardship, firm, manager)[row.pk].began.how == "批量修改"
    undo_bulk(rows, done.undo, actor=manager)
    assert ("管家 李管家", "撤销批量修改") in ways(firm, manager)
    done = stage_enterprises(rows, actor=manager, stage="settled")
    undo_bulk(rows, done.undo, actor=manager)
    assert [how for title, how in ways(firm, manager) if not title][:2] == ["撤销批量修改", "批量修改"]


def test_service_and_people_of_a_list_lead_to_the_list_and_so_does_its_undoing(page, firm, manager, steward):
    batch = imported(manager, ["服务包级别", "服务管家", "联系人", "电话"], ["市级", "李管家", "赵某", "010-81234567"])
    tier = ServiceTier.objects.get()
    told = told_of(ServiceTier, firm, manager)[tier.pk]
    assert (told.began.who, told.began.how, told.began.batch) == (manager.name, f"导入 #{batch.pk}", batch)
    text = page.get(reverse("parks:enterprise_history", args=[firm.pk])).text
    assert f'href="{batch.get_absolute_url()}"' in text
    for word in ("管家 李管家", "服务包 市级", "联系人 赵某", "010-81234567"):
        assert word in text
    assert f"导入 #{batch.pk}" in page.get(reverse("parks:enterprise_service", args=[firm.pk])).text
    undo(batch.pk, actor=manager)
    assert f"导入 #{batch.pk} 撤销" in page.get(reverse("parks:enterprise_history", args=[firm.pk])).text


def test_whoever_may_not_see_the_list_reads_its_number_without_a_link(client, users, firm, manager):
    batch = imported(manager, ["电话"], ["010-81234567"])
    client.force_login(users["viewer"])
    text = client.get(reverse("parks:enterprise_history", args=[firm.pk])).text
    assert f"导入 #{batch.pk}" in text
    assert batch.get_absolute_url() not in text


def test_who_may_not_see_contacts_reads_nothing_of_them_in_the_history(client, users, page, firm):
    page.post(reverse("parks:contact_create", args=[firm.pk]), {"name": "赵某", "mobile": "13800000000"})
    address = reverse("parks:enterprise_history", args=[firm.pk])
    assert "13800000000" in page.get(address).text
    client.force_login(users["unit"])
    assert "赵某" not in client.get(address).text


def test_titles_recorded_renewed_and_withdrawn_are_in_the_history(page, firm):
    kind = make_kind("OWN", short_name="高新")
    data = {"kind": kind.pk, "valid_from": "2024-01-01", "valid_to": "2026-12-31", "number": "GR1"}
    assert page.post(reverse("parks:qualification_create", args=[firm.pk]), data).status_code == 302
    row = Qualification.objects.get()
    page.post(
        reverse("parks:qualification_withdraw", args=[row.pk]), {"withdrawn_on": "2025-01-01", "reason": "复核未过"}
    )
    text = page.get(reverse("parks:enterprise_history", args=[firm.pk])).text
    assert "登记资质 高新" in text
    assert "修改资质 高新" in text
    assert "复核未过" in text


def test_a_merge_and_its_undoing_are_told_on_both(office, manager, firm):
    other = make_enterprise(office, "北京乙科技有限公司")
    seen = (firm.version, other.version)
    record = actions.merge_enterprises(firm, other, actor=manager, take=(), seen=seen)
    assert ("", "合并 北京乙科技有限公司") in ways(firm, manager)
    actions.unmerge_enterprises(record, actor=manager)
    assert ("", "撤销合并") in ways(firm, manager)
    assert {"合并到 北京甲科技有限公司", "撤销合并"} <= {how for _, how in ways(other, manager)}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_history_takes_the_same_number_of_queries(page, firm, manager, rows, django_assert_num_queries):
    kind = make_kind("HNTE")
    for n in range(rows):
        firm.phone = f"010-{n}"
        firm.save()
        Qualification.objects.create(enterprise=firm, kind=kind, valid_from=date(2000 + n, 1, 1))
    address = reverse("parks:enterprise_history", args=[firm.pk])
    page.get(address)
    # One for each kind of record that hangs on an enterprise, economic indicators among them.
    with django_assert_num_queries(9):
        page.get(address)


def test_a_long_history_is_paged(page, firm):
    for n in range(60):
        firm.phone = f"010-{n}"
        firm.save()
    address = reverse("parks:enterprise_history", args=[firm.pk])
    assert "010-59" in page.get(address).text
    assert "010-59" not in page.get(f"{address}?page=2").text
    assert "登记" in page.get(f"{address}?page=2").text


def test_the_catalogue_keeps_who_changed_what(page, manager):
    kind = make_kind("OWN", name="专精特新")
    address = reverse("parks:kind_update", args=[kind.pk])
    data = {"name": "专精特新企业", "short_name": "OWN", "awarded_at": "city", "position": 0, "is_in_use": "on"}
    assert page.post(address, data).status_code == 302
    last = QualificationKind.objects.get(pk=kind.pk).history.first()
    assert (last.name, last.history_user) == ("专精特新企业", manager)
    text = page.get(address).text
    assert "<del>专精特新</del>" in text
    assert manager.name in text


def test_an_entry_that_others_use_is_changed_from_above_only(page, client, town, office, other_office, manager):
    kind = make_kind("OWN", name="高新技术企业")
    Qualification.objects.create(enterprise=make_enterprise(other_office), kind=kind, valid_from=timezone.localdate())
    address = reverse("parks:kind_update", args=[kind.pk])
    data = {"name": "改了", "short_name": "HNTE", "awarded_at": "city", "position": 0, "is_in_use": "on"}
    assert "只有上级机构" in page.get(address).text
    assert "上级机构" in page.post(address, data).text
    kind.refresh_from_db()
    assert kind.name == "高新技术企业"
    Qualification.objects.all().delete()
    Qualification.objects.create(enterprise=make_enterprise(office), kind=kind, valid_from=timezone.localdate())
    client.force_login(make_user("above", town, role="manager"))
    assert client.post(address, data).status_code == 302
