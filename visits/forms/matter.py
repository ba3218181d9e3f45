"""What a handler decides on a common matter."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.forms import ScopedForm
from crm.models import User
from crm.roles import ROLES
from visits.choices import MatterState


class MatterForm(ScopedForm):
    state = forms.ChoiceField(
        label="怎么处理", choices=MatterState.choices, widget=forms.RadioSelect, initial=MatterState.LISTED
    )
    title = forms.CharField(label="题目", max_length=100, error_messages={"required": "请给这个问题起个题目。"})
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label="负责人", required=False, empty_label="请选择",
        help_text="列为本月一题时必选。",
    )  # fmt: skip
    note = forms.CharField(
        label="说明", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "打算怎么办；不作为共性问题的，写为什么"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        business = [key for key, role in ROLES.items() if not role.is_administrative]
        owner.queryset = owner.queryset.filter(role__in=business).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == MatterState.LISTED and not data.get("owner") and "owner" not in self.errors:
            self.add_error("owner", "请选择负责人。")
        if data.get("state") == MatterState.DISMISSED and not data.get("note", "").strip():
            self.add_error("note", "请写明为什么不作为共性问题。")
        return data
