"""Columns of the bulletins in which the city or district publishes how institutions rank."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from crm.imports.cells import Cell, CellError, plain, text_of
from crm.imports.columns import Column, Parser, Reading, Values, Written
from parks import parsers
from parks.spans import span_of_cell
from reports.evaluation.choices import Area

_NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)}
_RANK = re.compile(
    r"(?:并列)?第?\s*(\d{1,4}|[一二三四五六七八九]?十?[一二三四五六七八九]?)\s*[名位]?(?:\s*[/／]\s*(\d{1,4}))?"
)


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def rank(name: str) -> Parser:
    """``3``, ``第三名``, ``3/35``: with how many were ranked where it says so."""

    def parse(cell: Cell, reading: Reading) -> Values:
        text = plain(text_of(cell))
        found = _RANK.fullmatch(text)
        number = _number(found[1]) if found else 0
        if not found or not number:
            raise CellError(f"“{text[:20]}”不是名次，请写成 3 或 3/35")
        return {name: number} | ({f"{name}_of": int(found[2])} if found[2] else {})

    return parse


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return _NUMERALS.get(text, 0)
    tens, ones = text.split("十")
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)


def count(name: str) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        text = plain(text_of(cell)).rstrip("个家")
        if not text.isdecimal() or not 0 < int(text) < 10_000:
            raise CellError(f"“{text[:20]}”不是单位数")
        return {name: int(text)}

    return parse


def score(name: str) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        text = plain(text_of(cell)).rstrip("分")
        try:
            value = Decimal(text).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise CellError(f"“{text[:20]}”不是得分") from None
        if not 0 <= value < 10_000:
            raise CellError(f"“{text[:20]}”不是合理的得分")
        return {name: value}

    return parse


def parse_month(cell: Cell, reading: Reading) -> Values:
    span = span_of_cell(text_of(cell))
    if not span.month:
        raise CellError(f"看不懂的月份“{text_of(cell)[:20]}”，请写成 2023-11")
    return {"_month": [span.year, span.month, span.is_total]}


def parse_area(cell: Cell, reading: Reading) -> Values:
    text = text_of(cell)
    for area in Area:
        if area.label[-1] in text:
            return {"area": area.value}
    raise CellError(f"“{text[:20]}”看不出是全市还是全区")


def field(name: str) -> Callable[[Any], Written]:
    return lambda row: getattr(row, name)


COLUMNS = (
    Column(
        key="month",
        label="月份",
        is_needed=True,
        write=lambda row: f"{row.month:%Y-%m}",
        parse=parse_month,
        strong=words("月份 考评月份 考核月份 年月 所属月份 时间 期间"),
        example="2023-11",
        hint="写成 2023-11；标题或文件名里写明了的可以没有这一列",
    ),
    Column(
        key="unit",
        label="被考评单位",
        write=lambda row: row.organisation.name,
        parse=lambda cell, reading: {"_unit": " ".join(text_of(cell).split())},
        strong=words("被考评单位 考评单位 单位名称 街乡镇 街道乡镇 镇街 属地 单位 乡镇 街道"),
        weak=words("名称"),
        hint="通报里别的单位的行会跳过；不写时是上传时选的单位",
    ),
    Column(
        key="area",
        label="范围",
        write=lambda row: row.get_area_display(),
        parse=parse_area,
        strong=words("范围 排名范围 考评范围"),
        words=tuple(Area.labels),
        example="全市",
    ),
    Column(
        key="rank",
        label="名次",
        is_needed=True,
        write=field("rank"),
        parse=rank("rank"),
        strong=words("名次 排名 位次 排序"),
        example="2",
        hint="3、第三名、3/35 都认得",
    ),
    Column(
        key="out_of",
        label="参评单位数",
        write=field("out_of"),
        parse=count("out_of"),
        strong=words("参评单位数 参评单位 参评数 单位总数 参评总数"),
        example="35",
    ),
    Column(
        key="score",
        label="得分",
        write=field("score"),
        parse=score("score"),
        strong=words("得分 总分 综合得分 考评得分 考核得分 成绩 综合成绩 总得分"),
        example="98.6",
    ),
    *(
        Column(
            key=f"{area.value}_{what}",
            label=f"{area.label}{title}",
            alias_of=what,
            parse=make(f"_{area.value}_{what}"),
            strong=tuple(
                f"{begin}{word}" for begin in (area.label, area.label[-1], f"{area.label[-1]}级") for word in known
            ),
        )
        for area in Area
        for what, title, make, known in (
            ("rank", "名次", rank, ("排名", "名次", "位次", "排序")),
            ("score", "得分", score, ("得分", "成绩", "总分")),
        )
    ),
    Column(
        key="source",
        label="出处",
        write=field("source"),
        parse=parsers.text("source", 200),
        strong=words("出处 来源 文件 文号 通报文号 依据"),
        example="2023 年 11 月考评通报",
    ),
)
