"""The forms of 考评: a scheme with its items, and an official result."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from crm.forms import ScopedForm, use_native_pickers
from crm.models import Organisation, User
from crm.models.organisation import OrganisationKind
from reports.evaluation.actions import NewItem
from reports.evaluation.choices import Area, ItemKind
from reports.evaluation.querysets import steps_of
from reports.evaluation.schemes import CHOICES
from visits.months import month_of

SPARE_ROWS = 3
MOST_ROWS = 20
NUMBER = {"max_digits": 6, "decimal_places": 2, "min_value": 0}


class SchemeForm(forms.Form):
    name = forms.CharField(label="方案名称", max_length=60, error_messages={"required": "请给方案起个名称。"})
    valid_from = forms.DateField(label="自何日起", error_messages={"required": "请选择从哪一天起用。"})
    note = forms.CharField(label="依据或说明", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = month_of(timezone.localdate()).start
        self.fields["valid_from"].help_text = "期末用哪个方案，整期就按哪个方案计分；已过月份不追溯。"
        use_native_pickers(self)


class ItemForm(forms.Form):
    """One line; left out when no metric is chosen."""

    kind = forms.ChoiceField(label="怎么计", choices=ItemKind.choices)
    metric = forms.ChoiceField(label="指标", choices=[("", "不计"), *CHOICES], required=False)
    points = forms.DecimalField(label="分值", required=False, **NUMBER)  # type: ignore[arg-type]
    target = forms.DecimalField(label="目标值", required=False, max_digits=12, decimal_places=2, min_value=0)
    most = forms.DecimalField(label="最多", required=False, **NUMBER)  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("metric") and not data.get("points") and "points" not in self.errors:
            self.add_error("points", "请写分值。")
        is_weighted = data.get("kind") == ItemKind.WEIGHT
        if data.get("metric") and is_weighted and not data.get("target") and "target" not in self.errors:
            self.add_error("target", "计分项要写目标值。")
        return data

    @property
    def item(self) -> NewItem | None:
        data = self.cleaned_data
        if not data.get("metric"):
            return None
        return NewItem(data["kind"], data["metric"], data["points"], data["target"] or None, data["most"] or None)


ItemForms = forms.formset_factory(ItemForm, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class MonthField(forms.CharField):
    """`2023-11` of `<input type=month>`, as the first of that month."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2023-11"})

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            raise forms.ValidationError("请写成 2023-11 这样的年月。") from None


def institutions_of(user: User) -> QuerySet[Organisation]:
    """Those that may be evaluated: the user's own institution and those above it up to the town."""
    own = user.organisation
    return Organisation.objects.filter(pk__in=steps_of(own.institution_path) if own else ()).exclude(
        kind__in=[OrganisationKind.UNIT, OrganisationKind.DISTRICT]
    )


class BulletinForm(ScopedForm):
    """What holds for every line of a bulletin that does not say it itself."""

    month = MonthField(
        label="月份", max_length=7, required=False, help_text="标题、文件名或“月份”一列里写明了的不用选。"
    )
    unit = forms.ModelChoiceField(
        Organisation.objects.all(), label="没有写单位的行，是", required=False, help_text="通报里别的单位的行会跳过。"
    )
    source = forms.CharField(label="出处", required=False, max_length=200, help_text="不写时用文件里的标题。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = institutions_of(self.user)
        field.initial = field.queryset.order_by("path").first()
        field.empty_label = None

    def options(self) -> dict[str, Any]:
        month, unit = self.cleaned_data["month"], self.cleaned_data["unit"]
        return {
            "month": f"{month:%Y-%m}" if month else "",
            "unit": unit.pk if unit else 0,
            "source": self.cleaned_data["source"],
        }


class ResultForm(ScopedForm):
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label="被考评单位")
    month = MonthField(label="月份", max_length=7, error_messages={"required": "请选择月份。"})
    area = forms.ChoiceField(label="范围", choices=Area.choices)
    rank = forms.IntegerField(label="名次", min_value=1, max_value=9999, error_messages={"required": "请写名次。"})
    out_of = forms.IntegerField(label="参评单位数", required=False, min_value=1, max_value=9999)
    score = forms.DecimalField(label="得分", required=False, **NUMBER)  # type: ignore[arg-type]
    source = forms.CharField(
        label="出处", max_length=200, error_messages={"required": "请写出处，例如通报的名称和文号。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = institutions_of(self.user)
        field.initial = field.queryset.order_by("path").first()
        field.empty_label = None

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        if month > timezone.localdate():
            raise forms.ValidationError("这个月还没有到。")
        return month

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("out_of") and data.get("rank") and data["rank"] > data["out_of"]:
            self.add_error("out_of", "参评单位数不能小于名次。")
        return data
