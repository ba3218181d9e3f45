"""The visit form without a network, as the server sees it: installing, what a device may keep, what it sends."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from crm.static_files import HashedFiles
from parks.models import Stewardship
from tests.parks.factories import make_enterprise
from tests.visits.factories import picture
from tests.visits.test_races import at_once
from tests.visits.test_views import signed_in, typed
from visits.models import Appeal, Photo, Visit
from visits.photos import clean_photo
from visits.querysets import device

pytestmark = pytest.mark.django_db

AS_DATA = {"Accept": "application/json"}
PUBLIC = ("manifest", "service_worker", "offline")


def send(client: Client, data: dict[str, Any], name: str = "visits:visit_create", *args: Any) -> Any:
    return client.post(reverse(name, args=args), data, headers=AS_DATA)


# Installing


def test_the_manifest_names_the_product_its_start_and_icons_of_the_sizes_it_says(settings):
    response = Client().get(reverse("visits:manifest"))
    facts = json.loads(response.text)
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert (facts["name"], facts["start_url"], facts["display"]) == ("园企通", "/today/", "standalone")
    assert {icon["sizes"] for icon in facts["icons"]} == {"192x192", "512x512"}
    for icon in facts["icons"]:
        path = settings.BASE_DIR / "crm/static" / icon["src"].removeprefix("/static/")
        with Image.open(path) as image:
            assert "{}x{}".format(*image.size) == icon["sizes"]


def test_the_worker_rules_the_whole_site_and_is_asked_for_anew_each_time():
    response = Client().get(reverse("visits:service_worker"))
    assert reverse("visits:service_worker") == "/sw.js"
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Service-Worker-Allowed"] == "/"
    assert "no-store" in response.headers["Cache-Control"]
    policy = response.headers["Content-Security-Policy"]
    for rule in ("worker-src 'self'", "manifest-src 'self'", "script-src 'self'"):
        assert rule in policy
    assert "unsafe" not in policy


def test_a_release_with_other_files_is_another_worker(monkeypatch):
    texts = set()
    for release in ("a1", "b2"):
        monkeypatch.setattr("visits.views.offline.release", lambda release=release: release)
        texts.add(Client().get(reverse("visits:service_worker")).text)
    assert len(texts) == 2


def test_the_names_of_module_files_carry_a_hash_in_their_import_lines(settings, tmp_path):
    """A page of the old release must not import a module of the new one."""
    storage = HashedFiles(location=tmp_path, base_url="/static/")
    source = settings.BASE_DIR / "visits/static"
    names = [str(path.relative_to(source)) for path in (source / "visits/offline").glob("*.js")]
    for name in names:
        with (source / name).open("rb") as file:
            storage.save(name, file)
    made = list(storage.post_process({name: (storage, name) for name in names}))
    assert not [error for _, _, error in made if isinstance(error, Exception)]
    text = (tmp_path / storage.stored_name("visits/offline/worker.js")).read_text(encoding="utf-8")
    assert re.findall(r'from "\./send\.(?P<hash>[0-9a-f]{12})\.js"', text)
    assert not re.findall(r'from "\./\w+\.js"', text)


def test_what_is_open_to_all_holds_nothing_of_anybody(cast):
    cast.visit()
    for name in PUBLIC:
        assert cast.firm.name not in signed_in(cast.manager).get(reverse(f"visits:{name}")).text, name
        # A device fetches them without its cookies.
        assert cast.manager.username not in Client().get(reverse(f"visits:{name}")).text, name


def test_the_addresses_of_the_device_are_those_of_the_server(settings):
    path = settings.BASE_DIR / "visits/static/visits/offline/addresses.js"
    found = dict(re.findall(r'export const (\w+) = "(.+)";', path.read_text(encoding="utf-8")))
    names = {
        "FORM": "visits:visit_create", "OUTBOX": "visits:outbox", "TOKEN": "visits:outbox_token",
        "NAMES": "visits:enterprises_at_hand", "AWAY": "visits:offline", "WORKER": "visits:service_worker",
        "LOGIN": "account_login", "LOGOUT": "account_logout",
    }  # fmt: skip
    assert found == {key: reverse(name) for key, name in names.items()} | {"FILES": "/static/"}


# What a device may keep


def at_hand(user: Any) -> list[str]:
    response = signed_in(user).get(reverse("visits:enterprises_at_hand"))
    assert response.headers["Cache-Control"] == "no-store"
    return [name for _, name, _ in response.json()["enterprises"]]


def test_own_enterprises_come_first_then_those_visited_last_then_the_newest(cast):
    firms = [make_enterprise(cast.office, f"第{n}家公司") for n in range(4)]
    cast.visit(firms[1], staff=[cast.manager])
    Stewardship.objects.create(enterprise=firms[0], user=cast.manager, starts_on=date(2020, 1, 1))
    names = [firms[n].name for n in (0, 1, 3, 2)]
    assert at_hand(cast.manager) == [*names, cast.firm.name]


def test_a_device_keeps_only_so_many_names_each_once_with_its_initials(cast, monkeypatch):
    monkeypatch.setattr(device, "KEPT", 3)
    for name in ("甲公司", "乙公司", "丙公司", "图维天下科技"):
        cast.visit(make_enterprise(cast.office, name))
    names = at_hand(cast.manager)
    assert len(names) == len(set(names)) == 3
    rows = signed_in(cast.manager).get(reverse("visits:enterprises_at_hand")).json()["enterprises"]
    assert "TWTXKJ" in {initials for _, _, initials in rows}


def test_a_device_gets_no_name_its_user_may_not_see(cast, others):
    cast.visit()
    assert cast.firm.name not in at_hand(others.manager)
    assert at_hand(cast.steward) == []  # sees own enterprises only, and has none
    Stewardship.objects.create(enterprise=cast.firm, user=cast.steward, starts_on=date(2020, 1, 1))
    assert at_hand(cast.steward) == [cast.firm.name]


@pytest.mark.parametrize("rows", [1, 30])
def test_names_take_the_same_number_of_queries(cast, rows, django_assert_num_queries):
    for _ in range(rows):
        firm = make_enterprise(cast.office)
        Stewardship.objects.create(enterprise=firm, user=cast.manager, starts_on=date(2020, 1, 1))
        cast.visit(firm)
    client = signed_in(cast.manager)
    with django_assert_num_queries(6):
        client.get(reverse("visits:enterprises_at_hand"))


@pytest.mark.parametrize("name", ["outbox", "outbox_token", "enterprises_at_hand"])
def test_only_who_records_visits_has_an_outbox(cast, users, name):
    address = reverse(f"visits:{name}")
    assert signed_in(cast.manager).get(address).status_code == 200
    assert signed_in(users["viewer"]).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_page_fetched_to_be_kept_leaves_messages_for_the_person(cast):
    client = signed_in(cast.manager)
    client.post(reverse("visits:visit_create"), typed(cast.manager, cast.firm))
    kept = client.get(reverse("visits:visit_create"), headers={"X-Keep": "1"})
    assert "已保存走访" not in kept.text
    assert "已保存走访" in client.get(reverse("visits:visit_list")).text


# What a device sends


def test_the_outbox_gets_the_address_of_the_visit_and_is_told_of_a_repetition(cast):
    client, data = signed_in(cast.manager), typed(cast.manager, cast.firm, photos=[picture()])
    first = send(client, data).json()
    data["photos"] = [picture()]
    second = send(client, data).json()
    visit = Visit.objects.get()
    assert first == {"url": visit.get_absolute_url(), "repeated": False}
    assert second == {"url": visit.get_absolute_url(), "repeated": True}
    assert Photo.objects.count() == 1


def test_the_outbox_gets_every_error_by_the_name_of_its_input(cast):
    data = typed(cast.manager, summary="", has_appeal="on", **{"appeal0-content": "", "appeal0-category": "none"})
    errors = send(signed_in(cast.manager), data).json()["errors"]
    assert "请写下谈了什么" in errors["summary"][0]
    assert "请至少选择一家企业" in errors["enterprises"][0]
    assert "请写下诉求内容" in errors["appeal0-content"][0]
    assert not Visit.objects.exists()


def test_a_name_typed_without_a_network_is_found_in_the_register(cast, others):
    make_enterprise(cast.office, "北京（图维）科技有限公司", normalised_name="北京(图维)科技有限公司")
    client = signed_in(cast.manager)
    send(client, typed(cast.manager, enterprise_names=["北京(图维) 科技有限公司"]))
    assert [pair.enterprise.name for pair in Visit.objects.get().pairs.all()] == ["北京（图维）科技有限公司"]
    for name in ("查无此名", others.firm.name):
        data = typed(cast.manager, enterprise_names=[name], client_id="7b0f1c52-6a8e-4c11-9d8e-999999999999")
        assert f"请选择企业：名册中没有“{name}”。" in send(client, data).json()["errors"]["enterprises"]
    assert Visit.objects.count() == 1


def test_a_correction_sent_again_adds_its_photos_and_appeal_once(cast):
    """The answer to the first was lost on the way: the device sends the same again, with the version it knew."""
    visit = cast.visit(photos=[])
    client = signed_in(cast.manager)
    for _ in "ab":
        data = typed(cast.manager, cast.firm, version=visit.version, summary="改过", topic="近况", has_appeal="on",
                     photos=[picture(), picture("二.jpg", (64, 64))], **{"appeal0-content": "缺电"})  # fmt: skip
        assert send(client, data, "visits:visit_update", visit.pk).json()["url"] == visit.get_absolute_url()
    assert (visit.photos.count(), visit.appeals.count()) == (2, 1)


def test_a_correction_sent_again_does_not_stumble_over_the_photos_it_deleted(cast):
    visit = cast.visit(photos=[clean_photo(picture())])
    dropped = visit.photos.get().pk
    client = signed_in(cast.manager)
    for _ in "ab":
        data = typed(cast.manager, cast.firm, version=visit.version, topic="近况", dropped_photos=[dropped])
        assert "url" in send(client, data, "visits:visit_update", visit.pk).json()
    assert not visit.photos.exists()


def test_a_correction_behind_somebody_elses_is_contested_and_changes_nothing(cast):
    visit = cast.visit(summary="原文")
    client = signed_in(cast.manager)
    send(client, typed(cast.manager, cast.firm, version=visit.version, summary="先来"), "visits:visit_update", visit.pk)
    late = typed(cast.manager, cast.firm, version=visit.version, summary="后到")
    assert "别人刚刚也修改了" in send(client, late, "visits:visit_update", visit.pk).json()["conflict"]
    visit.refresh_from_db()
    assert visit.summary == "先来"


def test_the_token_of_a_session_sends_and_another_does_not(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.manager)
    facts = client.get(reverse("visits:outbox_token")).json()
    assert facts["user"] == str(cast.manager.pk)
    data, address = typed(cast.manager, cast.firm), reverse("visits:visit_create")
    assert client.post(address, data, headers=AS_DATA | {"X-CSRFToken": "x" * 32}).status_code == 403
    assert client.post(address, data, headers=AS_DATA | {"X-CSRFToken": facts["token"]}).status_code == 200


def test_after_the_session_ended_the_outbox_is_sent_to_the_log_in_and_nothing_is_written(cast):
    response = send(Client(), typed(cast.manager, cast.firm))
    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")
    assert not Visit.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in connection.vendor, reason="the test database of SQLite is one connection's memory")
def test_the_worker_and_a_tab_sending_at_the_same_time_make_one_visit(cast):
    def press(_: int) -> dict[str, Any]:
        data = typed(cast.manager, cast.firm, has_appeal="on", photos=[picture()], **{"appeal0-content": "缺电"})
        answer: dict[str, Any] = send(signed_in(cast.manager), data).json()
        return answer

    answers = at_once(press, 6)
    visit = Visit.objects.get()
    assert {answer["url"] for answer in answers} == {visit.get_absolute_url()}
    assert (len(answers), Appeal.objects.count(), Photo.objects.count()) == (6, 1, 1)
