"""The visit form: phone first, with the appeals raised on the spot inside it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone

from crm.conflicts import Conflict
from crm.forms import ScopedForm
from crm.models import User
from parks.models import Enterprise
from visits.actions import NewAppeal
from visits.choices import AppealCategory, AppealClass, Urgency, VisitKind
from visits.forms.fields import PhotosField, PickerForm
from visits.models import Photo, Visit
from visits.querysets import colleagues

APPEALS_PER_VISIT = 2
NEXT_IN = [("", "不定"), ("7", "1 周后"), ("14", "2 周后"), ("30", "1 月后")]
EARLIEST = date(2000, 1, 1)
# The fields that hold facts of the visit itself.
PLAIN = ("kind", "started_at", "place", "topic", "summary", "next_visit_on")
COMPARED = (*PLAIN, "enterprises", "staff")


class AppealItemForm(ScopedForm):
    """An appeal inside the visit form; left out when nothing was written."""

    content = forms.CharField(
        label="诉求内容", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "企业提出什么问题，希望怎么解决"}),
    )  # fmt: skip
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.all(), label="哪家企业", required=False, empty_label="同走访企业"
    )
    category = forms.ChoiceField(label="类别", choices=AppealCategory.choices, initial=AppealCategory.OTHER)
    appeal_class = forms.ChoiceField(label="时限类别", choices=AppealClass.choices, initial=AppealClass.COORDINATE)
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency.choices, initial=Urgency.NORMAL)

    def hold(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def offer(self, chosen: list[Enterprise]) -> None:
        """Print only the visited enterprises as options; which value is right is still asked of the rows."""
        self.fields["enterprise"].widget.choices = [("", "同走访企业")] + [(one.pk, one.name) for one in chosen]

    def new_appeal(self, visited: list[Enterprise], form_id: UUID) -> NewAppeal | None:
        """The appeal as typed; adds an error when it is unclear whose it is."""
        data = self.cleaned_data
        enterprise = data["enterprise"] or (visited[0] if len(visited) == 1 else None)
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


class VisitForm(PickerForm):
    """Records a visit; with `visit` it corrects one."""

    picker_name = "enterprises"

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    enterprises = forms.ModelMultipleChoiceField(Enterprise.objects.all(), label="企业", required=False)
    started_at = forms.DateTimeField(label="时间")
    kind = forms.ChoiceField(label="形式", choices=VisitKind.choices, widget=forms.RadioSelect)
    staff = forms.ModelMultipleChoiceField(
        User.objects.none(), label="谁去", required=False, widget=forms.CheckboxSelectMultiple
    )
    summary = forms.CharField(
        label="谈了什么", max_length=10_000,
        error_messages={"required": "请写下谈了什么；还没去的走访，把时间改成将来即为计划。"},
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "企业近况、困难、计划，谈定的事"}),
    )  # fmt: skip
    topic = forms.CharField(label="主题", required=False, max_length=200, help_text="不填时取“谈了什么”的第一行。")
    place = forms.CharField(label="地点", required=False, max_length=200)
    photos = PhotosField(label="照片", required=False)
    dropped_photos = forms.ModelMultipleChoiceField(Photo.objects.none(), required=False)
    has_appeal = forms.BooleanField(label="有诉求", required=False)
    next_in = forms.ChoiceField(label="下次走访", choices=NEXT_IN, required=False, widget=forms.RadioSelect)
    next_visit_on = forms.DateField(label="或选日期", required=False)

    def __init__(self, *args: Any, visit: Visit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        people = colleagues(self.user)
        if visit is not None:
            # Those who took part stay choosable after they have moved to another office.
            people = people | User.objects.filter(pk__in=visit.staff.values("pk"))
            self.fields["dropped_photos"].queryset = visit.photos.all()  # type: ignore[attr-defined]
        self.fields["summary"].required = not (self.is_bound and self._is_plan())
        self.fields["staff"].queryset = people.distinct()  # type: ignore[attr-defined]
        self.items = [
            AppealItemForm(self.data if self.is_bound else None, prefix=f"appeal{n}", user=self.user)
            for n in range(APPEALS_PER_VISIT)
        ]
        chosen = self.chosen
        for item in self.items:
            item.offer(chosen)
        self.new_appeals: list[NewAppeal] = []
        self.conflicts: list[Conflict] = []

    def _is_plan(self) -> bool:
        """Nothing was talked about yet when the time typed is still to come."""
        try:
            started_at = self.fields["started_at"].clean(self.data.get("started_at"))
        except forms.ValidationError:
            return False
        return bool(started_at > timezone.now())

    @property
    def me(self) -> int:
        return self.user.pk

    def hold(self) -> None:
        super().hold()
        for item in self.items:
            item.hold()

    def clean_started_at(self) -> Any:
        started_at = self.cleaned_data["started_at"]
        if timezone.localtime(started_at).date() < EARLIEST:
            raise forms.ValidationError(f"时间不能早于 {EARLIEST:%Y-%m-%d}，请检查年份。")
        return started_at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("enterprises") and data.get("kind") != VisitKind.GRASSROOTS:
            self.add_error("enterprises", "请至少选择一家企业（四下基层调研可以不选）。")
        started_at = data.get("started_at")
        if started_at:
            data["next_visit_on"] = self._next_visit_on(timezone.localtime(started_at).date())
        if data.get("has_appeal") and data.get("client_id"):
            self._clean_appeals(list(data.get("enterprises") or []), data["client_id"])
        return data

    def _next_visit_on(self, visited_on: date) -> date | None:
        days = self.cleaned_data.get("next_in")
        day: date | None = self.cleaned_data.get("next_visit_on")
        if day is None:
            return visited_on + timedelta(days=int(days)) if days else None
        if day <= visited_on:
            self.add_error("next_visit_on", "下次走访须晚于这次走访的日期。")
        return day

    def _clean_appeals(self, visited: list[Enterprise], form_id: UUID) -> None:
        written = [item for item in self.items if item.data.get(item.add_prefix("content"), "").strip()]
        if not written:
            self.items[0].full_clean()
            self.items[0].add_error("content", "请写下诉求内容，或取消勾选“有诉求”。")
        for item in written:
            new = item.new_appeal(visited, form_id) if item.is_valid() else None
            if new is not None:
                self.new_appeals.append(new)
        if not written or any(item.errors for item in written):
            self.add_error("has_appeal", "诉求有需要补充的地方，见下。")
