"""Building blocks of the pages: fields, cards, amounts, dates as people say them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from crm import calendar
from crm.http import UNDO
from crm.models.imports import ImportMode

register = template.Library()

WAN = Decimal(10_000)
DASH = "—"


@register.inclusion_tag("crm/_field.html")
def field(bound: BoundField, label: str = "", autofocus: bool = False) -> dict[str, Any]:
    """A form field with its label, help and errors."""
    widget = bound.field.widget
    is_check = isinstance(widget, forms.CheckboxInput)
    is_group = isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
    classes = widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"{_css_class(widget)} {'is-invalid' if bound.errors else ''} {classes}".strip()}
    if bound.errors:
        attrs["aria-describedby"] = f"{bound.auto_id}_error"
    if autofocus:
        attrs["autofocus"] = True
    control = bound if is_group else bound.as_widget(attrs=attrs)
    return {
        "field": bound,
        "control": control,
        "is_check": is_check,
        "is_group": is_group,
        "label": label or bound.label,
    }


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return ""
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.simple_block_tag
def card(content: str, title: str = "", css: str = "") -> SafeString:
    """A card with an optional title around the content."""
    head = format_html('<h2 class="card-title">{}</h2>', title) if title else ""
    return format_html('<section class="card {}"><div class="card-body">{}{}</div></section>', css, head, content)


@register.inclusion_tag("crm/_empty.html")
def empty(text: str, url: str = "", action: str = "") -> dict[str, str]:
    """An empty list: why it is empty, and the button that fills it."""
    return {"text": text, "url": url, "action": action}


@register.inclusion_tag("crm/_keyset_pages.html")
def keyset_pages(page: Any, query: str = "") -> dict[str, Any]:
    """Previous and next page by key, keeping the filters."""
    return {"page": page, "query": f"{query}&" if query else ""}


@register.inclusion_tag("crm/_pages.html")
def pages(page: Any, query: str = "") -> dict[str, Any]:
    """Previous and next page, keeping the filters."""
    return {"page": page, "query": f"{query}&" if query else ""}


IMPORT_STEPS = ("上传", "表头与列", "取值", "核对", "完成")


@register.inclusion_tag("crm/imports/_steps.html")
def import_steps(step: int) -> dict[str, Any]:
    """Where in the import wizard one is."""
    return {"labels": IMPORT_STEPS, "step": step}


@register.simple_tag
def year_to_enter() -> int | None:
    return calendar.year_to_enter(timezone.localdate())


@register.simple_tag
def import_way(batch: Any, noun: str) -> str:
    """How a batch met what was on the register: its mode, and which columns it spared."""
    labels = {name: label for name, label, _ in batch.digest.get("columns", ())}
    spared = "、".join(labels.get(name, name) for name in batch.spared)
    way = ImportMode(batch.mode).about(noun)
    return f"{way}，{spared}没有覆盖" if spared and batch.mode == "overwrite" else way


@register.filter
def wan(amount: Decimal | None) -> str:
    """Yuan as 万元 with thousands separators, without idle zeros; — when unknown."""
    if amount is None:
        return DASH
    value = (Decimal(amount) / WAN).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def undo_address(message: Message) -> str:
    """Where a POST takes back what the message tells of; empty when it cannot be."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """Units of a currency in 万 with its name (``人民币`` reads 元): 1,000 万元, 30 万美元; — when unknown."""
    return DASH if amount is None else f"{wan(amount)} 万{'元' if currency == '人民币' else currency}"


@register.filter
def dash(value: Any) -> Any:
    """— for what is not known."""
    return DASH if value is None or value == "" else value


@register.filter
def ago(value: date | datetime | None) -> str:
    """A day as people say it: 今天, 昨天, 3 天前, 2 天后."""
    if value is None:
        return DASH
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    days = (timezone.localdate() - day).days
    named = {0: "今天", 1: "昨天", -1: "明天"}
    if days in named:
        return named[days]
    return f"{days} 天前" if days > 0 else f"{-days} 天后"


@register.filter
def marked(text: str, wanted: str) -> SafeString:
    """The text with each word searched for marked where it stands."""
    words = [re.escape(word) for word in wanted.split()]
    if not words:
        return escape(text)
    # Split by a captured word, so the odd parts are what was found.
    parts = re.split(f"({'|'.join(words)})", text, flags=re.IGNORECASE)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", p) if n % 2 else p,) for n, p in enumerate(parts))
    )
