"""统一社会信用代码 (GB 32100-2015): cleaning, both check digits, suggestions. No database, no forms.

Real companies can fail a check digit, so failing one is a warning to confirm and never a lock.
"""

import datetime as dt
import re
import unicodedata
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_WEIGHTS = [pow(3, position, 31) for position in range(17)]
# GB 11714 values letters A=10 … Z=35, unlike the 31-letter table above.
_ORGANISATION_VALUES = {letter: int(letter, 36) for letter in ALPHABET}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CATEGORIES = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129",
    "8": "19", "9": "123", "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip
_LOOK_ALIKES = str.maketrans("OIZSV", "0125U")
_SHAPE = re.compile(f"[{ALPHABET}]{{18}}")
_NOISE = re.compile(r"[\s\-\u200b\u200c\u200d\u2060\ufeff'\"=]")


def clean(text: str) -> str:
    """Half-width, upper-case, without blanks, hyphens and the wrapping that Excel adds."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def has_code_shape(code: str) -> bool:
    return bool(_SHAPE.fullmatch(code))


def check_digit(code: str) -> str:
    """The 18th character that belongs to the first 17 (which must be of the alphabet)."""
    total = sum(map(mul, map(_VALUES.__getitem__, code), _WEIGHTS))
    return ALPHABET[(31 - total % 31) % 31]


def has_valid_check_digit(code: str) -> bool:
    return has_code_shape(code) and check_digit(code) == code[17]


def has_valid_organisation_check(code: str) -> bool:
    """GB 11714 over positions 9–17, the inner check that the outer one does not see."""
    if not has_code_shape(code):
        return False
    body = code[8:17]
    total = sum(map(mul, map(_ORGANISATION_VALUES.__getitem__, body), _ORGANISATION_WEIGHTS))
    rest = 11 - total % 11
    return body[8] == {10: "X", 11: "0"}.get(rest, str(rest))


def has_known_category(code: str) -> bool:
    """Registering department and kind of body (positions 1–2) that the standard defines."""
    return len(code) > 1 and code[1] in _CATEGORIES.get(code[0], "")


def is_sound(code: str) -> bool:
    return has_valid_check_digit(code) and has_valid_organisation_check(code) and has_known_category(code)


def doubt(code: str) -> str:
    """Why a code of the right shape should be looked at before it is stored; "" when it is sound."""
    if not has_valid_check_digit(code):
        return "统一社会信用代码校验位不符，请对照营业执照确认"
    if not has_valid_organisation_check(code):
        return "统一社会信用代码中的组织机构代码校验位不符，请对照营业执照确认"
    if not has_known_category(code):
        return "统一社会信用代码前两位（登记部门和机构类别）不常见，请确认"
    return ""


def suggestion(code: str) -> str | None:
    """What was probably meant: the only look-alike or neighbour swap that passes every check."""
    if len(code) != 18:
        return None
    candidates = {code.translate(_LOOK_ALIKES)}
    for position in range(17):
        candidates.add(code[:position] + code[position + 1] + code[position] + code[position + 2 :])
    candidates.discard(code)
    sound = [candidate for candidate in candidates if is_sound(candidate)]
    return sound[0] if len(sound) == 1 else None


def is_personal_id(text: str) -> bool:
    """A citizen's ID number: a birth date at 7–14 and the ID checksum. Must not be stored."""
    if not re.fullmatch(r"[1-8]\d{16}[\dX]", text):
        return False
    try:
        born = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_CARD_WEIGHTS, strict=False))
    return 1900 <= born.year <= 2100 and "10X98765432"[total % 11] == text[17]


def is_registration_number(text: str) -> bool:
    """The old 15-digit 工商注册号, checked by MOD 11,10."""
    if not re.fullmatch(r"\d{15}", text):
        return False
    product = 10
    for digit in text[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(text[14])


def looks_rounded(text: str) -> bool:
    """Excel keeps 15 digits: what was a number once has lost its last three."""
    return bool(re.fullmatch(r"\d(\.\d+)?E\+?\d{2}", text)) or bool(re.fullmatch(r"\d{15}000", text))
