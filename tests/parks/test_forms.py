"""Typing an enterprise: doubts ask, errors explain, nothing typed is lost, nobody is locked out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from parks.forms import ContactForm, EnterpriseForm
from parks.models import Enterprise
from tests.parks.factories import make_enterprise

SOUND = "91110105397625067T"
# Right shape, wrong check digit; a bank branch really carries such a code.
DOUBTFUL = "91420000877585797Y"


def filled(**changes: Any) -> dict[str, Any]:
    return {"name": "云川示例科技有限公司", "joined_on": "2026-11-01", "stage": "settled"} | changes


@pytest.fixture
def form(manager):
    return lambda instance=None, **changes: EnterpriseForm(filled(**changes), user=manager, instance=instance)


@pytest.fixture
def stored(form):
    """Type, check, store."""

    def store(instance=None, **changes: Any) -> Enterprise:
        bound = form(instance, **changes)
        assert bound.is_valid(), bound.errors
        return bound.store()

    return store


def test_a_name_and_a_date_are_enough(form):
    bound = form()
    assert bound.is_valid(), bound.errors
    enterprise = bound.store()
    assert enterprise.normalised_name == "云川示例科技有限公司"
    assert enterprise.history.count() == 1


def test_a_new_enterprise_belongs_to_the_users_institution_even_when_the_user_sits_in_a_unit(office):
    from tests.crm.factories import make_organisation, make_user

    clerk = make_user("clerk", make_organisation("服务科", "unit", office))
    bound = EnterpriseForm(filled(), user=clerk)
    assert bound.is_valid()
    assert bound.store().organisation == office


@pytest.mark.parametrize(
    "typed", [SOUND, " 9111 0105 3976 2506 7T ", "９１１１０１０５３９７６２５０６７Ｔ", SOUND.lower()]
)
def test_a_code_is_cleaned_of_blanks_width_and_case(form, typed):
    bound = form(uscc=typed)
    assert bound.is_valid(), bound.errors
    assert bound.store().uscc == SOUND


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("9111010539762506", "应为 18 位，现在是 16 位"),
        ("91110105397625067TX", "现在是 19 位"),
        ("911101O5397625067T", "是否应为 91110105397625067T"),
        ("11010519491231002X", "公民身份号码"),
    ],
)
def test_a_broken_code_is_refused_with_what_to_do(form, typed, message):
    bound = form(uscc=typed)
    assert not bound.is_valid()
    assert message in str(bound.errors["uscc"])
    assert not Enterprise.objects.exists()


def test_a_wrong_check_digit_asks_once_and_is_then_accepted(form):
    first = form(uscc=DOUBTFUL)
    assert not first.is_valid()
    assert "校验位" in str(first.errors["is_confirmed"])
    second = form(uscc=DOUBTFUL, is_confirmed="on", uscc_note="营业执照确为此码")
    assert second.is_valid(), second.errors
    assert second.store().uscc == DOUBTFUL


def test_a_doubtful_code_already_accepted_is_not_asked_again(form, office):
    existing = make_enterprise(office, "云川示例科技有限公司", uscc=DOUBTFUL)
    assert form(existing, uscc=DOUBTFUL, version=1).is_valid()


def test_a_code_that_is_taken_names_the_enterprise_that_has_it(form, office):
    make_enterprise(office, "云川先来有限公司", uscc=SOUND)
    bound = form(uscc=SOUND)
    assert not bound.is_valid()
    assert "云川先来有限公司" in str(bound.errors["uscc"])


def test_a_code_known_to_another_organisation_is_free_here_and_its_name_is_not_told(form, other_office):
    make_enterprise(other_office, "别处机密有限公司", uscc=SOUND)
    bound = form(uscc=SOUND)
    assert bound.is_valid(), bound.errors
    assert "机密" not in str(bound.errors)


def test_the_same_name_asks_before_a_second_one_is_made(form, office):
    make_enterprise(office, "云川示例科技有限公司")
    first = form(name="云川 示例科技有限公司")
    assert not first.is_valid()
    assert "名称相同" in str(first.errors["is_confirmed"])
    assert form(name="云川示例科技有限公司", is_confirmed="on").is_valid()


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("1000", "10000000", "CNY"),
        ("1,000.5", "10005000", "CNY"),
        ("500万美元", "5000000", "USD"),
        ("壹仟万元整", "10000000", "CNY"),
        ("", None, "CNY"),
    ],
)
def test_capital_is_typed_in_wan_and_stored_in_yuan(form, typed, amount, currency):
    bound = form(registered_capital_text=typed)
    assert bound.is_valid(), bound.errors
    enterprise = bound.store()
    enterprise.refresh_from_db()
    assert enterprise.registered_capital == (None if amount is None else Decimal(amount))
    assert enterprise.registered_capital_currency == currency


def test_capital_that_cannot_be_read_says_how_to_write_it(form):
    bound = form(registered_capital_text="很多钱")
    assert not bound.is_valid()
    assert "1000万元" in str(bound.errors["registered_capital_text"])


@pytest.mark.parametrize("typed", ["6513", "I6513", "I-6513", "应用软件开发", "6513 应用软件开发"])
def test_an_industry_is_found_by_code_or_name(form, typed):
    bound = form(industry_text=typed)
    assert bound.is_valid(), bound.errors
    assert bound.store().industry_id == "6513"


def test_an_unknown_industry_is_refused(form):
    assert "没有这个行业" in str(form(industry_text="炼金术").errors["industry_text"])


def test_leaving_needs_a_date_and_a_date_needs_leaving(form):
    assert "须填写日期" in str(form(stage="moved_out").errors)
    assert "不应有" in str(form(stage="settled", left_on="2026-11-20").errors)
    assert "不能早于入园日期" in str(form(stage="moved_out", left_on="2020-01-01").errors)
    assert form(stage="moved_out", left_on="2026-11-20").is_valid()


def test_former_names_and_tags_are_stored_and_taken_back(stored, office):
    enterprise = stored(former_names_text="云川旧名有限公司\n云川老名有限公司", tags_text="网安，信创")
    assert {n.name for n in enterprise.former_names.all()} == {"云川旧名有限公司", "云川老名有限公司"}
    assert {t.name for t in enterprise.tags.all()} == {"网安", "信创"}
    again = stored(enterprise, former_names_text="云川老名有限公司", tags_text="网安", version=1)
    assert [n.name for n in again.former_names.all()] == ["云川老名有限公司"]
    assert [t.name for t in again.tags.all()] == ["网安"]


def test_an_edit_shows_current_values_and_saving_unchanged_keeps_them(stored, office, manager):
    enterprise = make_enterprise(
        office,
        registered_capital=Decimal("5000000"),
        registered_capital_currency="USD",
        registered_capital_raw="500万美元",
    )
    shown = EnterpriseForm(user=manager, instance=enterprise).initial
    assert shown["registered_capital_text"] == "500万美元"
    stored(enterprise, registered_capital_text="500万美元", version=1)
    enterprise.refresh_from_db()
    assert (enterprise.registered_capital, enterprise.registered_capital_currency) == (Decimal("5000000"), "USD")


@pytest.mark.parametrize(("typed", "ok"), [("13800001234", True), ("138 0000 1234", True), ("010-6155", False)])
def test_a_mobile_number_has_eleven_digits(manager, office, typed, ok):
    form = ContactForm({"name": "王", "mobile": typed}, user=manager)
    assert form.is_valid() is ok


def test_joined_on_is_today_for_a_new_enterprise(manager, time_machine):
    time_machine.move_to("2026-03-05T10:00:00+08:00")
    assert EnterpriseForm(user=manager).initial["joined_on"] == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("tags_text", "网安 " + "长" * 31, "标签"),
        ("former_names_text", "旧" * 201, "曾用名"),
        ("former_names_text", "㈱" * 100, "曾用名"),
        ("name", "㈱" * 100, "企业名称"),
        ("name", "\u200b\u200b", "不像企业名称"),
    ],
)
def test_what_the_register_cannot_hold_is_refused_in_words(form, field, typed, said):
    assert said in str(form(**{field: typed}).errors[field])
