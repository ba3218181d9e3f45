"""How cells are read that speak of people, tags, tiers and parks: what other tables keep of an enterprise.

A value that the register does not know is a warning, never a silent loss.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crm.imports.cells import Cell, plain, text_of
from crm.imports.columns import Reading, Values
from parks.choices import Stage, Tier

_TIER_WORDS = (
    ("市级", Tier.CITY),
    ("区级", Tier.DISTRICT),
    ("镇级", Tier.TOWN),
    ("街乡", Tier.TOWN),
    ("乡镇", Tier.TOWN),
)
# In this order: "未入驻" is no 入驻, "注册地迁出" is 迁出.
_STAGE_WORDS = (
    ("未入驻", Stage.REGISTERED),
    ("迁出", Stage.MOVED_OUT),
    ("离园", Stage.MOVED_OUT),
    ("注销", Stage.CLOSED),
    ("入驻", Stage.SETTLED),
    ("在园", Stage.SETTLED),
    ("注册", Stage.REGISTERED),
)
BETWEEN_TAGS = re.compile(r"[\s,，、;；|]+")
_BETWEEN_PEOPLE = re.compile(r"[\s,，、;；/]+")
_FIRM = re.compile(r"(公司|企业|工厂|中心|协会)\Z")
MAX_TAG, MAX_PERSON = 30, 50
_BETWEEN_NUMBERS = re.compile(r"[\s;；,，、|]+")
# Blanks stand between numbers, and also between the area code and the number.
_AREA_APART = re.compile(r"(?<!\d)(0\d{2,3}) +(\d{7,8})(?!\d)")
MAX_NUMBER, MOST_NUMBERS = 30, 10


def parse_contact(cell: Cell, reading: Reading) -> Values:
    """A person of the enterprise. In a list of stewards the column 联系人 may hold the civil servant instead."""
    name = " ".join(text_of(cell).split())
    if name in reading.lookups["people"]:
        reading.warn(f"“{name}”是本单位工作人员，不作为企业联系人导入；如是服务管家，请把这一列对应到“服务管家”")
        return {"_contact_refused": True}
    if len(name) > MAX_PERSON or _FIRM.search(name):
        reading.warn(f"“{name[:20]}”不像人名，联系人未导入")
        return {"_contact_refused": True}
    return {"_contact": name}


def parse_contact_email(cell: Cell, reading: Reading) -> Values:
    value = text_of(cell)
    try:
        validate_email(value)
    except ValidationError:
        reading.warn(f"“{value[:40]}”不是邮箱地址，这一项未导入")
        return {}
    return {"_contact_email": value}


def parse_more_phones(cell: Cell, reading: Reading) -> Values:
    """Telephones beyond the first, in one cell or several; what holds too few digits for one is left out."""
    text = _AREA_APART.sub(r"\1-\2", text_of(cell))
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if len(re.sub(r"\D", "", part)) >= 7]
    found = [part for part in parts if len(part) <= MAX_NUMBER]
    if len(found) > MOST_NUMBERS:
        reading.warn(f"其余电话有 {len(found)} 个，只记前 {MOST_NUMBERS} 个")
    return {"_more_phones": found[:MOST_NUMBERS]} if found else {}


def parse_more_emails(cell: Cell, reading: Reading) -> Values:
    found = []
    for part in _BETWEEN_NUMBERS.split(text_of(cell)):
        try:
            validate_email(part)
        except ValidationError:
            continue
        found.append(part)
    return {"_more_emails": found[:MOST_NUMBERS]} if found else {}


def parse_tags(cell: Cell, reading: Reading) -> Values:
    names = [name for name in dict.fromkeys(BETWEEN_TAGS.split(text_of(cell))) if name]
    if long := [name for name in names if len(name) > MAX_TAG]:
        reading.warn(f"标签“{long[0][:20]}…”超过 {MAX_TAG} 个字，未导入")
    names = [name for name in names if len(name) <= MAX_TAG]
    for name in names:
        if name not in reading.lookups["tags"]:
            reading.unknown(name, f"新标签“{name}”将一并建立")
    return {"_tags": names} if names else {}


def parse_tier(cell: Cell, reading: Reading) -> Values:
    value = plain(text_of(cell))
    for word, tier in _TIER_WORDS:
        if word in value:
            return {"_tier": tier.value}
    reading.unknown(value, f"服务包级别“{value[:20]}”不认识，这一项未导入")
    return {}


def parse_steward(cell: Cell, reading: Reading) -> Values:
    """By name among the staff; one primary steward an enterprise."""
    value = text_of(cell)
    known = reading.lookups["people"]
    names = [value] if value in known else [name for name in _BETWEEN_PEOPLE.split(value) if name]
    found = known.get(names[0], []) if names else []
    if len(found) != 1:
        why = "有重名，分不清是哪一位" if found else "不是本单位在用的账号"
        reading.unknown(value, f"服务管家“{value[:20]}”{why}，这一项未导入")
        return {}
    if len(names) > 1:
        reading.warn(f"只登记第一位服务管家“{names[0]}”，其余请在企业页添加")
    return {"_steward": found[0]}


def parse_park(cell: Cell, reading: Reading) -> Values:
    name = " ".join(text_of(cell).split())
    pk = reading.lookups["parks"].get(name)
    if pk is None:
        reading.unknown(name, f"没有名为“{name[:20]}”的园区，这一项未导入")
        return {}
    return {"park_id": pk}


def parse_stage(cell: Cell, reading: Reading) -> Values:
    value = plain(text_of(cell))
    for word, stage in _STAGE_WORDS:
        if word in value:
            return {"stage": stage.value}
    reading.unknown(value, f"阶段“{value[:20]}”不认识，这一项未导入")
    return {}


def parse_record(cell: Cell, reading: Reading) -> Values:
    """The register's own number; a number that means nothing is ignored, the row is found by code or name."""
    text = plain(text_of(cell))
    return {"_record": int(text)} if text.isascii() and text.isdigit() and len(text) < 19 else {}
