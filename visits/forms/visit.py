"""The visit form: phone first, with the appeals raised on the spot inside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from crm.conflicts import Conflict
from crm.models import User
from parks.models import Enterprise
from visits.actions import NewAppeal, NewSuggestion, Part
from visits.choices import VisitKind
from visits.forms.fields import DroppedPhotosField, NamesField, PhotosField, PickerForm
from visits.forms.items import AppealItemForm, ItemForm, SuggestionItemForm
from visits.forms.part import PartForm, parts_for, questions_for
from visits.models import Photo, Visit
from visits.querysets import colleagues

APPEALS_PER_VISIT = SUGGESTIONS_PER_VISIT = 2
# 座谈会 and 政企早餐会 have several guests, of whom some stay away.
MEETINGS = (VisitKind.FORUM, VisitKind.BREAKFAST)
NEXT_IN = [("", "不定"), ("7", "1 周后"), ("14", "2 周后"), ("30", "1 月后")]
EARLIEST = date(2000, 1, 1)
# The fields that hold facts of the visit itself.
PLAIN = ("kind", "started_at", "place", "topic", "summary", "next_visit_on")
COMPARED = (*PLAIN, "enterprises", "staff")


class VisitForm(PickerForm):
    """Records a visit; with `visit` it corrects one."""

    picker_name = "enterprises"

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    enterprises = forms.ModelMultipleChoiceField(Enterprise.objects.all(), label="企业", required=False)
    enterprise_names = NamesField(required=False)
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
    dropped_photos = DroppedPhotosField(Photo.objects.none(), required=False)
    has_appeal = forms.BooleanField(label="有诉求", required=False)
    has_suggestion = forms.BooleanField(label="有建议", required=False)
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
        data = self.data if self.is_bound else None
        self.items = [AppealItemForm(data, prefix=f"appeal{n}", user=self.user) for n in range(APPEALS_PER_VISIT)]
        self.suggestion_items = [
            SuggestionItemForm(data, prefix=f"suggestion{n}", user=self.user) for n in range(SUGGESTIONS_PER_VISIT)
        ]
        chosen = self.chosen
        for item in (*self.items, *self.suggestion_items):
            item.offer(chosen)
        questions = questions_for(self.user, visit, self.data if self.is_bound else ())
        self.parts = parts_for(self, chosen, questions, visit)
        self.blank_part = PartForm(enterprise=None, questions=questions, user=self.user)
        self.new_appeals: list[NewAppeal] = []
        self.new_suggestions: list[NewSuggestion] = []
        self.told: dict[int, Part] = {}
        self.conflicts: list[Conflict] = []

    def _is_plan(self) -> bool:
        """Nothing was talked about yet when the time typed is still to come."""
        try:
            started_at = self.fields["started_at"].clean(self.data.get("started_at"))
        except forms.ValidationError:
            return False
        return bool(started_at > timezone.now())

    @property
    def problems(self) -> dict[str, list[str]]:
        """Every error by the name of its input, those of all that is written down inside the form too."""
        inner = (*self.parts, *self.items, *self.suggestion_items)
        # Those that were not judged were left out.
        judged = (self, *(one for one in inner if getattr(one, "_errors", None) is not None))
        return {one.add_prefix(name): list(map(str, errors)) for one in judged for name, errors in one.errors.items()}

    @property
    def me(self) -> int:
        return self.user.pk

    def hold(self) -> None:
        super().hold()
        for item in (*self.items, *self.suggestion_items):
            item.hold()
        for part in self.parts:
            part.hold()

    @property
    def kind_now(self) -> str:
        return str(self["kind"].value() or VisitKind.VISIT)

    @property
    def is_of_one(self) -> bool:
        """One enterprise and no meeting: nobody can be absent, and what was talked about is what was said of it."""
        return len(self.parts) < 2 and self.kind_now not in MEETINGS

    def clean_started_at(self) -> Any:
        started_at = self.cleaned_data["started_at"]
        if timezone.localtime(started_at).date() < EARLIEST:
            raise forms.ValidationError(f"时间不能早于 {EARLIEST:%Y-%m-%d}，请检查年份。")
        return started_at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        named = self.find_named(data["enterprise_names"])
        if named:
            data["enterprises"] = [*dict.fromkeys([*(data.get("enterprises") or []), *named])]
        if not data.get("enterprises") and not data["enterprise_names"] and data.get("kind") != VisitKind.GRASSROOTS:
            self.add_error("enterprises", "请至少选择一家企业（四下基层调研可以不选）。")
        started_at = data.get("started_at")
        if started_at:
            data["next_visit_on"] = self._next_visit_on(timezone.localtime(started_at).date())
        visited = list(data.get("enterprises") or [])
        if data.get("kind"):
            self._clean_parts(visited, data["kind"])
        if data.get("has_appeal") and data.get("client_id"):
            self.new_appeals = self._made("appeal", self.items, visited, data["client_id"])
        if data.get("has_suggestion") and data.get("client_id"):
            self.new_suggestions = self._made("suggestion", self.suggestion_items, visited, data["client_id"])
        return data

    def _next_visit_on(self, visited_on: date) -> date | None:
        days = self.cleaned_data.get("next_in")
        day: date | None = self.cleaned_data.get("next_visit_on")
        if day is None:
            return visited_on + timedelta(days=int(days)) if days else None
        if day <= visited_on:
            self.add_error("next_visit_on", "下次走访须晚于这次走访的日期。")
        return day

    def _clean_parts(self, visited: list[Enterprise], kind: str) -> None:
        keys = {one.pk for one in visited}
        for part in self.parts:
            if not part.is_bound or part.enterprise is None or part.enterprise.pk not in keys:
                continue
            if not part.judge(kind, is_plan=self._is_plan()):
                self.add_error(None, f"“{part.title}”有需要补充的地方，见下。")
            elif part.was_on_the_page:
                self.told[part.enterprise.pk] = part.part()

    def _made(self, what: str, items: Sequence[ItemForm], visited: list[Enterprise], form_id: UUID) -> list[Any]:
        """What the items hold; errors at the items, and one at the tick that unfolds them."""
        noun = {"appeal": "诉求", "suggestion": "建议"}[what]
        written = [item for item in items if item.is_written]
        if not written:
            items[0].full_clean()
            items[0].add_error("content", f"请写下{noun}内容，或取消勾选“有{noun}”。")
        made = [item.made(visited, form_id) for item in written if item.is_valid()]  # type: ignore[attr-defined]
        if not written or any(item.errors for item in written):
            self.add_error(f"has_{what}", f"{noun}有需要补充的地方，见下。")
        return [one for one in made if one is not None]
