"""How cells of lists of visits and appeals are read: moments, people, units, and the words of fixed vocabularies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TypeAlias

from crm import moments
from crm.imports.cells import Cell, CellError, parse_date, plain, text_of
from crm.imports.columns import Parser, Reading, Values
from visits.choices import (
    AppealCategory,
    AppealClass,
    AppealSource,
    AppealStatus,
    Result,
    Satisfaction,
    Solved,
    Urgency,
    VisitKind,
    VisitStatus,
)

# (what the cell holds, as a pattern; what is meant), the first that fits.
Words: TypeAlias = Sequence[tuple[str, str]]

VISIT_KINDS: Words = (
    ("早餐", VisitKind.BREAKFAST),
    ("座谈", VisitKind.FORUM),
    ("四下", VisitKind.GRASSROOTS),
    ("基层", VisitKind.GRASSROOTS),
    ("电话", VisitKind.PHONE),
    ("线上", VisitKind.ONLINE),
    ("视频", VisitKind.ONLINE),
    ("微信", VisitKind.ONLINE),
    ("走访", VisitKind.VISIT),
    ("调研", VisitKind.VISIT),
    ("实地", VisitKind.VISIT),
    ("上门", VisitKind.VISIT),
)
VISIT_STATUSES: Words = (
    ("取消", VisitStatus.CANCELLED),
    ("计划|未走访|待走访", VisitStatus.PLANNED),
    ("完成|已走访", VisitStatus.DONE),
)
SOURCES: Words = (
    ("12345", AppealSource.HOTLINE),
    ("热线", AppealSource.HOTLINE),
    ("接诉即办", AppealSource.HOTLINE),
    ("微信", AppealSource.WECHAT),
    ("座谈", AppealSource.FORUM),
    ("早餐", AppealSource.FORUM),
    ("走访", AppealSource.VISIT),
    ("调研", AppealSource.VISIT),
    ("上级", AppealSource.SUPERIOR),
    ("交办", AppealSource.SUPERIOR),
    ("来信", AppealSource.LETTER),
    ("来访", AppealSource.LETTER),
    ("电话", AppealSource.PHONE),
)
CATEGORIES: Words = (
    ("政策", AppealCategory.POLICY),
    ("补贴", AppealCategory.POLICY),
    ("用房", AppealCategory.SPACE),
    ("用地", AppealCategory.SPACE),
    ("空间", AppealCategory.SPACE),
    ("人才", AppealCategory.TALENT),
    ("入学", AppealCategory.SCHOOL),
    ("融资", AppealCategory.FINANCE),
    ("金融", AppealCategory.FINANCE),
    ("审批", AppealCategory.PERMIT),
    ("办照", AppealCategory.PERMIT),
    ("交通", AppealCategory.TRAFFIC),
    ("水电", AppealCategory.UTILITY),
    ("市场", AppealCategory.MARKET),
    ("环境", AppealCategory.ENVIRONMENT),
    ("其他", AppealCategory.OTHER),
)
CLASSES: Words = (
    ("突发", AppealClass.SUDDEN),
    ("热线及时", AppealClass.PROMPT),
    ("热线一般", AppealClass.GENERAL),
    ("复杂疑难|热线疑难", AppealClass.COMPLEX),
    ("咨询", AppealClass.CONSULT),
    ("协调", AppealClass.COORDINATE),
    ("疑难", AppealClass.HARD),
)
URGENCIES: Words = (
    ("紧急", Urgency.URGENT),
    ("急", Urgency.URGENT),
    ("一般", Urgency.NORMAL),
    ("普通", Urgency.NORMAL),
)
STATUSES: Words = (
    ("草稿", AppealStatus.DRAFT),
    ("不予受理", AppealStatus.REJECTED),
    ("合并", AppealStatus.MERGED),
    ("撤回", AppealStatus.WITHDRAWN),
    ("撤销", AppealStatus.WITHDRAWN),
    ("归档", AppealStatus.ARCHIVED),
    ("待回访", AppealStatus.CLOSED),
    ("已回访", AppealStatus.CONFIRMED),
    ("待审核", AppealStatus.ANSWERED),
    ("已答复", AppealStatus.ANSWERED),
    ("办结", AppealStatus.CLOSED),
    ("结案", AppealStatus.CLOSED),
    ("完成", AppealStatus.CLOSED),
    ("挂起", AppealStatus.PAUSED),
    ("待签收", AppealStatus.DISPATCHED),
    ("已派单", AppealStatus.DISPATCHED),
    ("待派单", AppealStatus.ACCEPTED),
    ("待受理", AppealStatus.SUBMITTED),
    ("已提交", AppealStatus.SUBMITTED),
    ("已受理", AppealStatus.ACCEPTED),
    ("办理中", AppealStatus.HANDLING),
    ("处理中", AppealStatus.HANDLING),
    ("在办", AppealStatus.HANDLING),
    ("正在办理", AppealStatus.HANDLING),
)
NEGATED = ("未办结", "未完成", "未结案", "未回访", "未归档")
RESULTS: Words = (
    ("部分解决", Result.PARTLY),
    ("政策解释", Result.EXPLAINED),
    ("解释", Result.EXPLAINED),
    ("(未|没|不).*解决", Result.EXPLAINED),
    ("解决", Result.SOLVED),
)
SOLVED: Words = (
    ("部分", Solved.PARTLY),
    ("(未|没|不).*解决|否", Solved.UNSOLVED),
    ("解决", Solved.SOLVED),
    ("是", Solved.SOLVED),
)
SATISFIED: Words = (
    ("不.*满意|否", Satisfaction.DISSATISFIED),
    ("基本|比较", Satisfaction.BASICALLY),
    ("满意", Satisfaction.SATISFIED),
    ("是", Satisfaction.SATISFIED),
)
_TIME = re.compile(r"(\d{1,2})[::时点](\d{2})?")
BETWEEN_PEOPLE, BETWEEN_UNITS = re.compile(r"[\s、,，;；/]+"), re.compile(r"[\s、,，;；]+")
DAY_BEGINS = dt.time(9, 0)


def moment(name: str) -> Parser:
    """A date, with a time when the cell has one; the day's beginning otherwise, and then ``_<name>_day`` says so."""

    def parse(cell: Cell, reading: Reading) -> Values:
        text = plain(text_of(cell))
        head, _, tail = text.replace("T", " ").partition(" ")
        found = _TIME.search(tail)
        day, warning = parse_date(head if found else cell)
        reading.warn(warning)
        if not found:
            return {name: moments.moment(day, DAY_BEGINS), f"_{name}_is_day": True}
        try:
            time = dt.time(int(found[1]), int(found[2] or 0))
        except ValueError:
            raise CellError(f"没有这个时间：“{text[:40]}”") from None
        return {name: moments.moment(day, time)}

    return parse


