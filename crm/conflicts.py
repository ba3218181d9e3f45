"""Two people changed one record: what each wrote, field by field, and the choice between them.

Works on what forms print and send, so that it needs to know nothing of the record. Whether a version is stale is
the business of each app's actions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BooleanField, CheckboxInput, DateTimeField, ModelChoiceField
from django.http import QueryDict

KEEP = "keep-"
# Field → what its widget would send.
Printed = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field on which the two disagree, both values as people read them."""

    name: str
    label: str
    theirs: str
    yours: str

    @property
    def key(self) -> str:
        return f"{KEEP}{self.name}"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to show the slower one: the data with the other's sole changes taken over, and what is left to decide."""

    data: QueryDict
    conflicts: list[Conflict]
    taken: list[str]
    is_same: bool

    def tell(self, who: str) -> str:
        """In words for the head of the form."""
        told = f"{who} 刚刚修改过这条记录，还没有保存您的修改。"
        if self.taken:
            told += f"对方改的“{'”“'.join(self.taken)}”您没有动，已并入下面。"
        return told + ("两人都改了的栏目请在下面选择，再保存。" if self.conflicts else "请核对后再保存。")


def printed(form: BaseForm, names: Collection[str]) -> dict[str, list[str]]:
    """What an unsent form shows in these fields."""
    shown = {}
    for name in names:
        bound = form[name]
        value: Any = bound.field.widget.format_value(bound.value())
        if isinstance(bound.field.widget, CheckboxInput):
            value = "on" if bound.value() else None
        values = value if isinstance(value, list | tuple) else [value]
        shown[form.add_prefix(name)] = [_plain(str(one)) for one in values if one not in (None, "")]
    return shown


def choose(data: QueryDict, theirs: Printed) -> QueryDict:
    """The data as sent, with the other's value wherever that was chosen."""
    chosen = data.copy()
    for name, values in theirs.items():
        if chosen.pop(f"{KEEP}{name}", [""])[-1] == "theirs":
            chosen.setlist(name, values)
    return chosen


def settle(form: BaseForm, theirs: Printed, base: Printed, parts: Sequence[BaseForm] = ()) -> Settlement:
    """Compare what was sent with what is stored now and what both started from.

    A field missing in `base` is not known from before: there any difference is left to the person. `parts` are forms
    of what the record consists of, sent with it.
    """
    owners = {one.add_prefix(name): (one, name) for one in (form, *parts) for name in one.fields}
    sent_data: Any = form.data
    data = sent_data.copy()
    conflicts, taken, is_same = [], [], True
    for name, stored in theirs.items():
        sent = sorted(_plain(value) for value in data.getlist(name) if value != "")
        if sent == sorted(stored):
            continue
        is_same = False
        owner, own = owners[name]
        label = _label(owner, own)
        if name in base and sent == sorted(base[name]):
            data.setlist(name, stored)
            taken.append(label)
        elif name not in base or sorted(stored) != sorted(base[name]):
            conflicts.append(Conflict(name, label, readable(owner, own, stored), readable(owner, own, sent)))
    return Settlement(data, conflicts, taken, is_same)


def _label(form: BaseForm, name: str) -> str:
    """After what the part is about, where the form is one of several."""
    label, title = str(form.fields[name].label or name), getattr(form, "title", "")
    return f"{title}：{label}" if title else label


def readable(form: BaseForm, name: str, values: list[str]) -> str:
    """Names instead of keys."""
    field: Any = form.fields[name]
    if isinstance(field, ModelChoiceField):
        keys = [int(value) for value in values if value.isdecimal() and len(value) < 19]
        queryset: Any = field.queryset
        return "、".join(str(row) for row in queryset.filter(pk__in=keys)) or "（空）"
    if isinstance(field, BooleanField):
        return "是" if values else "否"
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    if isinstance(field, DateTimeField):
        values = [value.replace("T", " ") for value in values]
    return "、".join(labels.get(value, value) for value in values) or "（空）"


def is_stale(problem: ValidationError) -> bool:
    return getattr(problem, "code", "") == "stale"


def _plain(value: str) -> str:
    """Browsers send line breaks as CR LF and people leave blanks at the end."""
    return value.replace("\r\n", "\n").strip()
