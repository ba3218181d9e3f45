"""Forms of hotline tickets: whose it is, and what becomes of it as an appeal."""

from __future__ import annotations

from django import forms

from crm.forms import ScopedForm
from parks.models import Enterprise
from visits.choices import AppealCategory, AppealClass, Urgency
from visits.forms.fields import PickerForm

# The four classes that have the hotline's limits.
HOTLINE_CLASSES = (AppealClass.GENERAL, AppealClass.PROMPT, AppealClass.COMPLEX, AppealClass.SUDDEN)


class TicketMatchForm(PickerForm):
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.all(), label="企业", error_messages={"required": "请选择工单所说的企业。"}
    )


class TicketRaiseForm(ScopedForm):
    content = forms.CharField(
        label="诉求内容", max_length=5000, error_messages={"required": "请写下诉求内容。"},
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    category = forms.ChoiceField(label="类别", choices=AppealCategory.choices, initial=AppealCategory.OTHER)
    appeal_class = forms.ChoiceField(
        label="时限类别", choices=[(one.value, one.label) for one in HOTLINE_CLASSES], initial=AppealClass.GENERAL
    )
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency.choices, initial=Urgency.NORMAL)
