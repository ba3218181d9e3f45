"""Registered and paid-in capital as written in lists. Decimal throughout; never converts a currency."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

CURRENCIES = {
    "人民币": "CNY", "人民幣": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "CNY", "￥": "CNY",
    "美元": "USD", "美金": "USD", "美": "USD", "USD": "USD", "US$": "USD", "$": "USD",
    "香港元": "HKD", "港元": "HKD", "港币": "HKD", "港幣": "HKD", "HKD": "HKD", "HK$": "HKD", "港": "HKD",
    "欧元": "EUR", "EUR": "EUR", "€": "EUR", "英镑": "GBP", "GBP": "GBP", "£": "GBP",
    "日元": "JPY", "日圆": "JPY", "JPY": "JPY", "韩元": "KRW", "韩圆": "KRW", "韩国元": "KRW", "KRW": "KRW",
    "新台币": "TWD", "台币": "TWD", "TWD": "TWD", "澳门元": "MOP", "MOP": "MOP",
    "新加坡元": "SGD", "新加坡币": "SGD", "新元": "SGD", "SGD": "SGD",
    "加拿大元": "CAD", "加元": "CAD", "CAD": "CAD", "澳大利亚元": "AUD", "澳元": "AUD", "AUD": "AUD",
    "新西兰元": "NZD", "NZD": "NZD", "瑞士法郎": "CHF", "CHF": "CHF",
    "法国法郎": "FRF", "德国马克": "DEM", "马克": "DEM",
    "瑞典克朗": "SEK", "挪威克朗": "NOK", "丹麦克朗": "DKK", "荷兰盾": "NLG", "比利时法郎": "BEF",
    "意大利里拉": "ITL", "奥地利先令": "ATS", "卢布": "RUB", "泰铢": "THB", "林吉特": "MYR", "印度卢比": "INR",
    "马来西亚林吉特": "MYR", "俄罗斯卢布": "RUB",
    "其他币种": "XXX",
}  # fmt: skip
_UNITS = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "仟": 10**3, "千": 10**3, "百": 100}
_CURRENCY = "|".join(re.escape(word) for word in sorted(CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_NUMBER = re.compile(r"\A(?P<number>\d+(?:\.\d*)?(?:E[+-]?\d+)?|\.\d+)(?P<rest>.*)\Z")
_REST = re.compile(
    rf"\A(?P<unit>{_UNIT})?(?P<yuan>元|圆)?(?P<either>/万元)?(?P<currency>{_CURRENCY})?(?P<yuan_after>元|圆)?\Z"
)
_LEADING = re.compile(rf"\A(?P<currency>{_CURRENCY})")
_CHINESE_DIGITS = {
    digit: value
    for value, digits in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for digit in digits
}
_CHINESE_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
# A unit alone (万元) is no number; a step alone (十万) is.
_CHINESE = re.compile(r"\A(?![万亿])[零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿]+")
_EMPTY = frozenset({"", "-", "--", "---", "—", "——", "/", "无", "暂无", "NULL", "NAN", "NONE"})
_MAX = Decimal(10) ** 16
SUSPICIOUS = Decimal(10) ** 11


# What may be the name of a currency that is not in the table: three letters of ISO 4217, or as Chinese names end.
_STRANGE = r"[A-Z]{3}|[\u4e00-\u9fff]{1,9}[元币幣圆镑盾郎朗索比铢拉克令姆尔亚林提特戈普卡纳弗伊多塔马]"
_STRANGE_AFTER = re.compile(rf"\A(?:{_UNIT})?(?P<word>{_STRANGE})\Z")
_STRANGE_BEFORE = re.compile(rf"\A(?P<word>{_STRANGE})(?=[\d.])")


class UnknownCurrencyError(ValueError):
    """An amount in a currency of which the table knows nothing; ``word`` is what the list calls it."""

    def __init__(self, text: str, word: str) -> None:
        super().__init__(f"不认识的币种“{word}”（金额 {text.strip()[:40]}）")
        self.word = word


@dataclass(frozen=True, slots=True)
class Capital:
    """``amount`` is in whole currency units (元), ``currency`` an ISO code, ``raw`` the cell as written."""

    amount: Decimal
    currency: str
    raw: str
    unit_assumed: bool = False
    currency_assumed: bool = False


@dataclass(frozen=True, slots=True)
class HeaderUnit:
    """What a header such as 注册资本（万美元） says about cells that say nothing themselves."""

    factor: int | None
    currency: str = ""


@lru_cache
def parse_header_unit(text: str) -> HeaderUnit | None:
    """``万元`` → 10 000. None when the text names no unit of money."""
    body = _squeezed(text)
    if lead := _LEADING.match(body):
        body = body[lead.end() :] + lead["currency"]
    found = _REST.match(body.lstrip("/"))
    if found is None or not body:
        return None
    unit, currency = found["unit"], found["currency"] or ""
    # 注册资本（人民币） names a currency and leaves the unit open; 注册资本（美元） means dollars.
    says_unit = unit or found["yuan"] or found["yuan_after"] or currency.endswith("元")
    return HeaderUnit(_UNITS.get(unit or "", 1) if says_unit else None, CURRENCIES.get(currency, ""))


def infer_header_unit(texts: Iterable[str]) -> HeaderUnit | None:
    """A column of bare whole numbers with a median over 100 000 is in 元, not in 万元."""
    bare = sorted(int(text) for text in map(_squeezed, texts) if text.isascii() and text.isdigit())
    return HeaderUnit(1) if len(bare) >= 5 and bare[len(bare) // 2] > 100_000 else None


# The same amounts come again and again.
@lru_cache(maxsize=16_384)
def parse_capital(text: str, header: HeaderUnit | None = None) -> Capital | None:
    """None for "no value". Raises ``ValueError`` with a Chinese message for what cannot be read.

    Units: the cell's own, else the header's, else 万 with ``unit_assumed``.
    """
    body = _squeezed(text)
    if body in _EMPTY or not body.strip("*"):
        return None
    leading, body = _split_leading_currency(body)
    if not leading and (strange := _STRANGE_BEFORE.match(body)):
        raise UnknownCurrencyError(text, strange["word"])
    number, rest = _split_number(body, text)
    found = _REST.match(rest)
    if found is None and (strange := _STRANGE_AFTER.match(rest)):
        raise UnknownCurrencyError(text, strange["word"])
    if found is None:
        raise ValueError(f"看不懂的金额“{text.strip()[:40]}”，请写成 1000万元 或 1000万美元")
    if number.adjusted() > _MAX.adjusted():
        raise ValueError(f"金额“{text.strip()[:40]}”过大，请核对单位")
    factor, assumed = _factor(number, found, bool(leading), header)
    amount = (number * factor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if amount >= _MAX:
        raise ValueError(f"金额“{text.strip()[:40]}”过大，请核对单位")
    currency = CURRENCIES.get(found["currency"] or leading, "") or (header.currency if header else "")
    return Capital(amount, currency or "CNY", text.strip(), assumed, not currency)


def _squeezed(text: str) -> str:
    """Half-width without blanks, thousands separators, brackets and Excel's ``="…"``."""
    return re.sub(r'[\s,，()"=\'整]', "", unicodedata.normalize("NFKC", text)).upper()


