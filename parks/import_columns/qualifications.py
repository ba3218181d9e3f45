"""Columns of lists of qualifications, how their cells are read, and the words people use for each title."""

from __future__ import annotations

import unicodedata
from typing import Any

from crm.imports.cells import Cell, CellError, plain, text_of
from crm.imports.columns import Column, Parser, Reading, Values, Writer
from parks import parsers
from parks.import_columns.registration import words
from parks.models import QualificationKind

# Beside code, name and short name of the catalogue.
ALIASES = {
    "HNTE": "高新 高企 国高新 高新技术企业 国家级高新技术企业 国家高新 国高",
    "GIANT": "小巨人 专精特新小巨人 国家级专精特新小巨人 国家级小巨人 专精特新“小巨人”企业 国家级专精特新“小巨人”",
    "GIANT_KEY": "重点小巨人 国家级重点小巨人",
    "SRDI": "专精特新 市级专精特新 专精特新中小企业 北京市专精特新 北京市专精特新中小企业 市专精特新",
    "INNO_SME": "创新型中小企业 创新型",
    "TECH_SME": "科技型中小企业 科小",
    "ZGC_HT": "中关村高新 中关村高新技术企业 村高新",
    "GREEN_N": "国家级绿色工厂 国家绿色工厂 绿色工厂",
    "GREEN_M": "市级绿色工厂 北京市绿色工厂",
    "POSTDOC": "博士后工作站 博士后科研工作站",
    "POSTDOC_B": "博士后分站 博士后科研工作站分站 博士后工作站分站",
    "CHAMPION": "单项冠军 制造业单项冠军",
    "UNICORN": "独角兽",
    "GAZELLE": "瞪羚",
    "NEEQ": "新三板",
    "LISTED": "上市 上市公司",
}
_DROPPED = dict.fromkeys(map(ord, " “”\"'‘’（）()《》"))


def kind_key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DROPPED).upper()


def kinds_by_word() -> dict[str, int]:
    """Every word for a kind → its key; a word of the catalogue goes before an alias."""
    kinds = list(QualificationKind.objects.order_by("-position"))
    found: dict[str, int] = {}
    for kind in kinds:
        found |= {kind_key(word): kind.pk for word in ALIASES.get(kind.code, "").split()}
    for kind in kinds:
        found |= {kind_key(word): kind.pk for word in (kind.short_name, kind.code, kind.name) if word}
    return found


def parse_kind(cell: Cell, reading: Reading) -> Values:
    value = text_of(cell)
    kind = reading.lookups["kinds"].get(kind_key(value))
    if kind is None:
        raise CellError(f"资质目录中没有“{value[:30]}”，请改成目录中的名称", word=plain(value))
    return {"kind_id": kind}


def _date(name: str) -> Parser:
    read: Any = parsers.date(name)
    return lambda cell, reading: {} if text_of(cell) in ("长期", "长期有效") else read(cell, reading)


def _field(name: str) -> Writer:
    return lambda row: getattr(row, name)


OWN_COLUMNS = (
    Column(
        key="kind",
        is_needed=True,
        label="资质",
        parse=parse_kind,
        write=lambda row: row.kind.name,
        strong=words("资质 资质名称 资质类别 资质类型 荣誉 荣誉名称 认定类型 认定名称 证书名称 称号"),
        weak=words("类型 类别 名称 级别"),
        example="国家高新技术企业",
        hint="资质目录中的名称或简称",
    ),
    Column(
        key="batch",
        write=_field("batch"),
        label="批次",
        parse=parsers.text("batch", 40),
        strong=words("批次 认定批次 公示批次"),
        example="2024 年第一批",
    ),
    Column(
        key="number",
        write=_field("number"),
        label="证书编号",
        parse=parsers.text("number", 60),
        strong=words("证书编号 编号 高企证书编号 证书号 文号"),
        example="GR202411000001",
    ),
    Column(
        key="rule_version",
        write=_field("rule_version"),
        label="认定办法",
        parse=parsers.text("rule_version", 60),
        strong=words("认定办法 认定依据"),
    ),
    Column(
        key="valid_from",
        write=_field("valid_from"),
        is_needed=True,
        label="有效期自",
        parse=_date("valid_from"),
        strong=words("有效期自 有效期起 发证日期 发证时间 认定日期 认定时间 获批时间 获得时间 授予时间 起始日期"),
        example="2024-10-29",
    ),
    Column(
        key="valid_to",
        write=_field("valid_to"),
        label="有效期至",
        parse=_date("valid_to"),
        strong=words("有效期至 有效期止 到期日期 到期时间 截止日期 有效期"),
        example="2027-10-28",
        hint="最后一个有效日；长期有效写“长期”",
    ),
    Column(
        key="withdrawn_on",
        write=_field("withdrawn_on"),
        label="撤销日期",
        parse=_date("withdrawn_on"),
        strong=words("撤销日期 取消日期 撤销时间"),
    ),
    Column(
        key="withdrawn_reason",
        label="撤销原因",
        write=_field("withdrawn_reason"),
        parse=parsers.text("withdrawn_reason", 200),
        strong=words("撤销原因 取消原因"),
    ),
    Column(
        key="remark",
        label="备注",
        write=_field("remark"),
        parse=parsers.text("remark", 200),
        strong=words("备注 说明"),
    ),
)
