"""What a person asks for when making a document: kind, period, format, and what is typed into it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.forms import ScopedForm
from crm.models import Organisation
from parks.models import Park
from reports.documents.cases import case_of, cases_to_pick
from reports.documents.header import LONGEST_ISSUER, BadHeader, document_number
from reports.documents.kinds import KIND_BY_KEY, KINDS, kind_for
from reports.documents.material import Given
from reports.period import BadPeriod, Period
from reports.period.picker import choices as periods
from reports.renderers import RENDERERS
from reports.report import RedHeader
from reports.rows.scope import Scope
from visits.choices import AppealCategory
from visits.models import Appeal, CommonMatter

MOST_CASES, MOST_STEPS = 3, 20
# What a document about one matter is about: one of these at least.
MATTER = ("unit", "category", "matter")


class DocumentForm(ScopedForm):
    """Fills a scope and what is given; a text of several lines gives one next step a line."""

    kind = forms.ChoiceField(label="文种")
    period = forms.CharField(label="统计期间", required=False)
    first = forms.DateField(label="自选开始日期", required=False)
    last = forms.DateField(label="自选结束日期", required=False)
    format = forms.ChoiceField(label="格式", choices=[(key, one.label) for key, one in RENDERERS.items()])
    park = forms.ModelChoiceField(Park.objects.all(), label="园区", required=False, empty_label="全部园区")
    unit = forms.ModelChoiceField(Organisation.objects.all(), label="承办单位", required=False, empty_label="全部单位")
    category = forms.ChoiceField(label="诉求类别", required=False, choices=[("", "全部类别"), *AppealCategory.choices])
    matter = forms.ModelChoiceField(CommonMatter.objects.all(), label="共性问题", required=False, empty_label="不限")
    issuer = forms.CharField(
        label="发文机关",
        required=False,
        max_length=LONGEST_ISSUER,
        help_text="填写后首页印红色版头；一般的情况报告不填。",
    )
    number = forms.CharField(label="发文字号", required=False, max_length=60, help_text="如：西政文〔2026〕12号")
    cases = forms.ModelMultipleChoiceField(
        Appeal.objects.all(),
        label="典型案例",
        required=False,
        help_text=f"期内办结且企业满意的诉求，最多{MOST_CASES}件。",
    )
    next_steps = forms.CharField(
        label="下一步工作",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一条。",
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        """`scope` is what the page is about: its period and park stand in the form at first."""
        kwargs["initial"] = {
            "kind": kind_for(scope.period).key, "period": scope.period.key, "park": scope.park, "format": "pdf",
        } | (kwargs.get("initial") or {})  # fmt: skip
        super().__init__(*args, **kwargs)
        self.scope = scope
        kind, period, unit = (self.fields[name] for name in ("kind", "period", "unit"))
        kind.choices = [(one.key, f"{one.label}（{one.title}）") for one in KINDS]  # type: ignore[attr-defined]
        offered = periods(timezone.localdate(scope.now), scope.period)
        period.widget = forms.Select(choices=[(one.key, one.label) for one in offered])
        unit.queryset = Organisation.objects.visible_to(self.user).units()  # type: ignore[attr-defined]
        cases: Any = self.fields["cases"]
        cases.queryset = cases_to_pick(scope)
        cases.label_from_instance = lambda one: f"{one.number} {one.enterprise.name}：{one.content[:40]}"
        cases.widget.attrs["size"] = 6

    def clean_number(self) -> str:
        text = self.cleaned_data["number"]
        try:
            return document_number(text) if text else ""
        except BadHeader as problem:
            raise ValidationError(str(problem)) from problem

    def clean_cases(self) -> list[Appeal]:
        picked = list(self.cleaned_data["cases"])
        if len(picked) > MOST_CASES:
            raise ValidationError(f"典型案例最多选{MOST_CASES}件。")
        return picked

    def clean_next_steps(self) -> tuple[str, ...]:
        lines = tuple(line.strip() for line in self.cleaned_data["next_steps"].splitlines() if line.strip())
        if len(lines) > MOST_STEPS:
            raise ValidationError(f"下一步工作最多{MOST_STEPS}条。")
        return lines

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("number") and not data.get("issuer"):
            self.add_error("issuer", "填了发文字号，还需要填写发文机关。")
        kind = KIND_BY_KEY.get(data.get("kind", ""))
        if kind and (reason := kind.lacks_matter(*(data.get(name) for name in MATTER))):
            self.add_error("kind", reason)
        try:
            data["period"] = self.chosen_period(data)
            if kind:
                kind.check(data["period"])
        except BadPeriod as problem:
            self.add_error("period", str(problem))
        return data

    def chosen_period(self, data: dict[str, Any]) -> Period:
        first, last = data.get("first"), data.get("last")
        if first and last:
            return Period.parse(f"{first:%Y-%m-%d}..{last:%Y-%m-%d}")
        if first or last:
            raise BadPeriod("自选日期需要同时填写开始日期和结束日期。")
        return Period.parse(data.get("period") or self.scope.period.key)

    @property
    def given(self) -> Given:
        data = self.cleaned_data
        header = RedHeader(" ".join(data["issuer"].split()), data["number"]) if data["issuer"] else None
        return Given(header, tuple(case_of(one, self.user) for one in data["cases"]), data["next_steps"])

    @property
    def asked(self) -> Scope:
        data = self.cleaned_data
        return Scope(
            user=self.user,
            period=data["period"],
            now=self.scope.now,
            park=data["park"],
            unit=data["unit"],
            category=data["category"],
            matter=data["matter"],
        )
