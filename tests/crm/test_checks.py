"""What is wrong with the settings is said at the start, not by the first page that fails."""

from __future__ import annotations

from importlib.util import find_spec

from crm.checks import the_package_of_the_cache_is_installed


def test_redis_without_its_package_is_told_with_what_to_do(settings):
    assert the_package_of_the_cache_is_installed() == []
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}}
    told = the_package_of_the_cache_is_installed()
    assert [problem.id for problem in told] == ([] if find_spec("redis") else ["crm.E003"])
