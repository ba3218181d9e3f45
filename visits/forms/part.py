"""What the visit form asks about each enterprise: who came, the questions, red flags.

Fields are named by the key of the enterprise (`e12-note`, `e12-q5`), so that a page without a network can add them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils import timezone

from crm.conflicts import printed
from crm.forms import ScopedForm, use_native_pickers
from crm.models import User
from parks.models import Enterprise
from visits.actions import Part
from visits.choices import AnswerType, FlagKind, VisitKind
from visits.models import Answer, Question, Visit, VisitEnterprise

NOT_ASKED = [("", "未问")]
POSTED = re.compile(r"e\d{1,18}-q(\d{1,18})")
# Stands for the key of the enterprise in the part that the page copies.
ANY_KEY = "__pk__"


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one kind of visit."""

    kind: str
    label: str
    fields: list[BoundField]


class PartForm(ScopedForm):
    """One enterprise of the visit; without one, the blank part that the page copies."""

    # Tells a part that was on the page and left empty from one that was not on it.
    shown = forms.BooleanField(widget=forms.HiddenInput, required=False, initial=True)
    # What the part began with, to know what a person changed when somebody else was faster (crm/conflicts.py).
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    is_absent = forms.BooleanField(label="缺席，不计家次", required=False)
    attendees = forms.CharField(
        label="企业参加人", required=False, max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "姓名、职务"}),
    )  # fmt: skip
    note = forms.CharField(
        label="这家企业的情况", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    flags = forms.MultipleChoiceField(
        label="预警", choices=FlagKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    flag_detail = forms.CharField(
        label="预警说明", required=False, max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "什么情况，什么时候"}),
    )  # fmt: skip

    def __init__(self, *args: Any, enterprise: Enterprise | None, questions: Sequence[Question], **kwargs: Any) -> None:
        self.enterprise = enterprise
        self.key = str(enterprise.pk) if enterprise else ANY_KEY
        super().__init__(*args, prefix=f"e{self.key}", **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"q{question.pk}"] = field_of(question)
        use_native_pickers(self)
        self._kind, self._must_answer = "", False
        if not self.is_bound and enterprise:
            self.initial["was"] = json.dumps(self.printed(), ensure_ascii=False)

    @property
    def title(self) -> str:
        return self.enterprise.name if self.enterprise else ""

    @property
    def asked(self) -> list[Asked]:
        """The questions by kind of visit; the page shows those of the kind chosen."""
        found = []
        for kind in VisitKind:
            fields = [self[f"q{question.pk}"] for question in self.questions if question.kind == kind]
            if fields:
                found.append(Asked(kind.value, str(kind.label), fields))
        return found

    @property
    def was_on_the_page(self) -> bool:
        return self.is_bound and self.add_prefix("shown") in self.data

    def printed(self, kind: str = "") -> dict[str, list[str]]:
        """What it shows unsent, by the names of its inputs; of the questions those of a kind, or all."""
        others = {f"q{one.pk}" for one in self.questions if kind and one.kind != kind}
        return printed(self, [name for name in self.fields if name not in {"shown", "was", *others}])

    @property
    def base(self) -> dict[str, list[str]]:
        """What it began with, as the page has sent it; nothing is known of what cannot be read."""
        try:
            told = json.loads(self.data.get(self.add_prefix("was"), ""))
        except ValueError:
            return {}
        is_plain = isinstance(told, dict) and all(isinstance(one, list) for one in told.values())
        return {name: [str(value) for value in values] for name, values in told.items()} if is_plain else {}

    def hold(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def judge(self, kind: str, *, is_plan: bool) -> bool:
        """Whether it is right for a visit of this kind; nobody was asked on one that is still to come."""
        self._kind, self._must_answer = kind, not is_plan
        return self.is_valid()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self._must_answer or data.get("is_absent"):
            return data
        today = timezone.localdate()
        for question in self._of_kind():
            name = f"q{question.pk}"
            is_missing = name not in self.errors and data.get(name) in (None, "")
            if is_missing and question.is_required and question.is_in_force(today):
                self.add_error(name, "这一题必答，请补上。")
        return data

    def part(self) -> Part:
        data = self.cleaned_data
        answers: list[tuple[Question, Answer]] = [(one, data[f"q{one.pk}"]) for one in self._of_kind()]
        return Part(
            has_attended=not data["is_absent"],
            attendees=data["attendees"].strip(),
            note=data["note"].strip(),
            answers=tuple(answers),
            flags=tuple(data["flags"]),
            flag_detail=data["flag_detail"].strip(),
        )

    def _of_kind(self) -> Iterable[Question]:
        return (question for question in self.questions if question.kind == self._kind)


def field_of(question: Question) -> forms.Field:
    """Every answer may be left out; whether one is needed depends on the visit."""
    common: dict[str, Any] = {"label": question.text, "required": False}
    if question.answer_type == AnswerType.NUMBER:
        return forms.DecimalField(max_digits=18, decimal_places=4, **common)
    if question.answer_type == AnswerType.DATE:
        return forms.DateField(**common)
    if question.answer_type == AnswerType.CHOICE:
        return forms.ChoiceField(choices=[*NOT_ASKED, *((one, one) for one in question.options)], **common)
    if question.answer_type == AnswerType.YES_NO:
        choices = [*NOT_ASKED, ("yes", "是"), ("no", "否")]
        return forms.TypedChoiceField(choices=choices, coerce=lambda text: text == "yes", empty_value=None, **common)
    return forms.CharField(max_length=1000, **common)


def questions_for(user: User, visit: Visit | None, names: Iterable[str]) -> list[Question]:
    """Those asked today; in place of a newer version the one answered on this visit, or sent from an older page."""
    rows = Question.objects.visible_to(user)
    found: list[Question] = []
    owner = visit.organisation_id if visit else _institution(user)
    if owner is not None:
        found += rows.asked_by(owner).in_force(timezone.localdate())
    known = {question.pk for question in found}
    sent = {int(match[1]) for name in names if (match := POSTED.fullmatch(name))} - known
    found += rows.filter(pk__in=sent) if sent else []
    if visit is not None:
        found += Question.objects.filter(answers__pair__visit=visit).exclude(pk__in=known | sent).distinct()
    by_lineage = {question.lineage: question for question in found}
    return sorted(by_lineage.values(), key=lambda one: (one.position, one.pk))


def _institution(user: User) -> int | None:
    """The key of the institution is the last step of its path."""
    steps = user.organisation.institution_path.strip("/").split("/") if user.organisation else []
    return int(steps[-1]) if steps else None


def facts_of(pair: VisitEnterprise, questions: Sequence[Question]) -> dict[str, Any]:
    """What the part starts from; flags that follow from answers are not shown as ticked."""
    answers = {answer.question_id: answer.value for answer in pair.answers.all()}
    asked = {question.pk: question for question in questions}
    day = timezone.localdate(pair.visit.started_at)
    derived = {asked[pk].flag for pk, value in answers.items() if pk in asked and asked[pk].warns(value, day)}
    flags = [flag for flag in pair.visit.flags.all() if flag.enterprise_id == pair.enterprise_id]
    ticked = [flag for flag in flags if flag.kind not in derived]
    shown = {f"q{pk}": {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
             for pk, value in answers.items()}  # fmt: skip
    return shown | {
        "is_absent": not pair.has_attended,
        "attendees": pair.attendees,
        "note": pair.note,
        "flags": [flag.kind for flag in ticked],
        "flag_detail": ticked[0].detail if ticked else "",
    }


def parts_for(
    form: Any, chosen: Sequence[Enterprise], questions: Sequence[Question], visit: Visit | None
) -> list[PartForm]:
    """A part for every enterprise chosen, in a fixed number of queries."""
    pairs = {}
    if visit is not None:
        rows = visit.pairs.select_related("visit").prefetch_related("answers__question", "visit__flags")
        pairs = {pair.enterprise_id: pair for pair in rows}
    return [_part(form, one, questions, pairs.get(one.pk)) for one in chosen]


def _part(form: Any, enterprise: Enterprise, questions: Sequence[Question], pair: VisitEnterprise | None) -> PartForm:
    facts = facts_of(pair, questions) if pair else {}
    is_sent = form.is_bound and (f"e{enterprise.pk}-shown" in form.data or pair is None)
    data = form.data if is_sent else None
    return PartForm(data, initial=facts, enterprise=enterprise, questions=questions, user=form.user)
