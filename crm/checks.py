"""System checks of our own: settings that would be wrong or dangerous."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

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
def the_site_knows_its_own_address(**_: Any) -> list[CheckMessage]:
    """Paper and messages are read away from the site. Nobody is told of it who is only trying the site out."""
    address = settings.SITE_ADDRESS
    if address and urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname:
        return []
    if address:
        hint = "写完整的网址，例如 SITE_ADDRESS=https://crm.example.cn。"
        return [Error(f"SITE_ADDRESS 不是网址：{address}", hint=hint, id="crm.E004")]
    if settings.DEBUG or settings.DEMO:
        return []
    hint = "在 .env 中写上 SITE_ADDRESS=https://……（同事和企业打开本系统所用的网址），然后重新启动。"
    return [
        Warning("SITE_ADDRESS 没有设置：印发的报告上没有核验二维码，提醒消息里没有链接。", hint=hint, id="crm.W002")
    ]


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