def _split_leading_currency(body: str) -> tuple[str, str]:
    if lead := _LEADING.match(body):
        return lead["currency"], body[lead.end() :]
    return "", body


def _split_number(body: str, text: str) -> tuple[Decimal, str]:
    if body.startswith("-"):
        raise ValueError(f"金额“{text.strip()[:40]}”是负数")
    if found := _NUMBER.match(body):
        try:
            return Decimal(found["number"]), found["rest"]
        except InvalidOperation:
            pass
    if chinese := _CHINESE.match(body):
        return Decimal(chinese_number(chinese[0])), body[chinese.end() :] or "元"
    raise ValueError(f"看不懂的金额“{text.strip()[:40]}”，请写成 1000万元 或 1000万美元")


def _factor(
    number: Decimal, found: re.Match[str], has_leading_currency: bool, header: HeaderUnit | None
) -> tuple[int, bool]:
    """What to multiply by, and whether that had to be assumed. The cell speaks before the header."""
    if found["either"]:
        return 10**4, True
    if found["unit"]:
        return _UNITS[found["unit"]], False
    if found["yuan"] or found["yuan_after"]:
        return 1, False
    if header is not None and header.factor is not None:
        return header.factor, False
    if (found["currency"] or "").endswith("元"):
        return 1, False
    # "RMB 5,000,000" spells out whole units; "¥500" of a list is still 万.
    if has_leading_currency and number >= 100_000:
        return 1, False
    return 10**4, True


def chinese_number(text: str) -> int:
    """``壹仟贰佰万`` → 12 000 000."""
    total = section = digit = 0
    for letter in text:
        if letter in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[letter]
        elif letter in _CHINESE_STEPS:
            section += (digit or 1) * _CHINESE_STEPS[letter]
            digit = 0
        else:
            big = 10**4 if letter == "万" else 10**8
            total = (total + section + digit) * big if letter == "亿" else total + (section + digit) * big
            section = digit = 0
    return total + section + digit
