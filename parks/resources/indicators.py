"""Monthly lists of economic indicators: whose, of which month, and what each amount is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils import timezone

from crm.imports.cells import CellError
from crm.imports.columns import Reading, Values
from crm.imports.resource import About, ImportResource, Keys, plain_fields
from crm.models import Organisation, User
from crm.templatetags.ui import wan
from parks.actions.indicators import count_anew, last_day_of
from parks.choices import IndicatorKind, Reach
from parks.import_columns.indicators import OWN_COLUMNS, heading, of_other_months
from parks.models import MonthlyReturn
from parks.models.monthly_return import AMOUNT_NAMES, amount_name
from parks.resources.firms import Firms, firm_columns, labelled, resolve, subject
from parks.resources.months import MonthsForm, Totals, months_back
from parks.spans import Span, find_span, joined

FIRST_YEAR = 2000


class IndicatorResource(ImportResource):
    key = "indicators"
    label = "经济指标月报"
    noun = "指标"
    measure = "家次"
    identity = "企业和月份"
    permission = "parks.import_monthlyreturn"
    undo_permission = "parks.undo_import"
    undo_any_permission = "parks.undo_any_import"
    model = MonthlyReturn
    columns = (*firm_columns(several=False), *OWN_COLUMNS)
    required = "firm"
    stand_ins = ("uscc",)
    options_form: ClassVar[type[forms.Form]] = MonthsForm

    def __init__(self) -> None:
        self._firms: Firms | None = None
        self._totals: Totals | None = None
        self._around, self._reach, self._source = Span(), "", ""

    def prepare(self, organisation: Organisation, user: User) -> None:
        self._firms, self._totals = Firms(organisation, user), Totals(organisation)

    def told(self, about: About) -> None:
        options = about.options
        asked = find_span(str(options.get("month") or ""))
        self._reach, self._source = str(options.get("reach") or ""), str(options.get("source") or "")
        self._around = joined([asked, *map(find_span, about.headings), *map(find_span, about.around)])

    def said_around(self) -> str:
        return self._around.text if self._around.is_whole else ""

    def heading(self, text: str) -> str:
        return heading(text)

    def left_aside(self, headings: Sequence[str]) -> set[int]:
        return of_other_months(headings)

    def subject_of(self, values: Values) -> str:
        named = subject(values)
        return f"{named} {values['year']}年{values['month']}月" if named and "month" in values else named

    def finish(self, values: Values, reading: Reading) -> None:
        assert self._firms is not None
        found = resolve(values, self._firms)
        if len(found) > 1:
            raise CellError("一行只能写一家企业的指标", column="firm")
        span = self._span(values, reading)
        values |= {"enterprise_id": found[0].pk, "year": span.year, "month": span.month, **labelled(found)}
        self._sort_out(values, span, reading)
        if not any(name in values for name in AMOUNT_NAMES):
            raise CellError("这一行没有写任何指标")
        if self._source:
            values.setdefault("source", self._source)
        assert self._totals is not None
        self._totals.check(values, reading)

    def _span(self, values: Values, reading: Reading) -> Span:
        own = Span(*values["_month"]) if "_month" in values else Span()
        span = Span(own.year or values.get("_year", 0), own.month, own.is_total).filled_from(self._around)
        today = timezone.localdate()
        if span.year and not span.month and span.year < today.year:
            reading.doubt(f"没有写月份，按 {span.year} 年全年累计，请核对")
            span = Span(span.year, 12, is_total=True)
        if not span.is_whole:
            lacking = "哪一年" if span.month else "哪一个月"
            raise CellError(f"看不出是{lacking}的数：请加一列“所属月份”，或重新上传并在上传时选月份", column="month")
        if span.year < FIRST_YEAR or (span.year, span.month) > (today.year, today.month):
            raise CellError(f"{span.year}年{span.month}月还没有到或太早，请核对", column="month")
        return span

    def _sort_out(self, values: Values, span: Span, reading: Reading) -> None:
        """What says neither month nor total is what its neighbours are not; else as asked, else by the months named."""
        usual, is_guess = self._reach or (Reach.TOTAL if span.is_total else Reach.MONTH), False
        for kind in IndicatorKind:
            bare = values.pop(f"_{kind}", None)
            if bare is None:
                continue
            free = [reach for reach in Reach if amount_name(kind, reach) not in values]
            if not free:
                reading.warn(f"{kind.label}已有当月和累计两列，没有写明是哪一个的那一列未导入")
                continue
            reach = free[0] if len(free) == 1 else usual
            is_guess = is_guess or (len(free) > 1 and not self._reach and not span.is_total)
            values[amount_name(kind, reach)] = bare
        if is_guess:
            reading.doubt("没有写明是当月还是累计，按当月计，请核对")

    def keys_of(self, values: Values) -> Keys:
        return _keys(values["enterprise_id"], values["year"], values["month"])

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        rows = MonthlyReturn.objects.living().filter(enterprise__organisation__path__startswith=organisation.path)
        found = rows.order_by().values_list("pk", "enterprise_id", "year", "month")
        return ((pk, _keys(firm, year, month)) for pk, firm, year, month in found)

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        return set(MonthlyReturn.objects.visible_to(user).filter(pk__among=pks).values_list("pk", flat=True))

    def new_instance(
        self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]
    ) -> MonthlyReturn:
        row = MonthlyReturn(as_of=last_day_of(values["year"], values["month"]))
        self.apply(row, values, [name for name in values if not name.startswith("_")])
        return row

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        return sorted({name.removesuffix("_id") for name in plain_fields(fields)})

    def apply(self, target: MonthlyReturn, values: Values, fields: Iterable[str]) -> None:
        for name in plain_fields(fields):
            setattr(target, name, values[name])

    def after_write(self, written: Sequence[tuple[MonthlyReturn, Values, Sequence[str]]]) -> None:
        count_anew({(row.enterprise_id, row.year) for row, _, _ in written})

    def after_undo(self, restored: Sequence[MonthlyReturn]) -> None:
        count_anew({(row.enterprise_id, row.year) for row in restored})

    def after_removal(self, removed: Sequence[MonthlyReturn]) -> None:
        count_anew({(row.enterprise_id, row.year) for row in removed})

    def export_rows(self, rows: Any) -> Iterator[MonthlyReturn]:
        found: Iterator[MonthlyReturn] = rows.select_related("enterprise").iterator(chunk_size=2000)
        return found

    def offers(self) -> dict[str, list[str]]:
        return {"month": months_back(timezone.localdate())}

    def url_of(self, pk: int) -> str:
        return reverse("parks:return_update", args=[pk])

    def describe(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        return f"{wan(value)} 万元" if isinstance(value, Decimal) else str(value)


def _keys(enterprise: int, year: int, month: int) -> Keys:
    key = f"{enterprise}|{year}|{month}"
    return Keys(key, key)
