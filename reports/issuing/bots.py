"""Group bots of 企业微信 and 钉钉: where their messages go and how they are signed. Addresses and secrets are settings.

Nothing here follows a redirect or goes anywhere but to the documented hosts, whatever the settings say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

TIMEOUT = 10
LONGEST_ANSWER = 65_536
PATHS = {"wecom": "/cgi-bin/webhook/send", "dingtalk": "/robot/send"}
KIND_LABELS = {"wecom": "企业微信", "dingtalk": "钉钉"}


class BotFailed(Exception):
    """The message did not arrive; says why in words, without the address, which is a secret."""


@dataclass(frozen=True, slots=True)
class Bot:
    key: str
    label: str
    kind: str
    address: str
    secret: str = ""

    @property
    def name(self) -> str:
        return f"{KIND_LABELS.get(self.kind, self.kind)}群机器人“{self.label}”"


def bots() -> dict[str, Bot]:
    return {key: Bot(key, **one) for key, one in settings.REPORT_BOTS.items()}


def send(bot: Bot, text: str, now: float) -> None:
    """POST one message; raises BotFailed unless the service says that it took it."""
    connection, path = connect(bot), signed_path(bot, now)
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        with connection.getresponse() as answer:
            status, content = answer.status, answer.read(LONGEST_ANSWER)
    except (OSError, HTTPException) as problem:
        raise BotFailed(f"{bot.name}连接失败（{type(problem).__name__}）。") from problem
    finally:
        connection.close()
    check_answer(bot, status, content)


def check_answer(bot: Bot, status: int, content: bytes) -> None:
    if status != 200:
        raise BotFailed(f"{bot.name}回应了状态 {status}。")
    try:
        said = json.loads(content)
        code, message = said["errcode"], str(said.get("errmsg", ""))[:100]
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BotFailed(f"{bot.name}的回应看不懂。") from problem
    if code != 0:
        raise BotFailed(f"{bot.name}没有接受消息（{code} {message}）。")


def connect(bot: Bot) -> HTTPConnection:
    """To the documented host of the bot's kind only."""
    site = settings.REPORT_BOT_SITES.get(bot.kind, "")
    allowed, asked = urlsplit(site), urlsplit(bot.address)
    if not site or (asked.scheme, asked.netloc) != (allowed.scheme, allowed.netloc) or asked.path != PATHS[bot.kind]:
        raise BotFailed(f"{bot.name}的地址不是{KIND_LABELS.get(bot.kind, '已知服务')}的机器人地址，请管理员核对设置。")
    if allowed.scheme == "https":
        return HTTPSConnection(allowed.netloc, timeout=TIMEOUT, context=ssl.create_default_context())
    return HTTPConnection(allowed.netloc, timeout=TIMEOUT)


def signed_path(bot: Bot, now: float) -> str:
    """钉钉 signs with the milliseconds and a secret; the key in the address is all that 企业微信 asks for."""
    asked = urlsplit(bot.address)
    query = asked.query
    if bot.kind == "dingtalk" and bot.secret:
        stamp = str(round(now * 1000))
        query = f"{query}&{urlencode({'timestamp': stamp})}&sign={quote(signature(bot.secret, stamp), safe='')}"
    return f"{asked.path}?{query}"


def signature(secret: str, stamp: str) -> str:
    """As 钉钉 documents it: HMAC-SHA256 over the stamp, a line break and the secret, with the secret, in base64."""
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
