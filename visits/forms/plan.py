"""Planning the visits of a month: who goes, and a time for each enterprise that is ticked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from crm.forms import ScopedForm
from crm.models import User
from parks.models import Enterprise
from visits.actions import PlannedVisit
from visits.querysets import colleagues

NO_TIME = "“{}”的时间看不懂，请重新选择日期和时间。"


class PlanForm(ScopedForm):
    """`enterprises` are those ticked; the time of each is in `start-<pk>`."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    staff = forms.ModelChoiceField(User.objects.none(), label="谁去", error_messages={"required": "请选择谁去。"})
    enterprises = forms.ModelMultipleChoiceField(
        Enterprise.objects.all(), error_messages={"required": "请至少勾选一家企业。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = colleagues(self.user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["lines"] = [
            PlannedVisit(enterprise, at)
            for enterprise in data.get("enterprises") or ()
            if (at := self._time_of(enterprise)) is not None
        ]
        return data

    def _time_of(self, enterprise: Enterprise) -> datetime | None:
        try:
            at: datetime = forms.DateTimeField().clean(self.data.get(f"start-{enterprise.pk}", ""))
        except forms.ValidationError:
            self.add_error(None, NO_TIME.format(enterprise.name))
            return None
        if at <= timezone.now():
            self.add_error(None, f"“{enterprise.name}”的时间已经过去，计划要排在以后。")
            return None
        return at
