"""What a person types into a report: which to draft, and the words of a draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.forms import ScopedForm
from crm.models import Organisation
from parks.models import Park
from reports.documents.header import LONGEST_ISSUER, BadHeader, red_header
from reports.documents.kinds import KIND_BY_KEY, KINDS
from reports.forms.documents import MATTER
from reports.issuing.wording import Words
from reports.period import BadPeriod, Period, current_month
from reports.period.picker import choices
from reports.report import Definition
from reports.rows.scope import Scope
from visits.choices import AppealCategory
from visits.models import CommonMatter

CASES = 3
LONGEST = 5_000


def offered_periods() -> list[tuple[str, str]]:
    today = timezone.localdate()
    return [(one.key, one.label) for one in choices(today, current_month(today).previous())]


class DraftForm(ScopedForm):
    kind = forms.ChoiceField(label="种类")
    period = forms.ChoiceField(label="统计期间")
    park = forms.ModelChoiceField(
        Park.objects.all(), label="园区", required=False, empty_label="全部园区", help_text="只统计一个园区时选择"
    )
    category = forms.ChoiceField(label="诉求类别", required=False, choices=[("", "不限"), *AppealCategory.choices])
    matter = forms.ModelChoiceField(CommonMatter.objects.all(), label="共性问题", required=False, empty_label="不限")
    unit = forms.ModelChoiceField(Organisation.objects.all(), label="承办单位", required=False, empty_label="不限")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        periods: Any = self.fields["period"]
        units: Any = self.fields["unit"]
        units.queryset = Organisation.objects.visible_to(self.user).units()
        kinds.choices = [(kind.key, kind.label) for kind in KINDS]
        periods.choices = offered_periods()
        kinds.initial = "monthly"
        periods.initial = current_month(timezone.localdate()).previous().key

    def clean_period(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["period"])
        except BadPeriod as problem:
            raise ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = KIND_BY_KEY.get(data.get("kind", ""))
        chosen = [data[name] for name in MATTER if data.get(name)]
        if kind and (reason := kind.lacks_matter(*chosen)):
            self.add_error("kind", reason)
        elif kind and chosen and not kind.is_about_one:
            self.add_error("kind", f"{kind.label}不针对一个事项：请改选专报，或不选下面的事项。")
        try:
            if kind and "period" in data:
                kind.check(data["period"])
        except BadPeriod as problem:
            self.add_error("period", str(problem))
        return data

    def scope(self, now: datetime) -> Scope:
        """What the draft is about."""
        names = ("period", "park", *MATTER)
        return Scope(self.user, now=now, **{name: self.cleaned_data[name] for name in names})


def text_field(label: str, rows: int, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget, help_text=hint)


class WordsForm(forms.Form):
    """One paragraph a line. A summary that says what the system says is no edit."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    summary = text_field("总体情况", 10, "一行一段。清空后保存即恢复系统文字。")
    next_steps = text_field("下一步工作", 5, "一行一条；不填则报告中没有这一部分。")
    issuer = forms.CharField(
        label="版头发文机关", required=False, max_length=LONGEST_ISSUER, help_text="不填则不印红色版头"
    )
    number = forms.CharField(label="文号", required=False, max_length=40, help_text="如 西政文〔2026〕12号")

    def __init__(self, data: Any, *, computed: tuple[str, ...], words: Words) -> None:
        self.computed = computed
        super().__init__(data, initial=initial_of(words, computed))
        for place in range(CASES):
            self.fields[f"case_title_{place}"] = forms.CharField(
                label=f"案例 {place + 1} 标题", required=False, max_length=100
            )
            self.fields[f"case_text_{place}"] = text_field("需求、做法、成效", 4)

    @property
    def cases(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"case_title_{place}"], self[f"case_text_{place}"]) for place in range(CASES)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for place in range(CASES):
            if bool(data.get(f"case_title_{place}")) != bool(data.get(f"case_text_{place}")):
                self.add_error(f"case_text_{place}", "案例的标题和内容要一起填写，或都不填。")
        try:
            data["header"] = red_header(data.get("issuer", ""), data.get("number", ""))
        except BadHeader as problem:
            self.add_error("number", str(problem))
        return data

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        summary = paragraphs(data["summary"])
        cases = ((data[f"case_title_{place}"], data[f"case_text_{place}"]) for place in range(CASES))
        return Words(
            summary=() if summary == self.computed else summary,
            cases=tuple(Definition(title, " ".join(paragraphs(text))) for title, text in cases if title),
            next_steps=paragraphs(data["next_steps"]),
            header=data["header"],
        )


def put_in(data: Any, case: Definition) -> None:
    """Fill the first empty case of what was typed; nothing happens when all are full."""
    for place in range(CASES):
        if not data.get(f"case_title_{place}") and not data.get(f"case_text_{place}"):
            data[f"case_title_{place}"], data[f"case_text_{place}"] = case.label, case.text
            return


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for line in (one.strip() for one in text.splitlines()) if line)


def initial_of(words: Words, computed: tuple[str, ...]) -> dict[str, str]:
    found = {
        "summary": "\n".join(words.summary or computed),
        "next_steps": "\n".join(words.next_steps),
        "issuer": words.header.issuer if words.header else "",
        "number": words.header.number if words.header else "",
    }
    for place, case in enumerate(words.cases[:CASES]):
        found |= {f"case_title_{place}": case.label, f"case_text_{place}": case.text}
    return found
