"""What a step asks for: one form, built from the step's needs in the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from crm.calendar import current
from crm.forms import ScopedForm, limit_choices, use_native_pickers
from crm.models import Organisation
from crm.worktime import Unit
from visits.actions import Facts
from visits.actions.due import limit_of_round
from visits.actions.needs import NO_EVIDENCE, lacks_evidence
from visits.choices import AppealCategory, AppealClass, Result, Satisfaction, Solved
from visits.evidence import MAX_BYTES
from visits.forms.fields import EvidenceField
from visits.limits import LimitTable
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


def _classes_with_limits(appeal: Appeal) -> list[tuple[str, str]]:
    """Each class with the limit that it would have today; another category, chosen here too, may have its own."""
    limits, today = LimitTable(), timezone.localdate()
    return [
        (key, f"{label}（{limits.of_kind(appeal.category, appeal.source, key, today).close}）")
        for key, label in AppealClass.choices
    ]


def _class_fields(appeal: Appeal, step: Step) -> Fields:
    return {
        "appeal_class": _choose("时限类别", _classes_with_limits(appeal), initial=appeal.appeal_class),
        "category": forms.ChoiceField(label="类别", choices=AppealCategory.choices, initial=appeal.category),
    }


def _unit_fields(appeal: Appeal, step: Step) -> Fields:
    return {
        "lead_unit": _OneUnit(
            Organisation.objects.select_related("parent"), label="领办单位", empty_label="请选择",
            error_messages={"required": "请选择领办单位。"},
        ),
        "joint_units": _SomeUnits(
            Organisation.objects.select_related("parent"), label="联办单位", required=False,
            widget=forms.CheckboxSelectMultiple, initial=[row.unit_id for row in appeal.joint_rows.all()],
        ),
        "joint_due_at": forms.DateField(
            label="联办反馈时限", required=False, help_text="不填则与办理时限相同；不能晚于办理时限。"
        ),
        "due_at": forms.DateField(label="办理时限", required=False, help_text=_due_help(appeal)),
    }  # fmt: skip


def _due_help(appeal: Appeal) -> str:
    return f"不填则按受理时的时限 {appeal.due_at:%Y-%m-%d}。" if appeal.due_at else ""


def _parent_fields(appeal: Appeal, step: Step) -> Fields:
    others = Appeal.objects.living().counted().filter(organisation=appeal.organisation_id).exclude(pk=appeal.pk)
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


def _result_fields(appeal: Appeal, step: Step) -> Fields:
    return {
        "result": _choose("办理结果", Result.choices, error_messages={"required": "请选择办理结果。"}),
        "result_text": forms.CharField(
            label="答复内容", max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}),
            help_text="做了什么、依据什么、有何佐证；回访时会念给企业听。",
            error_messages={"required": "请填写答复内容：做了什么、依据和佐证。"},
        ),
    }  # fmt: skip


def _answer_fields(appeal: Appeal, step: Step) -> Fields:
    reached = forms.TypedChoiceField(
        label="是否接通", choices=YES_NO, coerce=_yes, widget=forms.RadioSelect,
        error_messages={"required": "请选择是否接通。"},
    )  # fmt: skip
    return {"is_reached": reached, **question_fields(), "respondent": _respondent()}


def _verdict_fields(appeal: Appeal, step: Step) -> Fields:
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


def _helper_fields(appeal: Appeal, step: Step) -> Fields:
    return {
        "helpers": _SomeUnits(
            Organisation.objects.select_related("parent").exclude(pk=appeal.lead_unit_id or 0), label="请哪些单位到场",
            widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选要请到场的单位。"},
        )
    }  # fmt: skip


def _until_fields(appeal: Appeal, step: Step) -> Fields:
    return {
        "until": forms.DateField(
            label=step.until_label, help_text=_UNTIL_HELP.get(step.key, ""),
            error_messages={"required": f"请选择{step.until_label}。"},
        )
    }  # fmt: skip


_UNTIL_HELP = {
    "pause": "到这一天为止停止计时；过后没有恢复办理的，自动继续计时。",
    "ask_shelving": "挂账期间停止计时；到复核日期再定续挂还是恢复办理。",
}


def _amount_fields(appeal: Appeal, step: Step) -> Fields:
    limit = limit_of_round(appeal)
    label = f"延长多少{Unit(limit.unit).label}"
    return {
        "amount": forms.IntegerField(
            label=label, min_value=1, max_value=limit.amount, error_messages={"required": f"请填写{label}。"},
            help_text=f"不能超过原定时限（{limit}），每轮办理只能延期一次；批准后才生效。",
        )
    }  # fmt: skip


def _file_fields(appeal: Appeal, step: Step, *, is_required: bool = False) -> Fields:
    return {
        "files": EvidenceField(
            label="佐证材料", required=is_required, error_messages={"required": NO_EVIDENCE},
            help_text=f"PDF、JPG、PNG、Word（docx）、Excel（xlsx），每个不超过 {MAX_BYTES // 1024 // 1024} MB。",
        )
    }  # fmt: skip


def _evidence_fields(appeal: Appeal, step: Step) -> Fields:
    return _file_fields(appeal, step, is_required=lacks_evidence(appeal))


def _caller_fields(appeal: Appeal, step: Step) -> Fields:
    return {
        "caller": forms.CharField(label="谁来催的", max_length=50, required=False),
        "called_at": forms.DateTimeField(label="什么时候来催的", required=False, help_text="不填则为现在。"),
    }


def _nothing(appeal: Appeal, step: Step) -> Fields:
    return {}


_FIELDS: dict[Need, Callable[[Appeal, Step], Fields]] = {
    Need.NOTE: _nothing,
    Need.CLASS: _class_fields,
    Need.UNITS: _unit_fields,
    Need.PARENT: _parent_fields,
    Need.RESULT: _result_fields,
    Need.ANSWERS: _answer_fields,
    Need.VERDICT: _verdict_fields,
    Need.HELPERS: _helper_fields,
    Need.UNTIL: _until_fields,
    Need.AMOUNT: _amount_fields,
    Need.FILES: _file_fields,
    Need.EVIDENCE: _evidence_fields,
    Need.CALLER: _caller_fields,
}


def _end_of(day: date | None) -> datetime | None:
    return current().end_of_day(day) if day else None


class StepForm(ScopedForm):
    """The fields of one step of one appeal; `facts()` is what advance_appeal takes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, appeal: Appeal, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields.pop("note")
        for need in step.needs:
            self.fields.update(_FIELDS[need](appeal, step))
        note.label, note.required = step.note_label, step.must_explain
        note.error_messages["required"] = f"请填写{step.note_label}。"
        self.fields["note"] = note
        for need in step.takes:
            self.fields.update(_FIELDS[need](appeal, step))
        limit_choices(self, self.user)
        use_native_pickers(self)

    def clean_due_at(self) -> datetime | None:
        return _end_of(self.cleaned_data["due_at"])

    def clean_joint_due_at(self) -> datetime | None:
        return _end_of(self.cleaned_data["joint_due_at"])

    def clean_called_at(self) -> datetime | None:
        called_at: datetime | None = self.cleaned_data["called_at"]
        if called_at and called_at > timezone.now():
            raise forms.ValidationError("来催的时间不能晚于现在。")
        return called_at

    def facts(self) -> Facts:
        facts: Any = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return facts  # type: ignore[no-any-return]
