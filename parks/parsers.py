"""How the cells of enterprise lists are read. Each parser returns values by field name of ``Enterprise``.

A ``CellError`` keeps the row out; what is merely odd is a warning, what needs a person's word a doubt.
"""

from __future__ import annotations

import re

from django.utils import timezone

from crm.imports.cells import (
    OPEN_END,
    Cell,
    CellError,
    parse_date,
    parse_date_range,
    parse_whole_number,
    plain,
    text_of,
)
from crm.imports.columns import Parser, Reading, Values
from parks import uscc
from parks.capital import SUSPICIOUS, Capital, UnknownCurrencyError, parse_capital, parse_header_unit
from parks.choices import Currency, RegistrationStatus
from parks.names import normalise_name, split_former_names

# In this order: "吊销，已注销" is 吊销, "迁入" must not be read as 迁出.
STATUS_WORDS = (
    ("吊销", RegistrationStatus.REVOKED),
    ("撤销", RegistrationStatus.REVOKED),
    ("注销", RegistrationStatus.CANCELLED),
    ("迁出", RegistrationStatus.MOVED),
    ("清算", RegistrationStatus.LIQUIDATING),
    ("停业", RegistrationStatus.SUSPENDED),
    ("歇业", RegistrationStatus.DORMANT),
    *((word, RegistrationStatus.ACTIVE) for word in ("存续", "在业", "开业", "在营", "在册", "正常", "迁入")),
)
NO_MATCH = re.compile(r"\A\W*(系统)?(未匹配|未找到|无匹配)")
MAX_NAME = 200
_CURRENCIES = frozenset(Currency.values)
MOBILE = re.compile(r"\A1[3-9]\d{9}\Z")
_LOST_DIGITS = "数值格式丢失精度，末尾几位已不可靠。请在原表把这一列设为文本，重新填写"


def text(name: str, max_length: int) -> Parser:
    """A field of plain text, refused rather than cut when it is too long."""

    def parse(cell: Cell, reading: Reading) -> Values:
        value = text_of(cell)
        if len(value) > max_length:
            raise CellError(f"内容超过 {max_length} 个字")
        return {name: value}

    return parse


def parse_name(cell: Cell, reading: Reading) -> Values:
    name = " ".join(text_of(cell).split())
    if NO_MATCH.match(name):
        raise CellError(f"这一行没有匹配到企业（“{name[:20]}”）")
    # Half-width spelling can be longer: ㈱ becomes three characters.
    if max(len(name), len(normalise_name(name))) > MAX_NAME:
        raise CellError(f"企业名称超过 {MAX_NAME} 个字")
    if len(normalise_name(name)) < 2:
        raise CellError(f"“{name}”不像企业名称")
    return {"name": name}


def parse_code(cell: Cell, reading: Reading) -> Values:
    """统一社会信用代码, or an old registration number in its column (domain: 15 digits)."""
    code = uscc.clean(text_of(cell))
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if (is_number and len(code) > 15) or (uscc.looks_rounded(code) and not uscc.is_sound(code)):
        raise CellError(_LOST_DIGITS)
    if uscc.is_personal_id(code):
        raise CellError("这里填的像是身份证号，属于个人信息，不能存入代码列，请删去")
    if len(code) == 15 and uscc.is_registration_number(code):
        reading.warn("15 位，按旧工商注册号存入注册号")
        return {"reg_no": code}
    if len(code) != 18:
        raise CellError(_length_message(code))
    if not uscc.has_code_shape(code):
        suggestion = uscc.suggestion(code)
        raise CellError(_shape_message(code, suggestion), suggestion or "")
    if doubt := uscc.doubt(code):
        if swapped := uscc.suggestion(code):
            reading.suggest(f"{doubt}；相邻两位对调后为 {swapped}，校验相符", swapped)
        else:
            reading.doubt(doubt)
        return {"uscc": code, "_uscc_doubt": doubt}
    return {"uscc": code}


def _length_message(code: str) -> str:
    hints = {15: "，作为旧工商注册号校验也不符", 9: "，像是组织机构代码"}
    return f"统一社会信用代码应为 18 位，现为 {len(code)} 位{hints.get(len(code), '')}"


def _shape_message(code: str, suggestion: str | None) -> str:
    strange = "、".join(sorted({letter for letter in code if letter not in uscc.ALPHABET}))
    meant = f"，可能应为 {suggestion}" if suggestion else "，请对照营业执照改正"
    return f"代码中的“{strange}”不会出现在统一社会信用代码里{meant}"


def looks_like_code(value: str) -> bool:
    return uscc.has_valid_check_digit(uscc.clean(value))


