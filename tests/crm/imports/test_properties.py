"""What holds for any list: what was written is read back, and an undo leaves every field as it was."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from crm.imports.cells import parse_date, parse_date_range, plain
from crm.imports.commit import commit
from crm.imports.export import Export, csv_text, write_xlsx
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models.imports import ImportMode
from parks import uscc
from parks.capital import CURRENCIES, HeaderUnit, chinese_number, parse_capital
from parks.models import Enterprise
from parks.names import normalise_name
from parks.resources import EnterpriseResource
from parks.shared import catch_up
from tests.parks.test_export import _make, firms, odd_text

days = st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31))
amounts = st.decimals(0, Decimal("9999999999999.99"), places=2)
SPELLINGS = [
    "{0:%Y}-{0.month:02}-{0.day:02}", "{0:%Y}/{0.month}/{0.day}", "{0:%Y}.{0.month}.{0.day}",
    "{0:%Y}年{0.month}月{0.day}日", "{0:%Y}{0.month:02}{0.day:02}", "{0:%Y}-{0.month}-{0.day} 08:30:00",
    '="{0:%Y}-{0.month:02}-{0.day:02}"', " {0:%Y} 年 {0.month} 月 {0.day} 日　",
]  # fmt: skip
# What every write moves forward, an undo too.
BOOKKEEPING = {"version", "updated_at"}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(day=days)
def test_a_day_in_any_spelling_is_that_day(spelling, day):
    assert parse_date(spelling.format(day)) == (day, "")


@given(day=st.dates(dt.date(1954, 10, 4), dt.date(2064, 4, 8)), time=st.sampled_from([0, 0.25, 0.999]))
def test_a_day_as_a_number_of_excel_is_that_day(day, time):
    assert parse_date(float((day - dt.date(1899, 12, 30)).days) + time) == (day, "")


@given(start=days, end=st.one_of(st.none(), days), between=st.sampled_from(["至", " 至 ", "—", "~", " - "]))
def test_a_term_is_its_two_days(start, end, between):
    assert parse_date_range(f"{start}{between}{end or '无固定期限'}") == (start, end)


@pytest.mark.parametrize("currency", CURRENCIES)
@given(amount=amounts)
def test_an_amount_in_yuan_or_in_ten_thousands_is_that_amount(currency, amount):
    wan = f"{amount / 10_000:f}"
    for text in (f"{wan}万{currency}", f"{wan}({'万' + currency})", f"{amount / 10_000:,}万{currency}"):
        read = parse_capital(text)
        assert (read.amount, read.currency, read.unit_assumed) == (amount, CURRENCIES[currency], False)
    assert parse_capital(wan, HeaderUnit(10_000, CURRENCIES[currency])).amount == amount
    assert parse_capital(csv_text(amount), HeaderUnit(1)).amount == amount


@given(number=st.integers(1, 99_999_999))
def test_a_number_in_words_is_that_number(number):
    assert chinese_number(in_words(number)) == number
    assert parse_capital(f"人民币{in_words(number)}元整").amount == number


def in_words(number: int) -> str:
    """As people write it in contracts: 壹仟零伍万."""
    if number >= 10_000:
        rest = number % 10_000
        return f"{in_words(number // 10_000)}万{('零' if 0 < rest < 1000 else '') + in_words(rest) if rest else ''}"
    digits, steps, text = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        text += digits[digit] + steps[place] if digit else "零" if text and text[-1] != "零" else ""
    return text.rstrip("零")


@given(name=st.one_of(odd_text, st.text("甲。（）()注销存续,*；A ΐß\u0301", max_size=12)))
@example("甲公司。（已注销）")
@example("甲公司(存续)(注销)")
def test_a_name_made_comparable_stays_as_it_is(name):
    once = normalise_name(name)
    assert normalise_name(once) == once
    assert normalise_name(f" {name}（存续） ") == once


@given(text=st.text("9１MＡa-— '\"=\t\u200b\u3000\xa0OoＩl", max_size=24))
def test_a_cleaned_code_and_a_plain_text_stay_as_they_are(text):
    assert uscc.clean(uscc.clean(text)) == uscc.clean(text)
    assert plain(plain(text)) == plain(text)


def everything() -> dict[str, Any]:
    """Every row of the register and of what hangs on it, of firms that are not in the bin."""
    catch_up()  # What is shared is counted when somebody asks; which enterprises wait for that is no part of it.
    living = Enterprise.objects.living().values("pk")
    found: dict[str, Any] = {}
    for model in apps.get_app_config("parks").get_models(include_auto_created=True):
        names = {field.name for field in model._meta.concrete_fields}
        if "history_id" in names:
            continue
        rows = model._base_manager.order_by("pk")
        if model is Enterprise:
            rows = rows.filter(pk__in=living)
        elif "enterprise" in names:
            rows = rows.filter(enterprise__in=living)
        found[model._meta.label] = [
            {name: value for name, value in row.items() if name not in BOOKKEEPING} for row in rows.values()
        ]
    return found


def sheet_of(wanted: list[dict[str, Any]], office: Any) -> bytes:
    """The register with these firms, written to a file."""
    Enterprise.objects.all().delete()
    for number, values in enumerate(wanted):
        _make(office, number, values)
    resource, buffer = EnterpriseResource(), io.BytesIO()
    write_xlsx(buffer, Export(resource, resource.export_rows(Enterprise.objects.order_by("pk")), "名单", "甲"))
    return buffer.getvalue()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(firms(), min_size=1, max_size=4),
    after=st.lists(firms(), min_size=1, max_size=5),
    mode=st.sampled_from(ImportMode.values),
)
def test_an_undo_leaves_every_field_of_every_table_as_it_was(manager, office, before, after, mode):
    content = sheet_of(after, office)
    sheet_of(before, office)
    start = everything()
    batch = create_batch(
        resource_key="enterprises", content=content, filename="a.xlsx", actor=manager, options={}, must_find_header=True
    )
    stage(batch, actor=manager)
    batch.mode, batch.overwrite_edited, batch.accept_doubts = mode, True, True
    batch.save()
    batch = commit(batch.pk, actor=manager)
    written = batch.results["created"] + batch.results["updated"]
    assume(written)
    assert everything() != start
    batch = undo(batch.pk, actor=manager)
    assert (batch.results["kept"], batch.results["removed"] + batch.results["restored"]) == (0, written)
    assert everything() == start
