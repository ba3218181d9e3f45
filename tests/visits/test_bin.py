"""回收站: what is deleted counts nowhere, and comes back whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from crm.imports.matching import load_register
from crm.scoping import ScopedQuerySet
from parks import actions as register
from parks.models import Contact, Enterprise, FormerName, Qualification, ServiceTier, Stewardship
from parks.relations import moving_relations
from parks.resources import EnterpriseResource
from reports.figures.tally import tallies
from reports.metrics import METRICS
from reports.period import Period
from reports.rows.scope import Scope
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise, make_kind
from tests.visits.factories import picture
from visits import actions
from visits.models import Appeal, AppealEvent, CallBack, Photo, Visit, VisitEnterprise
from visits.photos import clean_photo
from visits.querysets import due_for_visit, with_last_visit
from visits.queues import queue_counts

CODE = "91110105397625067T"


class World:
    """One firm with everything that may hang on it, as of today."""

    def __init__(self, cast) -> None:
        self.cast, self.user = cast, cast.manager
        Enterprise.objects.filter(pk=cast.firm.pk).delete()
        today = timezone.localdate()
        self.firm = make_enterprise(
            cast.office, "云川待删有限公司", uscc=CODE, tags=["网安"], registered_capital=20_000_000
        )
        FormerName.objects.create(enterprise=self.firm, name="云川旧名有限公司", normalised_name="云川旧名有限公司")
        Contact.objects.create(enterprise=self.firm, name="待删联系人")
        Qualification.objects.create(enterprise=self.firm, kind=make_kind("HNTE"), valid_from=date(2020, 1, 1))
        ServiceTier.objects.create(enterprise=self.firm, tier="town", starts_on=date(2020, 1, 1))
        Stewardship.objects.create(enterprise=self.firm, user=self.user, starts_on=date(2020, 1, 1))
        then = timezone.now() - timedelta(hours=6)
        self.visit = cast.visit(
            self.firm, started_at=then, at=then, photos=[clean_photo(picture())], next_visit_on=today
        )
        self.appeal = cast.draft(enterprise=self.firm, at=then, visit=self.visit)
        for hour, step in enumerate(("submit", "accept", "dispatch", "sign", "answer", "close", "call_back")):
            self.appeal = cast.take(self.appeal, step, at=then + timedelta(minutes=hour + 1))
        self.open_appeal = cast.take(cast.draft(enterprise=self.firm, at=then), "submit", at=then)

    def figures(self) -> dict[str, int]:
        scope = Scope(self.user, Period.parse(f"{timezone.localdate():%Y-%m}"), timezone.now())
        return {key: found.rows for key, found in tallies(scope, METRICS).items()}


@pytest.fixture
def world(cast) -> World:
    return World(cast)


@pytest.fixture
def page(client, world):
    client.force_login(world.user)
    return client


OF_ENTERPRISE = (
    Enterprise,
    Contact,
    Qualification,
    Stewardship,
    ServiceTier,
    VisitEnterprise,
    Appeal,
    AppealEvent,
    CallBack,
)


@pytest.mark.parametrize("model", OF_ENTERPRISE)
def test_what_hangs_on_a_deleted_enterprise_is_out_of_the_gate_and_back_with_it(world, model):
    def visible():
        rows = model.objects.all() if model in (Stewardship, ServiceTier) else model.objects.visible_to(world.user)
        return rows.living().count()

    before = visible()
    assert before
    register.delete_enterprise(world.firm, actor=world.user)
    assert visible() == 0
    register.restore_enterprise(world.firm, actor=world.user)
    assert visible() == before


@pytest.mark.parametrize("relation", moving_relations(), ids=lambda relation: relation.key)
def test_whatever_points_at_an_enterprise_leaves_the_gate_with_it(relation):
    rows = apps.get_model(relation.model)._default_manager.all()
    if isinstance(rows, ScopedQuerySet):
        assert f"{relation.field}__deleted_at" in rows.bin_marks
    else:
        assert relation.model in ("parks.FormerName", "parks.FormerCode", "parks.Enterprise_tags"), "has no gate"


@pytest.mark.parametrize("model", [Visit, VisitEnterprise, Photo])
def test_a_deleted_visit_takes_its_pairs_and_photos_along(world, model):
    assert model.objects.visible_to(world.user).exists()
    actions.delete_visit(world.visit, actor=world.user)
    assert not model.objects.visible_to(world.user).exists()
    assert Appeal.objects.visible_to(world.user).filter(pk=world.appeal.pk).exists()
    actions.restore_visit(world.visit, actor=world.user)
    assert model.objects.visible_to(world.user).exists()


@pytest.mark.parametrize("model", [Appeal, AppealEvent, CallBack])
def test_a_deleted_appeal_takes_its_events_and_call_backs_along(world, model):
    before = model.objects.visible_to(world.user).count()
    for appeal in (world.appeal, world.open_appeal):
        actions.delete_appeal(appeal, actor=world.user)
    assert not model.objects.visible_to(world.user).exists()
    for appeal in (world.appeal, world.open_appeal):
        actions.restore_appeal(appeal, actor=world.user)
    assert model.objects.visible_to(world.user).count() == before


def test_no_figure_counts_anything_of_a_deleted_enterprise(world):
    before = world.figures()
    assert sum(before.values())
    register.delete_enterprise(world.firm, actor=world.user)
    assert set(world.figures().values()) == {0}
    register.restore_enterprise(world.firm, actor=world.user)
    assert world.figures() == before


def test_no_figure_counts_deleted_visits_and_appeals(world):
    actions.delete_visit(world.visit, actor=world.user)
    for appeal in (world.appeal, world.open_appeal):
        actions.delete_appeal(appeal, actor=world.user)
    figures = world.figures()
    for key in ("enterprise_visits", "enterprises_visited", "appeals_received", "appeals_closed", "valid_call_backs"):
        assert figures[key] == 0, key


PLACES = [
    "/enterprises/", "/enterprises/?q=待删", "/enterprises/?q=旧名", "/enterprises/matches/?name=云川待删",
    f"/enterprises/matches/?uscc={CODE}", "/visits/", "/visits/?q=待删", "/appeals/", "/appeals/?queue=submitted",
    "/appeals/?queue=mine", "/appeals/?q=待删", "/today/", "/today/late/", "/visits/suggestions/?find=待删",
    "/search/?q=待删", "/search/suggestions/?q=待删", "/enterprises/export/?format=csv", "/reports/",
    "/api/enterprises/", "/api/visits/", "/api/appeals/",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_deleted_enterprise_is_named_on_no_list_and_in_no_search(page, world, place):
    register.delete_enterprise(world.firm, actor=world.user)
    response = page.get(place)
    assert response.status_code == 200
    text = b"".join(response) if response.streaming else response.content
    assert "待删有限公司" not in text.decode()


@pytest.mark.parametrize("queue", ["mine", "submitted"])
def test_queues_do_not_count_deleted_appeals(world, queue):
    rows = lambda: queue_counts(Appeal.objects.visible_to(world.user), world.user)[queue]  # noqa: E731
    before = rows()
    actions.delete_appeal(world.open_appeal, actor=world.user)
    assert rows() == before - 1


def test_a_deleted_visit_is_no_last_visit_and_no_promise_of_a_next_one(world):
    rows = with_last_visit(Enterprise.objects.visible_to(world.user))
    assert rows.get().last_visit_at is not None
    assert not due_for_visit(Enterprise.objects.visible_to(world.user), timezone.localdate()).exists()
    actions.delete_visit(world.visit, actor=world.user)
    assert rows.get().last_visit_at is None
    assert due_for_visit(Enterprise.objects.visible_to(world.user), timezone.localdate()).exists()
    pairs = VisitEnterprise.objects.visible_to(world.user)
    assert not pairs.to_follow_up(timezone.localdate()).exists()


def test_an_import_does_not_meet_a_deleted_enterprise(world):
    assert CODE in load_register(EnterpriseResource(), world.cast.office).by_identifier
    register.delete_enterprise(world.firm, actor=world.user)
    known = load_register(EnterpriseResource(), world.cast.office)
    assert not known.by_identifier
    assert not known.by_name
    assert not known.by_alias


def test_a_visit_to_two_firms_goes_on_with_the_one_that_is_left(page, world):
    other = make_enterprise(world.cast.office, "云川留下有限公司")
    visit = world.cast.visit(world.firm, other)
    register.delete_enterprise(world.firm, actor=world.user)
    for path in (visit.get_absolute_url(), "/visits/", f"/visits/{visit.pk}/edit/"):
        text = page.get(path).text
        assert "留下有限公司" in text
        assert "待删有限公司" not in text
    facts = {"started_at": visit.started_at, "kind": visit.kind, "enterprises": [other], "staff": [world.user]}
    actions.update_visit(visit, actor=world.user, **facts)
    register.restore_enterprise(world.firm, actor=world.user)
    assert visit.pairs.count() == 2


def test_a_code_is_free_again_and_then_the_restoring_is_refused(page, world):
    page.post(f"/enterprises/{world.firm.pk}/delete/")
    heir = make_enterprise(world.cast.office, "云川后来有限公司", uscc=CODE)
    response = page.post(f"/enterprises/{world.firm.pk}/restore/", follow=True)
    assert "云川后来有限公司" in response.text
    assert "不能恢复" in response.text
    world.firm.refresh_from_db()
    assert world.firm.deleted_at is not None
    heir.uscc = ""
    heir.save()
    assert "已恢复" in page.post(f"/enterprises/{world.firm.pk}/restore/", follow=True).text


@pytest.mark.parametrize("kind", ["enterprise", "visit", "appeal"])
def test_deleting_offers_undo_in_the_message_and_undo_brings_it_back(page, world, kind):
    record = {"enterprise": world.firm, "visit": world.visit, "appeal": world.appeal}[kind]
    app = "parks" if kind == "enterprise" else "visits"
    undo = reverse(f"{app}:{kind}_restore", args=[record.pk])
    delete = reverse(f"{app}:{kind}_delete", args=[record.pk])
    assert f'action="{delete}"' in page.get(record.get_absolute_url()).text
    response = page.post(delete, follow=True)
    assert "撤销" in response.text
    assert f'action="{undo}"' in response.text
    gone = page.get(record.get_absolute_url())
    assert gone.status_code == 410
    assert "回收站" in gone.text
    listed = page.get(reverse(f"{app}:{kind}_bin"))
    assert f'action="{undo}"' in listed.text
    assert page.post(delete).status_code == 404
    assert page.post(undo, follow=True).status_code == 200
    assert page.get(record.get_absolute_url()).status_code == 200
    assert f'action="{undo}"' not in page.get(reverse(f"{app}:{kind}_bin")).text


def test_the_bin_is_searched(page, world):
    register.delete_enterprise(world.firm, actor=world.user)
    assert "待删有限公司" in page.get("/bin/enterprises/", {"q": "待删"}).text
    assert "没有符合条件" in page.get("/bin/enterprises/", {"q": "无此"}).text
    assert page.get("/bin/").url == "/bin/enterprises/"


def test_whoever_may_not_change_sees_no_bin_and_no_deleted_record(client, world, users):
    register.delete_enterprise(world.firm, actor=world.user)
    for role in ("viewer", "leader", "unit", "sysadmin"):
        client.force_login(users[role])
        assert client.get("/bin/").status_code == 403
        assert client.get("/bin/enterprises/").status_code == 403
        assert client.get(world.firm.get_absolute_url()).status_code in (403, 404)
        assert client.post(f"/enterprises/{world.firm.pk}/restore/").status_code == 403


def test_the_bin_of_another_organisation_is_not_seen(client, world, others):
    register.delete_enterprise(world.firm, actor=world.user)
    actions.delete_visit(world.visit, actor=world.user)
    actions.delete_appeal(world.appeal, actor=world.user)
    client.force_login(others.manager)
    for path in ("/bin/enterprises/", "/bin/visits/", "/bin/appeals/"):
        assert "回收站是空的" in client.get(path).text
    assert client.get(world.firm.get_absolute_url()).status_code == 404
    for path in (
        f"/enterprises/{world.firm.pk}/restore/",
        f"/visits/{world.visit.pk}/restore/",
        f"/appeals/{world.appeal.pk}/restore/",
    ):
        assert client.post(path).status_code == 404


def test_only_those_who_may_change_a_visit_may_delete_it(client, world):
    colleague = make_user("colleague", world.cast.office, role="steward")
    client.force_login(colleague)
    response = client.post(f"/visits/{world.visit.pk}/delete/", follow=True)
    assert "只有记录人" in response.text
    world.visit.refresh_from_db()
    assert world.visit.deleted_at is None


def test_an_appeal_waits_for_its_enterprise(world):
    actions.delete_appeal(world.appeal, actor=world.user)
    register.delete_enterprise(world.firm, actor=world.user)
    with pytest.raises(ValidationError, match="请先恢复企业"):
        actions.restore_appeal(world.appeal, actor=world.user)


def test_nothing_is_done_to_what_is_in_the_bin(world):
    actions.delete_appeal(world.open_appeal, actor=world.user)
    with pytest.raises(ValidationError, match="回收站"):
        world.cast.take(world.open_appeal, "accept", at=timezone.now())
    actions.delete_visit(world.visit, actor=world.user)
    with pytest.raises(ValidationError, match="回收站"):
        actions.update_visit(world.visit, actor=world.user, enterprises=[], staff=[])
    register.delete_enterprise(world.firm, actor=world.user)
    with pytest.raises(ValidationError, match="回收站"):
        register.update_enterprise(world.firm, actor=world.user, seen_version=1)


def test_a_number_of_a_deleted_appeal_is_not_given_again(world):
    actions.delete_appeal(world.appeal, actor=world.user)
    assert world.cast.draft(enterprise=world.firm, at=world.appeal.created_at).number != world.appeal.number


def test_the_history_tells_of_deleting_and_restoring(page, world):
    page.post(f"/enterprises/{world.firm.pk}/delete/")
    page.post(f"/enterprises/{world.firm.pk}/restore/")
    text = page.get(f"/enterprises/{world.firm.pk}/history/").text
    assert "<td>删除</td>" in text
    assert "<td>恢复</td>" in text


def test_deleting_twice_keeps_the_first_time(world):
    first = register.delete_enterprise(world.firm, actor=world.user)
    second = register.delete_enterprise(world.firm, actor=world.user)
    assert (second.deleted_at, second.version) == (first.deleted_at, first.version)


PLACES_OF_RECORDS = [
    "/visits/", "/visits/?q=待删", "/search/?q=待删", "/appeals/", "/appeals/?q=待删", "/today/", "/api/visits/",
    "/api/visits/?q=待删", "/api/appeals/", "/api/appeals/?q=待删", "/enterprises/{pk}/timeline/",
    "/enterprises/{pk}/visits/", "/enterprises/{pk}/appeals/", "/enterprises/{pk}/next/",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES_OF_RECORDS)
def test_a_deleted_visit_or_appeal_is_named_on_no_list_page_or_search(page, world, place):
    visit = world.cast.visit(world.firm, topic="待删走访主题", summary="待删走访主题")
    appeal = world.cast.take(world.cast.draft(enterprise=world.firm, content="待删诉求内容"), "submit")
    address = place.format(pk=world.firm.pk)
    actions.delete_visit(visit, actor=world.user)
    actions.delete_appeal(appeal, actor=world.user)
    response = page.get(address)
    # A search that finds one record only opens it.
    assert response.status_code == 200 or response.url == world.firm.get_absolute_url()
    for gone in (visit.topic, visit.get_absolute_url(), appeal.number, appeal.content):
        assert gone not in response.content.decode()
