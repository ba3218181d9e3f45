"""Columns of monthly lists of economic indicators: headers with months and units in them, and how amounts are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from crm.imports.cells import Cell, CellError, text_of
from crm.imports.columns import Column, Parser, Reading, Values, Writer, Written
from parks import parsers
from parks.capital import parse_capital, parse_header_unit
from parks.choices import IndicatorKind, Reach
from parks.import_columns.registration import words
from parks.models.monthly_return import amount_name
from parks.spans import find_span, span_of_cell, without_span

SYNONYMS: dict[str, str] = {
    IndicatorKind.OUTPUT: "产值 工业产值 总产值 规上工业总产值 规模以上工业总产值 工业总产值(现价) 现价产值",
    IndicatorKind.REVENUE: "营收 营业总收入 主营业务收入 销售收入 经营收入 收入",
    IndicatorKind.PROFIT: "利润 净利润 利润额 营业利润",
    IndicatorKind.TAX: "税收收入 税收总额 纳税额 纳税总额 全口径税收 税收合计 入库税收 实缴税金 缴税额 税金 税额 税款",
    IndicatorKind.DISTRICT: "区级税收 区级收入 区级财政收入 区级留成 地方留成 区财力 财力 区级一般公共预算收入",
    IndicatorKind.RESEARCH: "研发投入 研发经费 研究开发费用 R&D经费",
    IndicatorKind.INVESTMENT: "固投 固定资产投资额 完成投资 投资额",
}
TEN_THOUSAND = Decimal(10_000)
ASIDE = "同比、上年同期等"
# What a column says beside an indicator that it is a column of something else.
_OTHER = re.compile(
    r"上年|去年|同期|同比|环比|增幅|增速|增长|增减|增加|±|占比|比重|排名|位次|目标|任务|预计|预测|计划|完成率|进度|%"
)
_TOTAL = re.compile(r"(?:本年|全年|当年|年初至今|年内|年)?累计(?:数|额|值|完成)?|[1一](?:-|—|–|~|至|到)+(?:本月|N月)")
_MONTH = re.compile(r"(?:当月|本月|本期|当期|单月|月度)(?:数|额|值|完成|发生)?")
_UNIT = re.compile(r"[(\[【]?\s*(?:单位[::]?)?(?:亿|千万|百万|十万|万|千)?元\s*[)\]】]?")
_PREFIX = re.compile(r"\A\s*其中[::、，,]?")
_BRACKETS_LEFT = re.compile(r"[(\[【]\s*[)\]】]")
_NEGATIVE = re.compile(r"\A\s*(?:-|－|−|\((?=.*\)\s*\Z))")


def heading(text: str) -> str:
    """``2023年1-5月税收（万元）`` → 税收累计, ``本月税收`` → 税收当月, ``税收同比`` → what is no column of ours."""
    body = unicodedata.normalize("NFKC", text)
    if _OTHER.search(body):
        return ASIDE
    span = find_span(body)
    is_total = bool(_TOTAL.search(body)) or span.is_total
    is_month = not is_total and (bool(_MONTH.search(body)) or bool(span.month))
    rest = body
    for pattern in (_TOTAL, _MONTH, _UNIT, _PREFIX):
        rest = pattern.sub("", rest)
    rest = _BRACKETS_LEFT.sub("", without_span(rest)).strip()
    if not rest or rest == body:
        return text
    return f"{rest}{Reach.TOTAL.label if is_total else Reach.MONTH.label if is_month else ''}"


def of_other_months(headings: Iterable[str]) -> set[int]:
    """Those that name an earlier year or month than the latest one named: a list tells of one month."""
    spans = {place: span for place, text in enumerate(headings) if (span := find_span(text)).month}
    latest = max((span.year for span in spans.values()), default=0)
    named = {place: (span.year or latest, span.month) for place, span in spans.items()}
    return {place for place, months in named.items() if months != max(named.values())}


def amount(name: str) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        raw = text_of(cell)
        sign = -1 if _NEGATIVE.match(unicodedata.normalize("NFKC", raw)) else 1
        text = _NEGATIVE.sub("", unicodedata.normalize("NFKC", raw)) if sign < 0 else raw
        try:
            value = parse_capital(text, parse_header_unit(reading.unit) if reading.unit else None)
        except ValueError as error:
            raise CellError(str(error)) from None
        if value is None:
            return {}
        if value.currency != "CNY":
            raise CellError(f"“{raw[:20]}”不是人民币金额")
        if value.unit_assumed and value.amount:
            reading.doubt("表头、标题和单元格都没有写单位，按万元计，请核对")
        return {name: sign * value.amount}

    return parse


def parse_year(cell: Cell, reading: Reading) -> Values:
    found = re.search(r"(?<!\d)20\d\d(?!\d)", text_of(cell))
    if not found:
        raise CellError(f"“{text_of(cell)[:20]}”不是年份，请写成 2023")
    return {"_year": int(found[0])}


def parse_month(cell: Cell, reading: Reading) -> Values:
    span = span_of_cell(text_of(cell))
    if not span.month:
        raise CellError(f"看不懂的月份“{text_of(cell)[:20]}”，请写成 2023-05 或 2023年1-5月")
    return {"_month": [span.year, span.month, span.is_total]}


def unit_of_the_sheet(texts: Iterable[str]) -> str:
    """Nothing is guessed from the numbers: a firm may pay 3 万元 or 3 元."""
    return ""


def _wan(name: str) -> Writer:
    def write(row: Any) -> Written:
        value = getattr(row, name)
        return None if value is None else (Decimal(value) / TEN_THOUSAND).normalize()

    return write


def _of_kind(kind: IndicatorKind) -> Iterator[Column]:
    """Its month, its total, and what says neither."""
    names = (str(kind.label), *words(SYNONYMS[kind]))
    for reach in Reach:
        yield Column(
            key=amount_name(kind, reach),
            label=f"{kind.label}{reach.label}",
            unit="万元",
            write=_wan(amount_name(kind, reach)),
            parse=amount(amount_name(kind, reach)),
            strong=tuple(f"{name}{reach.label}" for name in names),
            infer_unit=unit_of_the_sheet,
            example="125.6" if reach == Reach.MONTH else "860.25",
        )
    yield Column(
        key=kind.value,
        label=f"{kind.label}（按年月判断）",
        alias_of=amount_name(kind, Reach.TOTAL),
        parse=amount(f"_{kind}"),
        strong=names,
        infer_unit=unit_of_the_sheet,
    )


OWN_COLUMNS = (
    Column(
        key="year",
        label="年份",
        alias_of="month",
        parse=parse_year,
        strong=words("年份 年度 统计年度 所属年份 所属年度"),
        weak=words("年"),
    ),
    Column(
        key="month",
        label="所属月份",
        write=lambda row: f"{row.year}-{row.month:02d}",
        parse=parse_month,
        strong=words("所属月份 所属期 月份 统计月份 期间 所属期间 税款所属期 统计期间 报告期 年月 时间"),
        weak=words("月 日期"),
        example="2024-05",
        hint="写成 2024-05；标题、表头或文件名里写明了的可以没有这一列",
    ),
    *(column for kind in IndicatorKind for column in _of_kind(kind)),
    # Known, so that a list that is full of them is recognised; worked out anew and not taken over.
    Column(
        key="aside",
        label=f"{ASIDE}（不导入）",
        alias_of="month",
        parse=lambda cell, reading: {},
        strong=(ASIDE,),
        may_repeat=True,
    ),
    Column(
        key="as_of",
        label="数据截止日",
        write=lambda row: row.as_of,
        parse=parsers.date("as_of"),
        strong=words("数据截止日 截止日期 统计日期 取数日期 数据日期"),
        hint="不写时按当月最后一天",
    ),
    Column(
        key="source",
        label="来源",
        write=lambda row: row.source,
        parse=parsers.text("source", 60),
        strong=words("来源 数据来源 资料来源"),
        example="税务月报",
    ),
)
