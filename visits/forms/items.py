"""Appeals and suggestions written down inside the visit form; an item is left out when nothing was written."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.forms.utils import ErrorDict

from crm.forms import ScopedForm
from parks.models import Enterprise
from visits.actions import NewAppeal, NewSuggestion
from visits.choices import AppealCategory, AppealClass, Urgency


class ItemForm(ScopedForm):
    """Whose it is and what it is about."""

    of_none = "同走访企业"

    content = forms.CharField(label="内容", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    enterprise = forms.ModelChoiceField(Enterprise.objects.all(), label="哪家企业", required=False)
    category = forms.ChoiceField(label="类别", choices=AppealCategory.choices, initial=AppealCategory.OTHER)

    def hold(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    @property
    def is_written(self) -> bool:
        return bool(self.data.get(self.add_prefix("content"), "").strip())

    def offer(self, chosen: list[Enterprise]) -> None:
        """Print only the visited enterprises as options; which value is right is still asked of the rows."""
        self.fields["enterprise"].widget.choices = [("", self.of_none)] + [(one.pk, one.name) for one in chosen]

    def owner(self, visited: list[Enterprise]) -> Enterprise | None:
        """The one named, or the only one visited."""
        named: Enterprise | None = self.cleaned_data["enterprise"]
        return named or (visited[0] if len(visited) == 1 else None)


class AppealItemForm(ItemForm):
    """An appeal needs an enterprise."""

    content = forms.CharField(
        label="诉求内容", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "企业提出什么问题，希望怎么解决"}),
    )  # fmt: skip
    appeal_class = forms.ChoiceField(label="时限类别", choices=AppealClass.choices, initial=AppealClass.COORDINATE)
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency.choices, initial=Urgency.NORMAL)

    def made(self, visited: list[Enterprise], form_id: UUID) -> NewAppeal | None:
        """The appeal as typed; adds an error when it is unclear whose it is."""
        data, enterprise = self.cleaned_data, self.owner(visited)
        if enterprise is None:
            self.add_error("enterprise", "请选择是哪家企业的诉求。" if visited else "请先选择走访的企业。")
            return None
        return NewAppeal(
            enterprise=enterprise,
            content=data["content"].strip(),
            category=data["category"],
            appeal_class=data["appeal_class"],
            urgency=data["urgency"],
            client_id=uuid5(form_id, str(self.prefix)),
        )


class SuggestionItemForm(ItemForm):
    """A suggestion may be nobody's in particular."""

    of_none = "不指定企业"

    content = forms.CharField(
        label="建议内容", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "对园区、政策、服务有什么建议"}),
    )  # fmt: skip

    def made(self, visited: list[Enterprise], form_id: UUID) -> NewSuggestion:
        data = self.cleaned_data
        return NewSuggestion(
            content=data["content"].strip(),
            category=data["category"],
            enterprise=self.owner(visited),
            client_id=uuid5(form_id, str(self.prefix)),
        )
