"""经济指标 on the page of an enterprise: who sees it, a month typed and corrected, what stays in the history."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.roles import ROLES
from parks.actions import delete_enterprise, save_return
from parks.models import Indicator, MonthlyReturn
from parks.spans import Span, find_span, span_of_cell
from tests.parks.factories import make_enterprise

TAB, NEW, MONTH = "parks:enterprise_indicators", "parks:return_create", "parks:return_update"
WAN = 10_000


@pytest.fixture
def firm(office):
    return make_enterprise(office, "甲公司")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def typed(month: str = "2023-05", **amounts: str) -> dict[str, str]:
    return {"period": month, "as_of": "", "source": "自报"} | {f"{name}_wan": text for name, text in amounts.items()}


def page(client, firm, **query: str) -> str:
    return client.get(reverse(TAB, args=[firm.pk]), query).content.decode()


def test_a_month_is_typed_shown_and_counted(as_manager, firm, manager):
    assert "还没有这家企业的经济指标" in page(as_manager, firm)
    response = as_manager.post(reverse(NEW, args=[firm.pk]), typed(tax_month="1.5", tax_total="6.000001"), follow=True)
    shown = response.content.decode()
    for words in ("已保存 2023年5月的经济指标", ">税收</th>", ">1.5<", "自报", "截至 05-31"):
        assert words in shown
    assert "工业总产值" not in shown
    row = MonthlyReturn.objects.get()
    assert (row.tax_total, row.history.get().history_user) == (Decimal("60000.01"), manager)
    assert {(one.reach, one.value) for one in Indicator.objects.all()} == {("month", 15000), ("total", row.tax_total)}


def test_the_same_form_sent_twice_makes_one_month(as_manager, firm):
    for _ in range(2):
        response = as_manager.post(reverse(NEW, args=[firm.pk]), typed(tax_month="1"))
    assert "这家企业这个月的指标已经登记" in response.content.decode()
    assert MonthlyReturn.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (typed(), "请至少填一项指标"),
        (typed("", tax_month="1"), "请选择月份"),
        (typed("2099-01", tax_month="1"), "这个月还没有到"),
        (typed("某月", tax_month="1"), "请写成 2024-05 这样的年月"),
        (typed(tax_month="7", tax_total="6"), "当月大于累计"),
        (typed(tax_month="1.1234567"), "6"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(as_manager, firm, data, message):
    shown = as_manager.post(reverse(NEW, args=[firm.pk]), data).content.decode()
    assert message in shown
    assert 'value="自报"' in shown
    assert not MonthlyReturn.objects.exists()


def test_a_correction_is_counted_anew_and_kept_in_the_history(as_manager, firm):
    as_manager.post(reverse(NEW, args=[firm.pk]), typed("2023-04", tax_total="4"))
    as_manager.post(reverse(NEW, args=[firm.pk]), typed("2023-05", tax_total="9"))
    april = MonthlyReturn.objects.get(month=4)
    form = as_manager.get(reverse(MONTH, args=[april.pk])).context["form"]
    data = {"tax_total_wan": "5", "as_of": "2023-05-10", "source": "更正", "seen": form.initial["seen"]}
    shown = as_manager.post(reverse(MONTH, args=[april.pk]), data, follow=True).content.decode()
    assert "1—4月" in shown
    assert [row.value / WAN for row in Indicator.objects.filter(reach="month").order_by("month")] == [5, 4]
    history = as_manager.get(reverse("parks:enterprise_history", args=[firm.pk])).content.decode()
    assert "经济指标 2023年4月" in history
    assert "<del>4 万</del> → <strong>5 万</strong>" in history


def test_the_slower_of_two_sees_both_amounts(as_manager, firm):
    as_manager.post(reverse(NEW, args=[firm.pk]), typed(tax_total="4"))
    row = MonthlyReturn.objects.get()
    seen = as_manager.get(reverse(MONTH, args=[row.pk])).context["form"].initial["seen"]
    for amount in ("5", "6"):
        data = {"tax_total_wan": amount, "as_of": "2023-05-31", "source": "自报", "seen": seen}
        shown = as_manager.post(reverse(MONTH, args=[row.pk]), data).content.decode()
    assert "两人都改了的栏目" in shown
    assert MonthlyReturn.objects.get().tax_total == 5 * WAN


def test_a_month_cleared_of_everything_is_gone_and_was_there(as_manager, firm):
    as_manager.post(reverse(NEW, args=[firm.pk]), typed(tax_total="4"))
    row = MonthlyReturn.objects.get()
    data = {"as_of": "2023-05-31", "source": ""}
    assert "已全部清空" in as_manager.post(reverse(MONTH, args=[row.pk]), data, follow=True).content.decode()
    assert not MonthlyReturn.objects.exists()
    assert not Indicator.objects.exists()
    assert MonthlyReturn.history.filter(history_type="-").exists()


def test_years_are_shown_one_at_a_time(as_manager, firm):
    for month, amount in (("2022-12", "771.77"), ("2023-05", "882.88")):
        as_manager.post(reverse(NEW, args=[firm.pk]), typed(month, tax_total=amount))
    newest, older, strange, endless = (
        page(as_manager, firm),
        page(as_manager, firm, year="2022"),
        page(as_manager, firm, year="x"),
        page(as_manager, firm, year="2" * 5000),
    )
    assert ("882.88" in newest, "771.77" in newest) == (True, False)
    assert ("882.88" in older, "771.77" in older) == (False, True)
    assert "882.88" in strange
    assert "882.88" in endless


@pytest.mark.parametrize("role", sorted(ROLES))
def test_amounts_of_one_firm_are_for_those_with_the_right(client, users, firm, role, manager):
    row = MonthlyReturn(enterprise=firm, year=2023, month=5, tax_total=123_450_000, as_of="2023-05-31", source="密")
    save_return(row, actor=manager)
    may_see = "reports.view_sensitive" in ROLES[role].permissions
    client.force_login(users[role])
    assert client.get(reverse(TAB, args=[firm.pk])).status_code == (200 if may_see else 403)
    assert client.get(reverse(MONTH, args=[row.pk])).status_code == (200 if role == "manager" else 403)
    detail = client.get(firm.get_absolute_url())
    assert (reverse(TAB, args=[firm.pk]) in detail.content.decode()) == may_see
    shown = client.get(reverse("parks:enterprise_history", args=[firm.pk])).content.decode()
    assert ("12,345" in shown) == may_see
    assert MonthlyReturn.objects.visible_to(users[role]).exists() == may_see


def test_who_may_see_indicators_but_not_of_single_firms_sees_no_return(firm, manager):
    save_return(MonthlyReturn(enterprise=firm, year=2023, month=5, tax_total=1, as_of="2023-05-31"), actor=manager)
    manager.has_perm = lambda permission, obj=None: permission != "reports.view_sensitive"
    assert not MonthlyReturn.objects.visible_to(manager).exists()
    assert Indicator.objects.visible_to(manager).exists()


def test_what_is_on_record_is_taken_as_a_file_by_those_with_the_right(
    client, users, firm, office, other_office, manager
):
    other, strange = make_enterprise(office, "乙公司"), make_enterprise(other_office, "丙公司")
    for one, year in ((firm, 2022), (firm, 2023), (other, 2023), (strange, 2023)):
        save_return(
            MonthlyReturn(enterprise=one, year=year, month=5, tax_total=10_000, as_of="2023-05-31"), actor=manager
        )
    address = reverse("parks:return_export")
    client.force_login(manager)

    def taken(**query: object) -> list[list[str]]:
        content = b"".join(client.get(address, query).streaming_content)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        return [[row[0], row[2]] for row in rows[4:]]

    assert taken(year=2023) == [["甲公司", "2023-05"], ["乙公司", "2023-05"]]
    assert taken(enterprise=firm.pk) == [["甲公司", "2022-05"], ["甲公司", "2023-05"]]
    for role in ("steward", "viewer", "desk"):
        client.force_login(users[role])
        assert client.get(address).status_code == 403


def test_nothing_is_recorded_of_an_enterprise_in_the_bin(firm, manager):
    delete_enterprise(firm, actor=manager)
    with pytest.raises(ValidationError, match="回收站"):
        save_return(MonthlyReturn(enterprise=firm, year=2023, month=5, tax_total=1, as_of="2023-05-31"), actor=manager)


@pytest.mark.parametrize("count", [1, 30])
def test_a_year_costs_the_same_queries_whatever_it_holds(as_manager, firm, manager, count, django_assert_num_queries):
    for number in range(count):
        row = MonthlyReturn(enterprise=firm, year=2020 + number // 12, month=number % 12 + 1, as_of="2023-05-31")
        row.tax_total = number
        save_return(row, actor=manager)
    with django_assert_num_queries(6):
        as_manager.get(reverse(TAB, args=[firm.pk]), headers={"hx-request": "true"})


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2023年1—5月税收", Span(2023, 5, True)), ("2023年1月至5月", Span(2023, 5, True)),
        ("2023年5月份", Span(2023, 5)),
        ("截至2023年5月31日", Span(2023, 5, True)), ("2023年上半年", Span(2023, 6, True)), ("2023年度", Span(2023)),
        ("2023年前三季度", Span(2023, 9, True)), ("十一月", Span(0, 11)), ("1-11月累计", Span(0, 11, True)),
        ("税收20230610导出", Span()), ("填报日期：2023年6月10日", Span()), ("税收2023-05.csv", Span(2023, 5)),
        ("第5版", Span()), ("二期 5 月", Span(0, 5)),
    ],
)  # fmt: skip
def test_months_in_titles(text, span):
    assert find_span(text) == span


@pytest.mark.parametrize(
    ("text", "span"),
    [("5", Span(0, 5)), ("202305", Span(2023, 5)), ("2023-05-31", Span(2023, 5)), ("1-5月", Span(0, 5, True)),
     ("2023-01-01至2023-05-31", Span(2023, 5, True)), ("45047", Span()), ("13", Span()),
     ("2023年1-11月", Span(2023, 11, True)), ("2023年5月31日", Span(2023, 5)),
     ("2023/5/1-2023/5/31", Span(2023, 5))],
)  # fmt: skip
def test_months_in_cells(text, span):
    assert span_of_cell(text) == span
