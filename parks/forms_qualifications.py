"""What a person types about awards and their catalogue."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from crm.forms import ScopedForm
from parks.actions import renew_qualification, save_kind, withdraw_qualification
from parks.forms import OfEnterpriseForm, SeenForm
from parks.models import Qualification, QualificationKind

LAST_DAY_HELP = "最后一个有效日；长期有效可不填。"


class QualificationForm(SeenForm[Qualification], OfEnterpriseForm[Qualification]):
    """An award. Kinds no longer in use are offered only where one was chosen before."""

    class Meta:
        model = Qualification
        fields = [
            "kind", "batch", "number", "valid_from", "valid_to", "rule_version", "withdrawn_on", "withdrawn_reason",
            "remark",
        ]  # fmt: skip
        help_texts = {"valid_to": LAST_DAY_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ModelChoiceField)
        kind.queryset = QualificationKind.objects.filter(Q(is_in_use=True) | Q(pk=self.instance.kind_id))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("withdrawn_on") and not data.get("withdrawn_reason"):
            self.add_error("withdrawn_reason", "请写明撤销原因。")
        return data


class RenewForm(OfEnterpriseForm[Qualification]):
    """The award that follows another of the same kind; usual dates are proposed."""

    class Meta:
        model = Qualification
        fields = ["batch", "number", "valid_from", "valid_to", "rule_version", "remark"]
        help_texts = {"valid_to": LAST_DAY_HELP}

    def __init__(self, *args: Any, old: Qualification, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old
        start = old.valid_to + timedelta(days=1) if old.valid_to else timezone.localdate()
        months = old.kind.valid_months
        self.initial["valid_from"] = start
        self.initial["valid_to"] = last_day(start, months) if months else None

    def store(self) -> str:
        new = renew_qualification(self.instance, old=self.old, actor=self.user)
        return f"已登记{new.kind.short_name}续办，有效期至 {new.valid_to or '长期'}。"


class WithdrawForm(ScopedForm):
    withdrawn_on = forms.DateField(label="撤销日期")
    reason = forms.CharField(
        label="撤销原因", max_length=200, help_text="如：复核未通过（第五批）、企业主动放弃、被取消资格"
    )

    def __init__(self, *args: Any, old: Qualification, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old
        self.initial.setdefault("withdrawn_on", timezone.localdate())

    def store(self) -> str:
        data = self.cleaned_data
        row = withdraw_qualification(self.old, actor=self.user, on=data["withdrawn_on"], reason=data["reason"])
        return f"已登记：{row.kind.short_name}自 {row.withdrawn_on} 起撤销。"


class KindForm(SeenForm[QualificationKind]):
    """An entry of the catalogue. Its code is given once: figures and filters go by it."""

    class Meta:
        model = QualificationKind
        fields = [
            "code", "name", "short_name", "issuer", "awarded_at", "valid_months", "renewal", "position", "is_in_use"
        ]  # fmt: skip
        help_texts = {
            "code": "大写字母、数字和下划线，如 SRDI；登记后不再改动。",
            "short_name": "列表和企业页上的叫法。",
            "valid_months": "续办时据此推算到期日，可不填。",
            "renewal": "到期清单上的一句提示，如 复核、重新认定。",
            "position": "数字小的在前。",
            "is_in_use": "不再授予的取消勾选，已登记的仍保留。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = self.instance.pk is not None

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if not code.replace("_", "").isalnum() or not code.isascii():
            raise ValidationError("代码只用大写字母、数字和下划线。")
        return code

    def store(self) -> QualificationKind:
        """Write through the action; raises ValidationError when others use the entry, too."""
        return save_kind(self.instance, actor=self.user)


def last_day(start: date, months: int) -> date:
    """The day before the same day so many months on."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)
