"""What a person types to change who looks after an enterprise, and its “服务包” list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from crm.forms import ScopedForm
from crm.models import User
from parks.actions import assign_steward, end_stewardship, move_to_tier, possible_stewards
from parks.choices import StewardRole, Tier
from parks.models import Enterprise, Stewardship

OFF_THE_LIST = "none"


class StewardForm(ScopedForm):
    """分配管家, also to replace: the new primary ends the former one."""

    person = forms.ModelChoiceField(User.objects.none(), label="谁来服务", empty_label="请选择")
    role = forms.ChoiceField(label="管家类别", choices=StewardRole, initial=StewardRole.LOCAL)
    starts_on = forms.DateField(label="自哪一天起")
    is_primary = forms.BooleanField(label="担任主管家（原主管家到这一天为止）", required=False, initial=True)

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enterprise = enterprise
        self.initial.setdefault("starts_on", timezone.localdate())
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = possible_stewards(enterprise, self.user)

    def store(self) -> str:
        data = self.cleaned_data
        row = assign_steward(
            self.enterprise, actor=self.user, user=data["person"], role=data["role"], is_primary=data["is_primary"],
            starts_on=data["starts_on"],
        )  # fmt: skip
        return f"已登记：{row.user} 自 {row.starts_on} 起任{row.get_role_display()}。"


class StewardEndForm(ScopedForm):
    ends_on = forms.DateField(label="自哪一天起不再担任")

    def __init__(self, *args: Any, stewardship: Stewardship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stewardship = stewardship
        self.initial.setdefault("ends_on", timezone.localdate())

    def store(self) -> str:
        end_stewardship(self.stewardship, actor=self.user, ends_on=self.cleaned_data["ends_on"])
        return f"{self.stewardship.user} 自 {self.cleaned_data['ends_on']} 起不再担任管家。"


class TierForm(ScopedForm):
    tier = forms.ChoiceField(
        label="调整到", choices=[("", "请选择"), *Tier.choices, (OFF_THE_LIST, "移出名单（不再是服务包企业）")]
    )
    starts_on = forms.DateField(label="自哪一天起", help_text="统计按天认定：这一天起算新级别，前一天仍算原级别。")

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enterprise = enterprise
        self.initial.setdefault("starts_on", timezone.localdate())

    def store(self) -> str:
        tier, day = self.cleaned_data["tier"], self.cleaned_data["starts_on"]
        wanted = "" if tier == OFF_THE_LIST else tier
        move_to_tier(self.enterprise, actor=self.user, tier=wanted, starts_on=day)
        return f"自 {day} 起列入{Tier(wanted).label}服务包名单。" if wanted else f"自 {day} 起移出服务包名单。"
