"""Check digits and cleaning of 统一社会信用代码."""

import csv
from pathlib import Path

import pytest

from parks import uscc

VECTORS = list(csv.DictReader((Path(__file__).parent / "data/uscc_vectors.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["code"])
def test_both_check_digits_agree_with_the_vectors(vector):
    assert uscc.has_valid_check_digit(vector["code"]) is (vector["check_digit_ok"] == "True")
    if vector["organisation_check_ok"]:
        assert uscc.has_valid_organisation_check(vector["code"]) is (vector["organisation_check_ok"] == "True")


@pytest.mark.parametrize(
    "code",
    [
        "91110105397625067T",
        "911100001011016602",
        "91110000802100433B",
        "91330000733796106P",
        "914403001922038216",
        "91110108551385082Q",
        "91440400192548256N",
        "91440300192317458F",
        "911100007109250324",
    ],
)
def test_well_known_codes_raise_no_doubt(code):
    assert uscc.is_sound(code)
    assert uscc.doubt(code) == ""


def test_the_sample_of_the_standard_has_the_check_digit_3():
    assert uscc.check_digit("91350100M000100Y4") == "3"
    assert not uscc.has_valid_check_digit("91350100M000100Y4Z")


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        (" 91110105801788096j ", "91110105801788096J"),
        ("９１１１０１０８ＭＡ０１ＪＴＭ８６６", "91110108MA01JTM866"),
        ("9111-0108-551385082Q", "91110108551385082Q"),
        ("'91110108551385082Q", "91110108551385082Q"),
        ('="91110108551385082Q"', "91110108551385082Q"),
        ("91110108\u00a05513\u200b85082Q\t", "91110108551385082Q"),
    ],
)
def test_width_blanks_case_and_wrapping_are_cleaned_away(written, clean):
    assert uscc.clean(written) == clean


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("9111O108551385082Q", "91110108551385082Q"),
        ("9I110108551385082Q", "91110108551385082Q"),
        ("91110108S51385082Q", "91110108551385082Q"),
        ("9111O1085513850B2Q", None),
        ("91110108551358082Q", "91110108551385082Q"),
        ("9111010855138508", None),
    ],
)
def test_a_look_alike_or_a_swap_is_suggested_when_it_is_the_only_one(wrong, meant):
    assert uscc.suggestion(wrong) == meant


def test_a_code_that_only_fails_the_inner_check_is_doubtful():
    assert uscc.has_valid_check_digit("123456789012345678")
    assert "组织机构代码" in uscc.doubt("123456789012345678")


def test_a_code_of_a_wrong_check_digit_is_doubtful_and_not_refused():
    assert "校验位" in uscc.doubt("91420000877585797Y")


def test_a_personal_id_is_recognised():
    assert uscc.is_personal_id("11010519491231002X")
    assert not uscc.is_personal_id("110105194912310021")
    assert not uscc.is_personal_id("91110108551385082Q")


def test_an_old_registration_number_is_checked_by_its_own_rule():
    assert uscc.is_registration_number("110108000000016")
    assert not uscc.is_registration_number("110108000000017")
    assert not uscc.is_registration_number("11010800000001")


@pytest.mark.parametrize("text", ["9.111E+17", "9.11101E17", "911101080000000000"])
def test_what_a_spreadsheet_rounded_is_recognised(text):
    assert uscc.looks_rounded(text)
