"""What a person types of an enterprise's yearly figures, from which its size is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.forms import ScopedModelForm
from parks.actions import update_enterprise
from parks.models import Enterprise
from parks.sizes import TEN_THOUSAND

AMOUNTS = ("annual_revenue", "total_assets")
FIRST_YEAR = 1990


def in_wan_field(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label}（万元）", required=False, min_value=0, max_digits=14, decimal_places=4, help_text="年报数"
    )


class FiguresForm(ScopedModelForm[Enterprise]):
    annual_revenue_wan = in_wan_field("营业收入")
    total_assets_wan = in_wan_field("资产总额")
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Enterprise
        fields = ["figures_year", "employee_count"]
        help_texts = {"employee_count": "全部从业人员；参保人数不能代替。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        for name in AMOUNTS:
            amount = getattr(self.instance, name)
            self.initial[f"{name}_wan"] = None if amount is None else f"{(amount / TEN_THOUSAND).normalize():f}"

    def clean_figures_year(self) -> int | None:
        year: int | None = self.cleaned_data["figures_year"]
        this_year = timezone.localdate().year
        if year is not None and not FIRST_YEAR <= year <= this_year:
            raise ValidationError(f"年度应在 {FIRST_YEAR} 到 {this_year} 之间。")
        return year

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        amounts = [data.get(f"{name}_wan") for name in AMOUNTS]
        if any(amount is not None for amount in amounts) and not data.get("figures_year") and not self.errors:
            self.add_error("figures_year", "请写明是哪一年的数据。")
        return data

    def store(self) -> Enterprise:
        """Write through the action; raises ValidationError when someone else was faster."""
        for name in AMOUNTS:
            amount: Decimal | None = self.cleaned_data[f"{name}_wan"]
            setattr(self.instance, name, None if amount is None else amount * TEN_THOUSAND)
        return update_enterprise(self.instance, actor=self.user, seen_version=self.cleaned_data["version"])
