"""System checks of our own: settings that would be wrong or dangerous."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def demo_mode_is_off_in_production(**_: Any) -> list[CheckMessage]:
    if settings.DEMO:
        return [Warning("DEMO 已打开：登录页会列出演示账号，请勿用于真实数据。", id="crm.W001")]
    return []


@register
def the_package_of_the_cache_is_installed(**_: Any) -> list[CheckMessage]:
    """Otherwise the first log-in fails, and says nothing of the setting."""
    if settings.CACHES["default"]["BACKEND"].endswith("RedisCache") and find_spec("redis") is None:
        hint = "安装 redis 软件包（uv pip install redis），或去掉 CACHE_URL 改用默认的文件缓存。"
        return [Error("CACHE_URL 指向 Redis，但没有安装 redis 软件包。", hint=hint, id="crm.E003")]
    return []


@register
def score_weights_sum_to_one(**_: Any) -> list[CheckMessage]:
    weights = settings.YQT["SCORE_WEIGHTS"]
    if len(weights) != 3 or sum(weights) != 1:
        return [Error("SCORE_WEIGHTS 须为三个数且合计为 1（响应、解决、满意）。", id="crm.E001")]
    return []


@register
def month_start_day_exists_in_every_month(**_: Any) -> list[CheckMessage]:
    if not 1 <= settings.YQT["MONTH_STARTS_ON"] <= 28:
        return [Error("MONTH_STARTS_ON 须在 1 至 28 之间。", id="crm.E002")]
    return []
