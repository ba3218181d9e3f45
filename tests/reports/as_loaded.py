"""The dashboard as a browser has it once every piece of it has come."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from django.urls import reverse

PIECE = re.compile(r'hx-get="(/reports/[^"]+)"')


def whole_dashboard(client: Client, **query: str) -> str:
    page = client.get(reverse("reports:dashboard"), query)
    assert page.status_code == 200
    html = page.content.decode()
    pieces = [client.get(unescape(address), headers={"HX-Request": "true"}) for address in PIECE.findall(html)]
    assert {piece.status_code for piece in pieces} == {200}
    return unescape(html + "".join(piece.content.decode() for piece in pieces))
