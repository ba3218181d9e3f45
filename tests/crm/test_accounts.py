"""Log-in, the demo's buttons, first passwords and the three administrators."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.models import AuditEntry, User
from crm.roles import ROLES
from tests.crm.factories import make_user

LOGIN = "/accounts/login/"


def log_in(client, username: str, password: str = "correct-horse-9"):
    return client.post(LOGIN, {"login": username, "password": password})


def test_a_user_logs_in_and_lands_on_the_roles_home(client, office):
    make_user("zhang", office, role="viewer")
    response = log_in(client, "zhang")
    assert response.url == "/"
    assert client.get("/").url == reverse("parks:enterprise_list")


def test_a_wrong_password_does_not_tell_which_part_is_wrong(client, office):
    make_user("zhang", office)
    known, unknown = log_in(client, "zhang", "wrong-password"), log_in(client, "nobody", "wrong-password")
    assert "不正确" in known.text
    assert known.context["form"].errors == unknown.context["form"].errors


def test_nobody_can_sign_up(client, db):
    response = client.get("/accounts/signup/")
    assert b"password1" not in response.content
    client.post("/accounts/signup/", {"username": "x", "password1": "a-long-pass-9", "password2": "a-long-pass-9"})
    assert not User.objects.exists()


def test_log_ins_and_failures_are_on_the_audit_trail(client, office):
    make_user("zhang", office)
    log_in(client, "zhang", "wrong-password")
    log_in(client, "zhang")
    client.post("/accounts/logout/")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "login_failed",
        "login",
        "logout",
    ]


def test_an_inactive_user_cannot_log_in(client, office):
    user = make_user("zhang", office)
    User.objects.filter(pk=user.pk).update(is_active=False)
    log_in(client, "zhang")
    assert client.get("/").url.startswith(LOGIN)


def test_deactivating_a_user_ends_the_session(client, office):
    user = make_user("zhang", office)
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/enterprises/").status_code == 302


@pytest.fixture
def demo_user(office) -> User:
    user = make_user("leader", office, role="leader")
    User.objects.filter(pk=user.pk).update(is_demo=True)
    return user


def test_demo_buttons_log_in_without_a_password(client, demo_user, settings):
    settings.DEMO = True
    assert "演示：以哪个角色进入" in client.get(LOGIN).text
    assert client.post("/demo/login/", {"username": "leader"}).url == "/"
    assert client.get("/").status_code == 302


def test_outside_demo_mode_there_are_no_buttons_and_no_such_log_in(client, demo_user):
    assert "演示" not in client.get(LOGIN).text
    assert client.post("/demo/login/", {"username": "leader"}).status_code == 404


def test_the_demo_log_in_opens_demo_accounts_only(client, office, settings):
    settings.DEMO = True
    make_user("real", office)
    assert client.post("/demo/login/", {"username": "real"}).status_code == 404


def test_the_system_administrator_opens_an_account_with_a_password_to_be_changed(client, users, office):
    client.force_login(users["sysadmin"])
    data = {
        "username": "xin",
        "name": "新人",
        "organisation": office.pk,
        "role": "steward",
        "scope": "own",
        "is_active": "on",
    }
    page = client.post(reverse("crm:user_create"), data, follow=True)
    user = User.objects.get(username="xin")
    password = page.text.split("初始密码 ")[1].split("（")[0]
    assert user.check_password(password)
    client.logout()
    log_in(client, "xin", password)
    assert client.get("/", follow=True).request["PATH_INFO"] == "/accounts/password/change/"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": password, "password1": "bamboo-river-77", "password2": "bamboo-river-77"},
    )
    assert client.get("/today/").status_code == 200


def test_an_account_of_another_organisation_cannot_be_opened_or_seen(client, users, other_office):
    stranger = make_user("stranger", other_office)
    client.force_login(users["sysadmin"])
    assert client.get(reverse("crm:user_update", args=[stranger.pk])).status_code == 404
    assert "stranger" not in client.get(reverse("crm:user_list")).text
    data = {"username": "x1", "name": "x", "organisation": other_office.pk, "role": "viewer", "scope": "own"}
    assert "organisation" in client.post(reverse("crm:user_create"), data).context["form"].errors


def test_an_administrator_cannot_give_the_own_account_another_role(client, users):
    me = users["sysadmin"]
    client.force_login(me)
    data = {"username": me.username, "name": me.name, "organisation": me.organisation_id, "role": "manager",
            "scope": me.scope, "is_active": "on"}  # fmt: skip
    response = client.post(reverse("crm:user_update", args=[me.pk]), data)
    assert "role" in response.context["form"].errors
    me.refresh_from_db()
    assert me.role == "sysadmin"


def test_resetting_a_password_shows_the_new_one_once(client, users):
    client.force_login(users["sysadmin"])
    page = client.post(reverse("crm:user_password_reset", args=[users["viewer"].pk]), follow=True)
    password = page.text.split("的新密码 ")[1].split("（")[0]
    users["viewer"].refresh_from_db()
    assert users["viewer"].check_password(password)
    assert users["viewer"].must_change_password


def test_no_administrative_role_reads_business_data_and_no_two_share_a_permission_to_write():
    administrative = [role for role in ROLES.values() if role.is_administrative]
    assert len(administrative) == 3
    for role in administrative:
        assert not any(p.startswith(("parks.", "visits.", "reports.")) for p in role.permissions)
    for role in ROLES.values():
        if not role.is_administrative:
            assert not role.permissions & {"crm.add_user", "crm.view_role", "crm.view_auditentry"}


def test_the_roles_page_shows_every_role(client, users):
    client.force_login(users["secadmin"])
    page = client.get(reverse("crm:role_list")).text
    for role in ROLES.values():
        assert role.label in page


def test_the_audit_page_lists_what_happened(client, users):
    log_in(client, "viewer")
    client.force_login(users["auditor"])
    assert "viewer 登录" in client.get(reverse("crm:audit_list")).text


def test_an_administrator_opens_no_account_above_the_own_institution(client, users, town, office):
    client.force_login(users["sysadmin"])
    data = {"username": "x1", "name": "x", "role": "leader", "scope": "organisation", "is_active": "on"}
    for above in (town, town.parent):
        form = client.post(reverse("crm:user_create"), data | {"organisation": above.pk}).context["form"]
        assert "organisation" in form.errors
    moved = data | {"username": "viewer", "organisation": town.pk}
    client.post(reverse("crm:user_update", args=[users["viewer"].pk]), moved)
    users["viewer"].refresh_from_db()
    assert users["viewer"].organisation == office
    assert not User.objects.filter(username="x1").exists()


def test_an_administrator_cannot_lock_the_own_account(client, users):
    me = users["sysadmin"]
    client.force_login(me)
    data = {"username": me.username, "name": me.name, "organisation": me.organisation_id, "role": me.role}
    response = client.post(reverse("crm:user_update", args=[me.pk]), data | {"scope": me.scope})
    assert "is_active" in response.context["form"].errors


def test_the_auditor_sees_failed_log_ins_to_accounts_of_the_own_institution_only(client, users, other_office):
    make_user("stranger", other_office)
    log_in(client, "viewer", "wrong-password")
    log_in(client, "stranger", "wrong-password")
    client.force_login(users["auditor"])
    page = client.get(reverse("crm:audit_list")).text
    assert "用户名 viewer" in page
    assert "stranger" not in page


def test_a_log_in_by_a_demo_button_is_on_the_audit_trail(client, demo_user, settings):
    settings.DEMO = True
    client.post("/demo/login/", {"username": "leader"})
    assert AuditEntry.objects.get().action == "login"


def test_after_changing_the_password_one_is_told_so_and_lands_at_home(client, office):
    make_user("zhang", office, role="viewer")
    log_in(client, "zhang")
    new = "bamboo-river-77"
    data = {"oldpassword": "correct-horse-9", "password1": new, "password2": new}
    page = client.post("/accounts/password/change/", data, follow=True)
    assert page.request["PATH_INFO"] == reverse("parks:enterprise_list")
    assert "密码已修改" in page.text


@pytest.mark.parametrize("path", ["email/", "password/reset/", "password/set/", "confirm-email/", "reauthenticate/"])
def test_pages_for_resets_by_mail_do_not_exist(client, users, path):
    client.force_login(users["sysadmin"])
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}").status_code == 404


def test_the_password_page_promises_no_reset_by_mail(client, users):
    client.force_login(users["viewer"])
    page = client.get("/accounts/password/change/").text
    assert "忘记密码" not in page
    assert "至少 10 位" in page


def test_users_are_found_by_name_and_by_user_name(client, users):
    client.force_login(users["sysadmin"])
    for query in ("viewer", "viewer员"):
        found = client.get(reverse("crm:user_list"), {"q": query}).context["page_obj"]
        assert [user.username for user in found] == ["viewer"]
