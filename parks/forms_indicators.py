"""What a person tells of an enterprise's month: amounts in 万元, the month's own and the year's so far."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from parks.actions import save_return
from parks.actions.indicators import last_day_of
from parks.forms import OfEnterpriseForm, SeenForm
from parks.models import MonthlyReturn
from parks.models.monthly_return import AMOUNT_NAMES, AMOUNTS
from parks.spans import span_of_cell

TEN_THOUSAND = Decimal(10_000)


class ReturnForm(SeenForm[MonthlyReturn], OfEnterpriseForm[MonthlyReturn]):
    class Meta:
        model = MonthlyReturn
        fields = ["as_of", "source"]
        help_texts = {"source": "如 税务月报、企业自报。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in AMOUNT_NAMES:
            label = str(MonthlyReturn._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            self.fields[f"{name}_wan"] = forms.DecimalField(
                label=f"{label}（万元）", required=False, max_digits=18, decimal_places=6
            )
            self.initial[f"{name}_wan"] = _in_wan(getattr(self.instance, name))
        self.order_fields([*(f"{name}_wan" for name in AMOUNT_NAMES), "as_of", "source"])

    def clean(self) -> dict[str, Any]:
        """A month that is more than its year so far was typed into the wrong field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for kind, reach, name in AMOUNTS:
            month, total = data.get(f"{name}_wan"), data.get(f"{kind}_total_wan")
            if reach == "month" and month is not None and total is not None and month > total >= 0:
                self.add_error(f"{name}_wan", "当月大于累计，两格可能填反了。")
        for name in AMOUNT_NAMES:
            amount = data.get(f"{name}_wan")
            setattr(self.instance, name, None if amount is None else amount * TEN_THOUSAND)
        return data

    def save(self, commit: bool = True) -> MonthlyReturn:
        """Through the action; what tells nothing any more is gone after."""
        self.is_kept = save_return(self.instance, actor=self.user)
        return self.instance


class NewReturnForm(ReturnForm):
    period = forms.CharField(
        label="月份",
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2024-05"}),
        error_messages={"required": "请选择月份。"},
        help_text="累计是从 1 月到这个月。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as_of"].required = False
        self.fields["as_of"].help_text = "不写时按当月最后一天。"
        self.order_fields(["period", *self.fields])

    def clean_period(self) -> str:
        text: str = self.cleaned_data["period"]
        span, today = span_of_cell(text), timezone.localdate()
        if not span.is_whole:
            raise forms.ValidationError("请写成 2024-05 这样的年月。")
        if (span.year, span.month) > (today.year, today.month):
            raise forms.ValidationError("这个月还没有到。")
        self.instance.year, self.instance.month = span.year, span.month
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(f"{name}_wan") is not None for name in AMOUNT_NAMES) and not self.errors:
            self.add_error(None, "请至少填一项指标。")
        if not data.get("as_of") and data.get("period"):
            data["as_of"] = last_day_of(self.instance.year, self.instance.month)
        return data


def _in_wan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{(amount / TEN_THOUSAND).normalize():f}"
