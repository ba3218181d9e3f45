"""What a step asks for: one form, built from the step's needs in the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms

from crm.calendar import current
from crm.forms import ScopedForm, limit_choices, use_native_pickers
from crm.models import Organisation
from visits.actions import Facts
from visits.choices import AppealCategory, AppealClass, Result, Satisfaction, Solved
from visits.models import Appeal
from visits.workflow import Need, Step

Fields = dict[str, forms.Field]
YES_NO = [("yes", "是"), ("no", "否")]


def _yes(value: str) -> bool:
    return value == "yes"


def _choose(label: str, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **more)


class _OneUnit(forms.ModelChoiceField[Organisation]):
    def label_from_instance(self, obj: Organisation) -> str:
        return name_with_place(obj)


class _SomeUnits(forms.ModelMultipleChoiceField[Organisation]):
    def label_from_instance(self, obj: Organisation) -> str:
        return name_with_place(obj)


def name_with_place(unit: Organisation) -> str:
    """Several towns have a 规划建设科; say whose it is."""
    return f"{unit.name}（{unit.parent.name}）" if unit.is_unit and unit.parent else unit.name


def _class_fields(appeal: Appeal) -> Fields:
    return {
        "appeal_class": _choose("时限类别", AppealClass.choices, initial=appeal.appeal_class),
        "category": forms.ChoiceField(label="类别", choices=AppealCategory.choices, initial=appeal.category),
    }


def _unit_fields(appeal: Appeal) -> Fields:
    return {
        "lead_unit": _OneUnit(
            Organisation.objects.select_related("parent"), label="领办单位", empty_label="请选择",
            error_messages={"required": "请选择领办单位。"},
        ),
        "joint_units": _SomeUnits(
            Organisation.objects.select_related("parent"), label="联办单位", required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        "due_at": forms.DateField(label="办理时限", required=False, help_text=_due_help(appeal)),
    }  # fmt: skip


def _due_help(appeal: Appeal) -> str:
    return f"不填则按受理时的时限 {appeal.due_at:%Y-%m-%d}。" if appeal.due_at else ""


def _parent_fields(appeal: Appeal) -> Fields:
    others = Appeal.objects.filter(organisation=appeal.organisation_id).counted().exclude(pk=appeal.pk)
    return {
        "parent": forms.ModelChoiceField(
            others, label="合并到（诉求编号）", to_field_name="number",
            widget=forms.TextInput(attrs={"list": "same-enterprise", "placeholder": "SQ…", "autocomplete": "off"}),
            error_messages={
                "required": "请填写合并到哪一件诉求的编号。",
                "invalid_choice": "没有找到这个编号的诉求，只能合并到本机构的有效诉求。",
            },
        )
    }  # fmt: skip


def _result_fields(appeal: Appeal) -> Fields:
    return {
        "result": _choose("办理结果", Result.choices, error_messages={"required": "请选择办理结果。"}),
        "result_text": forms.CharField(
            label="答复内容", max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}),
            help_text="做了什么、依据什么、有何佐证；回访时会念给企业听。",
            error_messages={"required": "请填写答复内容：做了什么、依据和佐证。"},
        ),
    }  # fmt: skip


def _answer_fields(appeal: Appeal) -> Fields:
    reached = forms.TypedChoiceField(
        label="是否接通", choices=YES_NO, coerce=_yes, widget=forms.RadioSelect,
        error_messages={"required": "请选择是否接通。"},
    )  # fmt: skip
    return {"is_reached": reached, **question_fields(), "respondent": _respondent()}


def _verdict_fields(appeal: Appeal) -> Fields:
    comment = forms.CharField(
        label="企业意见", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    return {**question_fields(is_required=True), "respondent": _respondent(), "comment": comment}


def question_fields(*, is_required: bool = False) -> Fields:
    """The three questions; the enterprise's own page asks the same ones (forms/call_back.py)."""
    return {
        "is_contacted": forms.TypedChoiceField(
            label="承办单位是否联系过企业", choices=YES_NO, coerce=_yes, empty_value=None, required=False,
            widget=forms.RadioSelect,
        ),
        "solved": _choose(
            "是否解决", Solved.choices, required=is_required, error_messages={"required": "请选择是否解决。"}
        ),
        "satisfaction": _choose(
            "是否满意", Satisfaction.choices, required=is_required, error_messages={"required": "请选择是否满意。"}
        ),
    }  # fmt: skip


def _respondent() -> forms.CharField:
    return forms.CharField(label="受访人", max_length=50, required=False)


def _nothing(appeal: Appeal) -> Fields:
    return {}


_FIELDS: dict[Need, Callable[[Appeal], Fields]] = {
    Need.NOTE: _nothing,
    Need.CLASS: _class_fields,
    Need.UNITS: _unit_fields,
    Need.PARENT: _parent_fields,
    Need.RESULT: _result_fields,
    Need.ANSWERS: _answer_fields,
    Need.VERDICT: _verdict_fields,
}


class StepForm(ScopedForm):
    """The fields of one step of one appeal; `facts()` is what advance_appeal takes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, appeal: Appeal, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields.pop("note")
        for need in step.needs:
            self.fields.update(_FIELDS[need](appeal))
        note.label, note.required = step.note_label, step.must_explain
        note.error_messages["required"] = f"请填写{step.note_label}。"
        self.fields["note"] = note
        limit_choices(self, self.user)
        use_native_pickers(self)

    def clean_due_at(self) -> datetime | None:
        day = self.cleaned_data["due_at"]
        return current().end_of_day(day) if day else None

    def facts(self) -> Facts:
        facts: Any = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return facts  # type: ignore[no-any-return]
