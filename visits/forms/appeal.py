"""Registering an appeal that did not come out of a visit."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from parks.models import Contact, Enterprise
from visits.choices import AppealCategory, AppealClass, AppealSource, Urgency
from visits.forms.fields import PickerForm


class AppealForm(PickerForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.all(), label="企业", error_messages={"required": "请选择提出诉求的企业。"}
    )
    contact = forms.ModelChoiceField(Contact.objects.all(), label="联系人", required=False, empty_label="不选")
    source = forms.ChoiceField(label="来源", choices=AppealSource.choices, initial=AppealSource.HOTLINE)
    category = forms.ChoiceField(label="类别", choices=AppealCategory.choices, initial=AppealCategory.OTHER)
    appeal_class = forms.ChoiceField(label="时限类别", choices=AppealClass.choices, initial=AppealClass.COORDINATE)
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency.choices, initial=Urgency.NORMAL)
    content = forms.CharField(
        label="诉求内容", max_length=5000, error_messages={"required": "请写下诉求内容。"},
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "企业提出什么问题，希望怎么解决"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Contacts can be offered once the enterprise is known; before that the field would list everybody.
        contact: Any = self.fields["contact"]
        contact.queryset = contact.queryset.filter(enterprise__in=self._picked_keys())
        if not contact.queryset.exists():
            contact.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        contact, enterprise = data.get("contact"), data.get("enterprise")
        if contact and enterprise and contact.enterprise_id != enterprise.pk:
            self.add_error("contact", "联系人不属于这家企业。")
        return data
