"""Bulletins of official results: our own lines of them, one result for each area that a line tells of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils import timezone

from crm.bulk import create_with_history, update_with_history
from crm.imports.cells import CellError
from crm.imports.columns import Reading, Values
from crm.imports.journal import snapshot
from crm.imports.resource import About, Change, ImportResource, Keys, plain_fields
from crm.models import Organisation, User
from parks.spans import Span, find_span, joined
from reports.evaluation.choices import Area
from reports.evaluation.forms import BulletinForm, institutions_of
from reports.evaluation.import_columns import COLUMNS
from reports.models import OfficialResult

ENTERED = ("created_by", "created_at")
FIGURES = ("rank", "out_of", "score")
_BULLETIN = re.compile(r"通报|考评|考核|排名|结果")
_AREA_IN_TITLE = re.compile("全市|全区")


class ResultResource(ImportResource):
    key = "results"
    label = "官方考评结果"
    noun = "结果"
    measure = "条"
    identity = "单位、月份和范围"
    permission = "reports.change_officialresult"
    undo_permission = undo_any_permission = "reports.change_officialresult"
    model = OfficialResult
    columns = COLUMNS
    required = "month"
    stand_ins = ("unit", "rank", "city_rank", "district_rank")
    options_form: ClassVar[type[forms.Form]] = BulletinForm

    def __init__(self) -> None:
        self._user: User | None = None
        self._units: dict[str, Organisation] = {}
        self._known: dict[tuple[int, date, str], OfficialResult] = {}
        self._around, self._unit, self._source, self._areas = Span(), 0, "", set[str]()

    def prepare(self, organisation: Organisation, user: User) -> None:
        self._user = user
        units = list(institutions_of(user).order_by("path"))
        self._units = {_bare(one.name): one for one in units}
        self._unit = units[0].pk if units else 0
        rows = OfficialResult.objects.visible_to(user).filter(organisation__in=units)
        self._known = {(row.organisation_id, row.month, row.area): row for row in rows}

    def told(self, about: About) -> None:
        options = about.options
        self._unit = options.get("unit") or self._unit
        asked = find_span(str(options.get("month") or ""))
        self._around = joined([asked, *map(find_span, about.headings), *map(find_span, about.around)])
        title = next((text for text in about.around if _BULLETIN.search(text)), about.around[-1])
        self._source = str(options.get("source") or title)[:200]
        named = {found for text in (*about.headings, *about.around) for found in _AREA_IN_TITLE.findall(text)}
        self._areas = {area.value for area in Area if area.label in named}

    def said_around(self) -> str:
        return self._around.text if self._around.is_whole else ""

    def passes_over(self, values: Values) -> str:
        name = values.get("_unit", "")
        return f"{name}（别的单位）" if name and self._own(name) is None else ""

    def _own(self, name: str) -> Organisation | None:
        """One of our line, by its name with or without what kind of place it is."""
        wanted = _bare(name)
        return self._units.get(wanted) or next(
            (one for known, one in self._units.items() if min(len(wanted), len(known)) > 1 and wanted in known), None
        )

    def subject_of(self, values: Values) -> str:
        return str(values.get("_label") or values.get("_unit") or "本单位")

    def finish(self, values: Values, reading: Reading) -> None:
        unit = self._own(values["_unit"]) if values.get("_unit") else self._named(self._unit)
        if unit is None:
            raise CellError("看不出是哪个单位的结果，请加一列“被考评单位”", column="unit")
        span = (Span(*values["_month"]) if "_month" in values else Span()).filled_from(self._around)
        if not span.is_whole:
            raise CellError("看不出是哪个月的结果：请加一列“月份”，或重新上传并在上传时选月份", column="month")
        month = date(span.year, span.month, 1)
        if month > timezone.localdate():
            raise CellError(f"{span.year}年{span.month}月还没有到，请核对", column="month")
        if span.is_total:
            reading.doubt(f"写的是 1—{span.month} 月，按 {span.month} 月的结果登记，请核对")
        found = self._places(values, reading)
        for place in found:
            if place.get("out_of") and place["rank"] > place["out_of"]:
                raise CellError("名次不能大于参评单位数", column="rank")
        values |= {"organisation_id": unit.pk, "month": month, **found[0], "_source": self._source}
        values["_label"] = f"{unit.name} {span.year}年{span.month}月 {Area(values['area']).label}"
        if len(found) > 1:
            # A list of plain values: that is how rows of one file are compared with each other.
            values["_other"] = [found[1].get(name) for name in ("area", *FIGURES)]
            values["_label"] += f"、{Area(found[1]['area']).label}"

    def _named(self, pk: int) -> Organisation | None:
        return next((one for one in self._units.values() if one.pk == pk), None)

    def _places(self, values: Values, reading: Reading) -> list[dict[str, Any]]:
        """A result for each area with a rank; what names no area is of the one that the list names."""
        common = _taken(values, {"out_of": "out_of", "score": "score"})
        bare, area = _taken(values, {"rank": "rank", "rank_of": "out_of"}), values.pop("area", "")
        found = []
        for one in Area:
            names = {f"_{one.value}_rank": "rank", f"_{one.value}_rank_of": "out_of", f"_{one.value}_score": "score"}
            told = _taken(values, names)
            if "rank" in told:
                found.append({"area": one.value, **common, **told})
        if not found and not bare:
            raise CellError("没有写名次", column="rank")
        if found:
            if bare:
                reading.warn("“名次”一列没有写明全市还是全区，未导入")
            return found
        area = area or (next(iter(self._areas)) if len(self._areas) == 1 else "")
        if not area:
            raise CellError(
                "看不出是全市还是全区的名次：请加一列“范围”，或把表头写成“全市排名”“全区排名”", column="rank"
            )
        return [{"area": area, **common, **bare}]

    def keys_of(self, values: Values) -> Keys:
        return _keys(values["organisation_id"], values["month"], values["area"])

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        return ((row.pk, _keys(*key)) for key, row in self._known.items())

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        return set(OfficialResult.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))

    def reconcile(self, values: Values, target: OfficialResult, changes: list[Change], reading: Reading) -> None:
        if "_other" in values:
            told = _second(values)
            known = self._other(target, told)
            if known is None or _differs(known, told):
                before = known.rank_text if known else ""
                changes.append(Change("_other", f"{Area(told['area']).label}名次", before, _place(told)))

    def _other(self, row: OfficialResult, told: dict[str, Any]) -> OfficialResult | None:
        return self._known.get((row.organisation_id, row.month, told["area"]))

    def new_instance(
        self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]
    ) -> OfficialResult:
        row = OfficialResult(created_by=user, source=values["_source"])
        self.apply(row, values, values)
        return row

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        names = {name.removesuffix("_id") for name in plain_fields(fields)}
        return sorted({*names, *ENTERED})

    def apply(self, target: OfficialResult, values: Values, fields: Iterable[str]) -> None:
        for name in plain_fields(fields):
            setattr(target, name, values[name])
        assert self._user is not None
        target.created_by, target.created_at = self._user, timezone.now()

    def after_write(self, written: Sequence[tuple[OfficialResult, Values, Sequence[str]]]) -> None:
        """The second area of a line, as a result of its own that goes and comes with the first."""
        new, changed = [], []
        for first, values, fields in written:
            if "_other" not in fields:
                continue
            told = _second(values)
            row = self._other(first, told)
            if row is not None and not _differs(row, told):
                continue
            if row is None:
                row = OfficialResult(organisation_id=first.organisation_id, month=first.month, area=told["area"])
                row.source = first.source
                new.append((first, row))
            else:
                self.journal.changed(first.pk, row, snapshot(row, [*FIGURES, *ENTERED]))
                changed.append(row)
            self._set(row, told)
        assert self._user is not None
        create_with_history([row for _, row in new], actor=self._user, reason=self.journal.reason)
        update_with_history(changed, [*FIGURES, *ENTERED], actor=self._user, reason=self.journal.reason)
        for first, row in new:
            self.journal.made(first.pk, row)

    def _set(self, row: OfficialResult, told: dict[str, Any]) -> None:
        for name in FIGURES:
            if name in told:
                setattr(row, name, _value(name, told[name]))
        assert self._user is not None
        row.created_by, row.created_at = self._user, timezone.now()

    def export_rows(self, rows: Any) -> Iterator[OfficialResult]:
        found: Iterator[OfficialResult] = rows.select_related("organisation").iterator(chunk_size=2000)
        return found

    def url_of(self, pk: int) -> str:
        return reverse("reports:result_list")


def _taken(values: Values, names: dict[str, str]) -> dict[str, Any]:
    """Out of the values, under other names."""
    return {new: values.pop(old) for old, new in names.items() if old in values}


def _bare(name: str) -> str:
    return re.sub(r"人民政府|街道办事处|\s", "", name)


def _keys(organisation: int, month: date | str, area: str) -> Keys:
    key = f"{organisation}|{month}|{area}"
    return Keys(key, key)


def _value(name: str, value: Any) -> Any:
    return Decimal(value) if name == "score" and value is not None else value


def _differs(row: OfficialResult, told: dict[str, Any]) -> bool:
    return any(name in told and getattr(row, name) != _value(name, told[name]) for name in FIGURES)


def _second(values: Values) -> dict[str, Any]:
    told = dict(zip(("area", *FIGURES), values["_other"], strict=True))
    return {name: value for name, value in told.items() if value is not None}


def _place(told: dict[str, Any]) -> str:
    return f"第 {told['rank']}" + (f" / {told['out_of']}" if told.get("out_of") else "")
