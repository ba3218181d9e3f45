"""The working calendar: a year at a glance, its holidays as lines to edit or paste, the hours of the week."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from crm.calendar import current, published_days, year_to_enter
from crm.calendar_actions import parse_year, save_week, save_year, table_as_text, year_as_text
from crm.http import user_of
from crm.imports.errors import ImportFileError
from crm.imports.reading import read_file
from crm.models import CalendarDay, CalendarEdit, WeekdayHours
from crm.models.calendar import WEEKDAYS, check_hours
from crm.views import GatedView
from crm.worktime import FIRST, LAST

EDITS_SHOWN = 8
MOST_BYTES = 2 * 1024 * 1024


class YearForm(forms.Form):
    lines = forms.CharField(
        label="放假与调休", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 14, "cols": 40})
    )

    table = forms.FileField(
        label="Excel、WPS 表格或 CSV", required=False,
        help_text="一行一天或一段：日期（或起、止两列），“休”或“班”，说明。没有日期的行跳过。",
    )  # fmt: skip

    def __init__(self, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._year = year

    def read_table(self) -> str:
        """The lines that the uploaded table comes to; raises ``ImportFileError``."""
        upload = self.files.get("table")
        if upload is None or (upload.size or 0) > MOST_BYTES:
            raise ImportFileError("请选择一个不超过 2 MB 的表格。")
        return table_as_text(read_file(upload.read(), upload.name or ""))

    def clean_lines(self) -> list[CalendarDay]:
        return parse_year(self._year, self.cleaned_data["lines"])


class WeekForm(forms.Form):
    """A text field a weekday, ``day-0`` to ``day-6``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = dict(WeekdayHours.objects.values_list("weekday", "hours"))
        for number, label in enumerate(WEEKDAYS):
            self.fields[f"day-{number}"] = forms.CharField(
                label=label, required=False, max_length=60, initial=hours.get(number, ""), validators=[check_hours]
            )

    def hours(self) -> dict[int, str]:
        return {number: self.cleaned_data[f"day-{number}"] for number in range(7)}


class WorkingCalendarPage(GatedView):
    """One year; who may change it sees the forms besides."""

    permission_required = "crm.view_calendarday"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self._year())

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("crm.change_calendarday"):
            raise Http404
        year = self._year()
        if "read" in request.POST:
            return self._read_table(year)
        return self._save_week(year) if "day-0" in request.POST else self._save_year(year)

    def _read_table(self, year: int) -> HttpResponse:
        """Into the lines, for a person to look at; what was typed there stays when the table cannot be read."""
        form = YearForm(year, self.request.POST, self.request.FILES)
        try:
            lines = form.read_table()
        except ImportFileError as error:
            form.full_clean()
            form.add_error("table", str(error))
            return self._page(year, year_form=form)
        messages.info(
            self.request, f"已读入 {len(lines.splitlines())} 行，还没有保存：请核对后按“保存 {year} 年安排”。"
        )
        return self._page(year, year_form=YearForm(year, {"lines": lines}))

    def _save_year(self, year: int) -> HttpResponse:
        form = YearForm(year, self.request.POST)
        if not form.is_valid():
            return self._page(year, year_form=form)
        changed = save_year(year, form.cleaned_data["lines"], actor=user_of(self.request))
        return self._done(year, f"{year} 年的放假与调休已保存，{changed} 天有变。" if changed else "没有变化。")

    def _save_week(self, year: int) -> HttpResponse:
        form = WeekForm(self.request.POST)
        try:
            if form.is_valid():
                changed = save_week(form.hours(), actor=user_of(self.request))
                return self._done(year, f"每周工作时间已保存，{changed} 天有变。" if changed else "没有变化。")
        except ValidationError as error:
            form.add_error(None, error)
        return self._page(year, week_form=form)

    def _done(self, year: int, text: str) -> HttpResponse:
        messages.success(self.request, text)
        return redirect(f"{reverse('crm:calendar')}?year={year}")

    def _page(self, year: int, **forms: Any) -> HttpResponse:
        days = list(CalendarDay.objects.filter(date__year=year))
        published = year_as_text(year, published_days([year])) if not days else ""
        context = {
            "year": year,
            "years": [n for n in (year - 1, year + 1) if FIRST.year <= n <= LAST.year],
            "months": _months(year, days),
            "missing": year_to_enter(timezone.localdate()),
            "is_from_package": bool(published),
            "year_form": YearForm(year, initial={"lines": year_as_text(year, days) or published}),
            "week_form": WeekForm(),
            "edits": CalendarEdit.objects.select_related("actor")[:EDITS_SHOWN],
            "may_change": self.request.user.has_perm("crm.change_calendarday"),
        }
        status = 422 if forms else 200
        return render(self.request, "crm/calendar.html", context | forms, status=status)

    def _year(self) -> int:
        text = self.request.GET.get("year") or str(timezone.localdate().year)
        if not text.isascii() or not text.isdigit() or not FIRST.year <= int(text) <= LAST.year:
            raise Http404
        return int(text)


def _months(year: int, days: list[CalendarDay]) -> list[dict[str, Any]]:
    """Twelve months of weeks of cells, Monday first."""
    named, working = {row.date: row for row in days}, current()

    def cell(day: date, month: int) -> dict[str, Any] | None:
        if day.month != month:
            return None
        return {"day": day, "row": named.get(day), "is_worked": working.is_working_day(day)}

    weeks = calendar.Calendar()
    return [
        {
            "number": month,
            "weeks": [[cell(day, month) for day in week] for week in weeks.monthdatescalendar(year, month)],
            "worked": sum(working.is_working_day(d) for d in weeks.itermonthdates(year, month) if d.month == month),
        }
        for month in range(1, 13)
    ]