def looks_like_mobile(value: str) -> bool:
    return bool(MOBILE.match(plain(value)))


def _amount(cell: Cell, reading: Reading) -> Capital | None:
    """What the cell says, its unit the header's or 万 where it names none; None when it says nothing."""
    raw = text_of(cell)
    try:
        value = parse_capital(raw, parse_header_unit(reading.unit) if reading.unit else None)
    except UnknownCurrencyError as error:
        raise CellError(str(error), word=error.word) from None
    except ValueError as error:
        raise CellError(str(error)) from None
    if value and value.unit_assumed and value.amount:
        reading.warn(f"“{raw[:20]}”没有单位，按万元计")
    return value


def capital(prefix: str) -> Parser:
    """Amount in yuan, currency and the words of the list, e.g. for ``registered_capital``."""

    def parse(cell: Cell, reading: Reading) -> Values:
        value = _amount(cell, reading)
        if value is None:
            return {}
        if value.amount >= SUSPICIOUS:
            reading.warn("金额超过 1000 亿元，请核对单位")
        known = value.currency in _CURRENCIES
        return {
            prefix: value.amount,
            f"{prefix}_currency": value.currency if known else Currency.XXX.value,
            f"{prefix}_raw": (reading.written or value.raw)[:60],
            f"_{prefix}_currency_assumed": value.currency_assumed,
        }

    return parse


def money(name: str) -> Parser:
    """An amount of yuan; 万元 where nothing names a unit."""

    def parse(cell: Cell, reading: Reading) -> Values:
        value = _amount(cell, reading)
        if value is None:
            return {}
        if value.currency != Currency.CNY:
            raise CellError(f"“{text_of(cell)[:20]}”不是人民币金额")
        return {name: value.amount}

    return parse


def date(name: str, *, is_past: bool = False) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        value, warning = parse_date(cell)
        reading.warn(warning)
        if is_past and value > (reading.lookups.get("today") or timezone.localdate()):
            reading.doubt(f"日期 {value} 晚于今天，请核对")
        return {name: value}

    return parse


def parse_term(cell: Cell, reading: Reading) -> Values:
    """营业期限 ``1997-01-28 至 无固定期限``; a term that cannot be read is left out, the row is not."""
    try:
        start, end = parse_date_range(cell)
    except CellError as error:
        reading.warn(f"{error.message}，这一项未导入")
        return {}
    return {name: day for name, day in (("term_from", start), ("term_to", end)) if day}


def parse_term_end(cell: Cell, reading: Reading) -> Values:
    """营业期限至: 长期 is no day."""
    return {} if plain(text_of(cell)) in OPEN_END else date("term_to")(cell, reading)


def number(name: str) -> Parser:
    """A head count; 人员规模 such as 50-99人 is left out rather than guessed."""

    def parse(cell: Cell, reading: Reading) -> Values:
        try:
            return {name: parse_whole_number(cell)}
        except CellError as error:
            reading.warn(f"{error.message}，这一项未导入")
            return {}

    return parse


def year(name: str) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        found = re.search(r"(19|20)\d{2}", text_of(cell))
        return {name: int(found[0])} if found else {}

    return parse


def parse_status(cell: Cell, reading: Reading) -> Values:
    value = plain(text_of(cell))
    for word, status in STATUS_WORDS:
        if word in value:
            return {"status": status.value}
    reading.unknown(value, f"登记状态“{value[:20]}”不认识，这一项未导入")
    return {}


def industry(rank: str = "") -> Parser:
    """By code or name of GB/T 4754, at the level that the header names when it names one."""

    def parse(cell: Cell, reading: Reading) -> Values:
        value = plain(text_of(cell))
        found = re.match(r"\A([A-T]?\d{2,4}|[A-T])(?=\W|\Z|[^\x00-\x7f])", value)
        code = found[1].lstrip("ABCDEFGHIJKLMNOPQRST") or found[1] if found else ""
        names = reading.lookups["industry_names"]
        if code not in reading.lookups["industry_codes"]:
            code = names.get((rank, value)) or names.get(("", value), "")
        if not code:
            reading.unknown(value, f"行业“{value[:20]}”不在国民经济行业分类中，这一项未导入")
            return {}
        return {"industry_id": code}

    return parse


def parse_mobile(cell: Cell, reading: Reading) -> Values:
    return {"_mobile": text_of(cell)[:100]}


def parse_former_names(cell: Cell, reading: Reading) -> Values:
    names = [
        name for name in split_former_names(text_of(cell)) if max(len(name), len(normalise_name(name))) <= MAX_NAME
    ]
    return {"_former_names": names} if names else {}
