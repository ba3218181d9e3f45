"""What lists of indicators need beside their rows: what is asked of the whole file, and the totals on record."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from crm.forms import ScopedForm
from crm.imports.columns import Reading, Values
from crm.models import Organisation
from crm.templatetags.ui import wan
from parks.choices import IndicatorKind, Reach
from parks.models import MonthlyReturn
from parks.models.monthly_return import amount_name
from parks.spans import span_of_cell

MONTHS_OFFERED = 24
# Between two months of one year: 万元 taken for 元 is ten thousand times.
FAR_APART = 1000
# Lists round to 0.01 万元.
ROUNDED = Decimal(300)


class MonthsForm(ScopedForm):
    """What holds for every row that does not say it itself."""

    month = forms.CharField(
        label="所属月份",
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2024-05"}),
        help_text="标题、表头、工作表名、文件名或“月份”一列里写明了的不用选。",
    )
    reach = forms.ChoiceField(
        label="没有写明当月还是累计的列，按",
        required=False,
        choices=[("", "年月判断（1—5 月作累计，5 月作当月）"), *Reach.choices],
    )
    source = forms.CharField(label="来源", required=False, max_length=60, help_text="如 税务月报、统计联网直报。")

    def clean_month(self) -> str:
        text: str = self.cleaned_data["month"]
        if text and not span_of_cell(text).is_whole:
            raise forms.ValidationError("请写成 2024-05 这样的年月。")
        return text

    def options(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("month", "reach", "source")}


def months_back(day: date) -> list[str]:
    """The last months that are over, newest first."""
    last = day.year * 12 + day.month - 2
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(last, last - MONTHS_OFFERED, -1)]


class Totals:
    """Totals of a year so far, as the register has them; a query for each year that a list speaks of."""

    def __init__(self, organisation: Organisation) -> None:
        self._rows = MonthlyReturn.objects.living().filter(enterprise__organisation__path__startswith=organisation.path)
        self._years: dict[int, dict[int, list[MonthlyReturn]]] = {}

    def check(self, values: Values, reading: Reading) -> None:
        """Say what cannot be, or hardly: a unit mistaken, month and total exchanged, a year that shrinks."""
        before = [row for row in self._of(values["year"])[values["enterprise_id"]] if row.month < values["month"]]
        for kind in IndicatorKind:
            total, month = values.get(amount_name(kind, Reach.TOTAL)), values.get(amount_name(kind, Reach.MONTH))
            earlier = next((row for row in before if row.told(kind, Reach.TOTAL)), None)
            if total is not None and month is not None and month > total >= 0:
                reading.doubt(f"{kind.label}当月大于累计，两列可能写反了，请核对")
            if total is not None and earlier is not None:
                _compare(kind, total, month, earlier, values["month"], reading)

    def _of(self, year: int) -> dict[int, list[MonthlyReturn]]:
        if year not in self._years:
            found: dict[int, list[MonthlyReturn]] = defaultdict(list)
            for row in self._rows.filter(year=year).order_by("-month"):
                found[row.enterprise_id].append(row)
            self._years[year] = found
        return self._years[year]


def _compare(
    kind: IndicatorKind, total: Decimal, month: Decimal | None, earlier: MonthlyReturn, number: int, reading: Reading
) -> None:
    known = earlier.told(kind, Reach.TOTAL)
    assert known is not None
    if is_far_from(total, known):
        reading.doubt(f"{kind.label}累计与 {earlier.month} 月的累计相差千倍以上，请核对单位")
    elif month is None and total < known:
        reading.warn(f"{kind.label}累计少于 {earlier.month} 月的累计，推算出的当月为负数")
    elif month is not None and earlier.month == number - 1 and abs(known + month - total) > ROUNDED:
        reading.warn(f"{kind.label}累计不等于 {earlier.month} 月累计加当月，相差 {wan(total - known - month)} 万元")


def is_far_from(one: Decimal, other: Decimal) -> bool:
    return bool(one and other) and not 1 / Decimal(FAR_APART) < abs(one / other) < FAR_APART
