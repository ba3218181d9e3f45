"""A page that waited in vain for another's write says so; every other error stays one."""

from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from crm.middleware import BusyDatabase


def answer_to(error):
    return BusyDatabase(lambda request: HttpResponse()).process_exception(RequestFactory().post("/"), error)


def test_whoever_waited_in_vain_is_told_what_to_do():
    response = answer_to(OperationalError("database is locked"))
    assert response.status_code == 503
    assert "过一分钟再试" in response.content.decode()


def test_every_other_error_stays_an_error():
    assert answer_to(OperationalError("no such table: crm_user")) is None
    assert answer_to(ValueError("database is locked")) is None
