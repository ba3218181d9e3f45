"""The form of a list's filters, and filters that several lists share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.db.models import BigIntegerField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_filters.fields import ModelChoiceIterator


class QuickSelect(forms.Select):
    """Writes its options in one go; Django renders a template for each, which took half the time of a list."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value) or [""]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, " selected" if str(key) in chosen else "", label) for key, label in _choices(self.choices)),
        )
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name})), options
        )


def _choices(choices: Any) -> list[tuple[Any, Any]]:
    return [("" if key is None else key, label) for key, label in choices]


class AtOnce(ModelChoiceIterator):
    """Rows to choose from, read by one question; Django opens a cursor on the server, in three, for each select."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        yield from map(self.choice, self.queryset.all())


class FilterForm(forms.Form):
    """Selects that are quick to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if type(field.widget) is forms.Select:
                choices = field.widget.choices
                field.widget = QuickSelect(field.widget.attrs)
                field.widget.choices = AtOnce(field) if isinstance(choices, ModelChoiceIterator) else choices


class KeyFilter(django_filters.NumberFilter):
    """The key of a record, typed into an address. No database compares what is longer than its numbers."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=BigIntegerField.MAX_BIGINT, **kwargs)