def day(name: str) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        value, warning = parse_date(cell)
        reading.warn(warning)
        return {name: value}

    return parse


def choice(name: str, table: Words, label: str, *, must_ask: bool = False) -> Parser:
    """One of a fixed vocabulary; an unknown word is left out, or kept waiting for a person where figures hang on it."""

    def parse(cell: Cell, reading: Reading) -> Values:
        value = plain(text_of(cell))
        if meant := word_of(value, table):
            return {name: meant}
        reading.unknown(value, f"{label}“{value[:20]}”不认识，这一项未导入", must_ask=must_ask)
        return {}

    return parse


def word_of(value: str, table: Words) -> str:
    return next((str(meant) for word, meant in table if re.search(word, value)), "")


def parse_status(cell: Cell, reading: Reading) -> Values:
    value = plain(text_of(cell))
    if any(word in value for word in NEGATED):
        return {"_status": AppealStatus.HANDLING.value}
    meant = word_of(value, STATUSES)
    if not meant:
        raise CellError(f"状态“{value[:20]}”不认识，请写成 办理中、已办结、已回访 等", word=value)
    return {"_status": meant}


def parse_result(cell: Cell, reading: Reading) -> Values:
    """A word of the vocabulary, or the story itself, which is then the answer."""
    value = plain(text_of(cell))
    meant = word_of(value, RESULTS) if len(value) <= 20 else ""
    return {"result": meant} if meant else {"_result_words": text_of(cell)[:20_000]}


def text(name: str, max_length: int) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        value = text_of(cell)
        if len(value) > max_length:
            raise CellError(f"内容超过 {max_length} 个字")
        return {name: value}

    return parse


def people(name: str) -> Parser:
    """Names of the office's own people; those that are no account are kept in words."""

    def parse(cell: Cell, reading: Reading) -> Values:
        known = reading.lookups["people"]
        value = text_of(cell)
        names = [value] if value in known else [part for part in BETWEEN_PEOPLE.split(value) if part]
        strangers = [one for one in names if one not in known]
        for one in strangers:
            reading.unknown(one, f"“{one[:60]}”不是本单位的账号，只记入文字")
        found = list(dict.fromkeys(known[one] for one in names if one in known))
        return {name: found, f"{name}_strangers": strangers}

    return parse


def units(name: str) -> Parser:
    """Units of the office's tree, several in one cell."""

    def parse(cell: Cell, reading: Reading) -> Values:
        known = reading.lookups["units"]
        value = text_of(cell)
        names = [value] if value in known else [part for part in BETWEEN_UNITS.split(value) if part]
        for one in names:
            if one not in known:
                reading.unknown(one, f"“{one[:60]}”不在本单位的组织中，未导入")
        return {name: [known[one] for one in names if one in known]}

    return parse
