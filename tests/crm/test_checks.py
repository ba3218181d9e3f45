"""What is wrong with the settings is said at the start, not by the first page that fails."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from crm.checks import the_package_of_the_cache_is_installed, the_site_knows_its_own_address


def test_redis_without_its_package_is_told_with_what_to_do(settings):
    assert the_package_of_the_cache_is_installed() == []
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}}
    told = the_package_of_the_cache_is_installed()
    assert [problem.id for problem in told] == ([] if find_spec("redis") else ["crm.E003"])


@pytest.mark.parametrize(
    ("address", "demo", "ids"),
    [
        ("", False, ["crm.W002"]),
        ("", True, []),
        ("https://crm.example.cn", False, []),
        ("http://10.1.2.3:8000/", False, []),
        ("crm.example.cn", False, ["crm.E004"]),
        ("crm.example.cn", True, ["crm.E004"]),
        ("https://", False, ["crm.E004"]),
    ],
)
def test_a_site_that_does_not_know_its_address_is_told_where_it_is_in_use(settings, address, demo, ids):
    settings.SITE_ADDRESS, settings.DEMO, settings.DEBUG = address, demo, False
    told = the_site_knows_its_own_address()
    assert [problem.id for problem in told] == ids
    assert all("SITE_ADDRESS" in problem.msg and problem.hint for problem in told)
