"""What is asked beside a file of enterprises: it holds for all its rows."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.forms import ScopedForm
from parks.models import Park


class EnterpriseImportForm(ScopedForm):
    """What holds for every row of the file."""

    park = forms.ModelChoiceField(
        Park.objects.all(), required=False, label="归入园区", empty_label="不归入园区", help_text="只用于新增的企业。"
    )
    joined_on = forms.ChoiceField(
        choices=[("today", "今天"), ("established", "成立日期（没有时用今天）")],
        initial="today",
        required=False,
        label="文件里没有入园日期时，用",
        help_text="按时间统计在册企业时以入园日期为准。",
    )

    def options(self) -> dict[str, Any]:
        park = self.cleaned_data["park"]
        return {"park": park.pk if park else None, "joined_on": self.cleaned_data["joined_on"] or "today"}
