"""Changing many enterprises from the list: counted, within the own rows, taken back where nobody changed since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from parks.models import Enterprise, Stewardship, Tag
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise

pytestmark = pytest.mark.django_db
BULK, UNDO = "/enterprises/bulk/", "/enterprises/bulk/undo/"


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def firms(office) -> list[Enterprise]:
    return [make_enterprise(office) for _ in range(3)]


def send(page, firms, **data):
    return page.post(BULK, {"pk": [firm.pk for firm in firms], "query": "stage=settled", **data}, follow=True)


def test_a_tag_is_given_counted_and_taken_back(page, firms, office, other_office):
    firms[0].tags.create(organisation=office, name="重点")
    foreign = make_enterprise(other_office)
    response = send(page, [*firms, foreign], action="tag", tag="重点")
    assert "已将 2 家企业打上标签“重点”；1 家未改" in response.text
    assert response.redirect_chain[-1][0].endswith("?stage=settled")
    assert UNDO in response.text
    assert not foreign.tags.exists()
    assert "已撤销 2 家" in page.post(UNDO, follow=True).text
    assert [firm.tags.count() for firm in firms] == [1, 0, 0]
    assert "已经撤销过了" in page.post(UNDO, follow=True).text


def test_a_stage_is_changed_with_history_and_an_edit_since_is_kept(page, firms, office, manager):
    gone = make_enterprise(office, stage="moved_out", left_on=timezone.localdate())
    response = send(page, [*firms, gone], action="stage", stage="settled")
    assert "已将 3 家企业改为入驻；1 家未改" in response.text
    firm = Enterprise.objects.get(pk=firms[0].pk)
    assert (firm.stage, firm.version) == ("settled", 2)
    assert firm.history.first().history_user == manager
    Enterprise.objects.filter(pk=firms[1].pk).update(version=3)
    assert "已撤销 2 家企业的批量修改；1 家此后又有变化" in page.post(UNDO, follow=True).text
    stages = [Enterprise.objects.get(pk=f.pk).stage for f in [*firms, gone]]
    assert stages == ["registered", "settled", "registered", "moved_out"]


def test_a_steward_takes_over_from_today_and_undo_brings_back_the_former(page, firms, office):
    today = timezone.localdate()
    former, new = make_user("f", office, role="steward"), make_user("n", office, role="steward")
    old = Stewardship.objects.create(enterprise=firms[0], user=former, starts_on=date(2020, 1, 1))
    slip = Stewardship.objects.create(enterprise=firms[1], user=former, starts_on=today)
    Stewardship.objects.create(enterprise=firms[2], user=new, starts_on=date(2020, 1, 1))
    assert "已将 2 家企业分配给n员；1 家未改" in send(page, firms, action="steward", steward=new.pk).text
    old.refresh_from_db()
    assert old.ends_on == today
    assert not Stewardship.objects.filter(pk=slip.pk).exists()
    assert Stewardship.objects.filter(user=new, is_primary=True, ends_on__isnull=True).count() == 3
    page.post(UNDO)
    holders = (
        Stewardship.objects.filter(ends_on__isnull=True).order_by("enterprise_id").values_list("user", "starts_on")
    )
    assert list(holders) == [(former.pk, date(2020, 1, 1)), (former.pk, today), (new.pk, date(2020, 1, 1))]


def test_a_steward_planned_for_later_is_not_overwritten(page, firms, office):
    tomorrow = timezone.localdate() + timedelta(days=1)
    Stewardship.objects.create(enterprise=firms[0], user=make_user("f", office, role="steward"), starts_on=tomorrow)
    send(page, firms[:1], action="steward", steward=make_user("n", office, role="steward").pk)
    assert Stewardship.objects.get().starts_on == tomorrow


@pytest.mark.parametrize("data", [{}, {"action": "tag"}, {"action": "stage", "stage": "moved_out"}, {"action": "x"}])
def test_an_incomplete_choice_changes_nothing_and_says_so(page, firms, data):
    response = send(page, firms, **data)
    assert "alert-danger" in response.text
    assert not Enterprise.objects.exclude(version=1).exists()


def test_nothing_chosen_a_foreign_steward_or_a_viewer_change_nothing(page, client, firms, users, outsider):
    assert "请先在列表中勾选企业" in send(page, [], action="tag", tag="甲").text
    send(page, firms, action="steward", steward=outsider.pk)
    client.force_login(users["viewer"])
    assert client.post(BULK, {"pk": firms[0].pk, "action": "tag", "tag": "甲"}).status_code == 403
    assert client.post(UNDO).status_code == 403
    assert not Stewardship.objects.exists()
    assert not Enterprise.objects.filter(tags__isnull=False).exists()


def test_the_page_leads_on_inside_the_list_one_came_from(page, office, other_office):
    names = ["安徽甲", "北京乙", "重庆丙", "天津丁"]
    rows = {
        name: make_enterprise(office, name, stage="registered" if name == "北京乙" else "settled") for name in names
    }
    make_enterprise(other_office, "成都别处", stage="settled")
    path = rows["重庆丙"].get_absolute_url()
    around = page.get(path, {"list": "stage=settled&ordering=name"}).context["around"]
    assert (around["previous"].name, around["following"].name) == ("安徽甲", "天津丁")
    assert page.get(path).context["around"] == {}
    for nonsense in ("", "q=%00", "stage=x&ordering=zz", "a" * 5000):
        assert page.get(path, {"list": nonsense}).status_code == 200


def test_a_tag_that_came_with_the_change_goes_with_it_unless_given_since(page, firms, office):
    send(page, firms[:2], action="tag", tag="新标签")
    page.post(UNDO, follow=True)
    assert not Tag.objects.filter(name="新标签").exists()
    send(page, firms[:2], action="tag", tag="又一个")
    firms[2].tags.add(Tag.objects.get(name="又一个"))
    page.post(UNDO, follow=True)
    assert [firm.tags.count() for firm in firms] == [0, 0, 1]
