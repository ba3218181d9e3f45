"""Setting up a real office."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.models import Organisation, User

ARGUMENTS = [
    "--district",
    "甲区",
    "--town",
    "乙镇",
    "--office",
    "丙园办",
    "--park",
    "丙园",
    "--unit",
    "规建办",
    "--admin",
    "root1",
]

pytestmark = pytest.mark.django_db


def test_an_office_is_made_with_an_administrator_whose_random_password_is_shown_once():
    out = StringIO()
    call_command("create_office", *ARGUMENTS, stdout=out)
    admin = User.objects.get(username="root1")
    password = out.getvalue().split("初始密码 ")[1].split("（")[0]
    assert admin.check_password(password)
    assert admin.must_change_password
    assert admin.role == "sysadmin"
    assert [str(o) for o in Organisation.objects.order_by("pk")] == ["甲区", "乙镇", "丙园办", "规建办"]


def test_a_second_administrator_reuses_the_organisations():
    call_command("create_office", *ARGUMENTS, stdout=StringIO())
    call_command("create_office", *ARGUMENTS[:-1], "root2", stdout=StringIO())
    assert Organisation.objects.count() == 4


def test_a_taken_user_name_is_refused_and_nothing_is_made():
    call_command("create_office", *ARGUMENTS, stdout=StringIO())
    with pytest.raises(CommandError, match="已存在"):
        call_command("create_office", "--district", "另一区", *ARGUMENTS[2:], stdout=StringIO())
    assert not Organisation.objects.filter(name="另一区").exists()
