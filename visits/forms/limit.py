"""A time limit of a kind of appeal from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from crm.forms import use_native_pickers
from crm.worktime import Unit
from visits.choices import AppealCategory, AppealClass, AppealSource
from visits.models.limit import UNITS

MOST = 999


def _any(label: str, choices: Any, every: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", every), *choices])


def _amount(label: str) -> forms.IntegerField:
    said = f"请写 1 到 {MOST} 的整数。"
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), said)
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST, error_messages=messages)


class LimitForm(forms.Form):
    source = _any("来源", AppealSource.choices, "全部来源")
    appeal_class = _any("时限类别", AppealClass.choices, "全部时限类别")
    category = _any("诉求类别", AppealCategory.choices, "全部诉求类别")
    amount = _amount("办结时限")
    unit = forms.ChoiceField(label="单位", choices=UNITS, initial=Unit.WORKING_DAY)
    contact_amount = _amount("首次联系时限")
    contact_unit = forms.ChoiceField(label="单位", choices=UNITS, initial=Unit.WORKING_DAY)
    valid_from = forms.DateField(label="自何日起", initial=timezone.localdate)
    reason = forms.CharField(label="依据或说明", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = "办结与首次联系都留空：这一类不再单列，按更宽一类的时限办理。"
        use_native_pickers(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("amount") is None) != (data.get("contact_amount") is None) and not self.errors:
            missing = "amount" if data.get("amount") is None else "contact_amount"
            self.add_error(missing, "办结时限和首次联系时限请一起填写。")
        return data
