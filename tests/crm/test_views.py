"""Every address is behind the gate: the URLconf is walked, so that no page is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.views import APIView

from crm.permissions import HasDeclaredPermission
from crm.views import GatedView

# Addresses that use neither base, each with the reason.
OPEN_TO_ALL = {
    "home": "redirects to the log-in or to the user's own page; shows nothing",
    "demo_login": "demo mode only, tested below",
    "schema": "the API's shapes, without records, for signed-in users",
    "api_docs": "the page of the schema",
    "reports:hall_screen": "a display cannot log in; the signed address is the key (tests/reports/screens)",
    "visits:public_answer": "an enterprise answers by its link (tests/visits/test_public_answer.py)",
    "reports:verify": "whoever holds a copy proves it (tests/reports/issuing)",
    "reports:verify_form": "the same, before the code is typed",
    "visits:manifest": "a browser fetches it without cookies (tests/visits/test_offline.py)",
    "visits:service_worker": "a browser asks for the newer one by itself (tests/visits/test_offline.py)",
    "visits:offline": "kept by the browser, shown when there is no network (tests/visits/test_offline.py)",
    "visits:feed": "a phone's calendar cannot log in; the signed address is the key (tests/visits/test_feeds.py)",
}
# Of these, what answers those who are not signed in: each is tested on its own.
WITHOUT_LOG_IN = (
    "demo_login",
    "reports:hall_screen",
    "reports:verify",
    "reports:verify_form",
    "visits:feed",
    "visits:manifest",
    "visits:offline",
    "visits:public_answer",
    "visits:service_worker",
)
# allauth's own log-in pages carry their own checks; sign-up is closed (tested in test_accounts).
ALLAUTH_PREFIX = "account_"


def walk(patterns, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern), space)
        else:
            yield f"{namespace}{pattern.name}", pattern


def all_addresses() -> list[tuple[str, URLPattern]]:
    return list(walk(get_resolver().url_patterns))


def view_class(pattern: URLPattern):
    callback = pattern.callback
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None)


@pytest.mark.parametrize(
    ("name", "pattern"), all_addresses(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_address_uses_a_gated_base_or_says_why_not(name, pattern):
    if name in OPEN_TO_ALL or name.startswith(ALLAUTH_PREFIX):
        return
    view = view_class(pattern)
    assert view is not None, f"{name} is a bare function"
    if issubclass(view, APIView):
        assert view.permission_classes == [HasDeclaredPermission]
    else:
        assert issubclass(view, GatedView), name
    assert getattr(view, "permission_required", None), f"{name} names no permission"


def test_the_allow_list_names_only_addresses_that_exist():
    names = {name for name, _ in all_addresses()}
    assert set(OPEN_TO_ALL) <= names


def _arguments(pattern: URLPattern) -> dict[str, object]:
    """Something that fits each part of the address: a step's name, a metric's key, else a number."""
    known = {"step": "accept", "key": "appeals_received", "format": "json"}
    return {name: known.get(name, 1) for name in pattern.pattern.converters}


def _path(name: str, pattern: URLPattern) -> str | None:
    try:
        return reverse(name, kwargs=_arguments(pattern))
    except Exception:
        return None


@pytest.mark.django_db
def test_nobody_signed_in_gets_nothing_but_the_log_in():
    client = Client()
    tried = 0
    for name, pattern in all_addresses():
        path = _path(name, pattern)
        if path is None or name.startswith(ALLAUTH_PREFIX) or name in WITHOUT_LOG_IN:
            continue
        response = client.get(path)
        tried += 1
        assert response.status_code in (302, 401, 403, 405), (name, response.status_code)
        if response.status_code == 302:
            assert response.url.startswith("/accounts/login/"), name
    assert tried > 30


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_an_administrator_sees_no_business_page(client, users, role):
    client.force_login(users[role])
    own = (
        "crm:user",
        "crm:role",
        "crm:audit",
        "crm:calendar",
        "visits:limit",
        "home",
        "schema",
        "api_docs",
        ALLAUTH_PREFIX,
        *WITHOUT_LOG_IN,
    )
    for name, pattern in all_addresses():
        path = _path(name, pattern)
        if path is None or name.startswith(own):
            continue
        assert client.get(path).status_code in (403, 405), name


@pytest.mark.parametrize(
    "role", ["leader", "manager", "steward", "desk", "unit", "viewer", "sysadmin", "secadmin", "auditor"]
)
def test_every_role_has_a_home_page_that_opens(client, users, role):
    client.force_login(users[role])
    response = client.get("/", follow=True)
    assert response.status_code == 200
    assert "园企通" in response.text


def test_a_missing_record_says_so_in_chinese(client, manager):
    client.force_login(manager)
    response = client.get("/enterprises/999999/")
    assert response.status_code == 404
    assert "没有找到" in response.text


def test_pages_carry_a_strict_content_security_policy(client, manager):
    client.force_login(manager)
    policy = client.get("/enterprises/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy


def test_templates_hold_no_inline_script_or_style(settings):
    for folder in ("crm", "parks", "visits", "reports"):
        for path in (settings.BASE_DIR / folder).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            for forbidden in (" style=", " onclick=", " onchange=", "<style", "javascript:", "https://", "http://"):
                assert forbidden not in text, f"{path}: {forbidden}"
            assert "<script>" not in text, path


def test_an_address_that_only_takes_a_button_press_says_so_when_opened(client, users):
    client.force_login(users["sysadmin"])
    response = client.get(reverse("crm:user_password_reset", args=[users["viewer"].pk]))
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST, OPTIONS"
    assert "不能直接打开" in response.text


HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/enterprises/?q=甲"}


def test_a_piece_of_a_page_after_the_session_ended_sends_the_whole_page_to_the_log_in(client, db):
    response = client.get("/enterprises/", {"q": "乙"}, headers=HTMX)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"].startswith("/accounts/login/?next=/enterprises/%3Fq%3D")
    assert not response.content


def test_a_list_without_a_fragment_replaces_itself_as_a_whole(client, users):
    client.force_login(users["auditor"])
    assert 'hx-target="#main" hx-select="#main"' in client.get("/system/audit/").text


def test_filtering_a_list_brings_its_count_and_the_way_to_clear_the_filters(client, manager):
    client.force_login(manager)
    rows = client.get("/enterprises/", {"q": "没有这家"}, headers={"HX-Request": "true"}).text
    assert '<span id="list-count" hx-swap-oob="true">0</span>' in rows
    assert "清除筛选" in rows
    assert "<html" not in rows


def test_a_request_that_cannot_be_read_is_told_in_words(client, manager):
    client.force_login(manager)
    answer = client.post("/system/imports/new/", b"--x", content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "浏览器送来的内容不完整" in answer.content.decode()


def test_a_printed_page_says_who_printed_it_and_when(client, manager):
    client.force_login(manager)
    text = client.get("/enterprises/").text
    mark = text[text.index('<p class="print-mark">') :].split("</p>")[0]
    assert str(manager) in mark
    assert manager.organisation.name in mark
    assert re.search(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2} 打印", mark)
