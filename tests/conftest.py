"""Fixtures of all tests: a small world of two organisations, and people of every role."""

from __future__ import annotations

import pytest

from crm import calendar
from crm.models import Organisation, User
from crm.roles import ROLES
from tests.crm.factories import make_organisation, make_user


@pytest.fixture(autouse=True)
def _quick_and_plain(settings, tmp_path):
    """Tests do the same as production but for what costs seconds: hashing, manifests, a queue."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns when it does not exist yet
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": str(tmp_path / "cache")}}
    settings.DEMO = False
    settings.SECURE_SSL_REDIRECT = False
    # What one test wrote into the calendar is rolled back, and must be forgotten with it.
    calendar.forget()


@pytest.fixture
def town(db) -> Organisation:
    return make_organisation("西集镇", "town", parent=make_organisation("通州区", "district"))


@pytest.fixture
def office(town: Organisation) -> Organisation:
    """The park office under the town; it owns the records of most tests."""
    return make_organisation("网安园管理办公室", "park_office", parent=town)


@pytest.fixture
def other_office(db) -> Organisation:
    """A park office of another town: nothing of it may be seen from the first."""
    return make_organisation("别处园区办公室", "park_office", parent=make_organisation("别处镇", "town"))


@pytest.fixture
def users(office: Organisation) -> dict[str, User]:
    """One user of every role at the park office."""
    return {role: make_user(role, office, role=role) for role in ROLES}


@pytest.fixture
def manager(office: Organisation) -> User:
    return make_user("m", office, role="manager")


@pytest.fixture
def outsider(other_office: Organisation) -> User:
    """A manager of the other organisation."""
    return make_user("o", other_office, role="manager")
