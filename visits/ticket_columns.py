"""The columns of lists of hotline tickets (domain §11.1), and how their cells are read and written."""

from __future__ import annotations

import re
from typing import Any

from crm.imports.cells import Cell, plain, text_of
from crm.imports.columns import Column, Parser, Reading, Values, Writer, Written
from visits import import_parsers as parsers
from visits import import_writing as writing
from visits.choices import Satisfaction, Solved, TicketStatus

STATUSES: parsers.Words = (
    ("作废|撤单|撤销|撤回|取消|无效", TicketStatus.CANCELLED),
    ("退回|退单", TicketStatus.RETURNED),
    ("(未|待|没).*(办结|完成|结案)|待审|办理中|处理中|在办|正在|挂账|延期", TicketStatus.HANDLING),
    ("待(办|派|分派|受理|签收|接收)|未(受理|派|签收|接收)", TicketStatus.PENDING),
    ("办结|结案|完成|归档|回访|已回复|已答复|已反馈|关闭", TicketStatus.CLOSED),
    ("受理|派单|签收|接收|承办", TicketStatus.HANDLING),
)
_NO, _YES = re.compile("否|未|没|不|无"), re.compile("是|有|已|联系|对")
LONGEST = 20_000


def yes_or_no(name: str, label: str) -> Parser:
    def parse(cell: Cell, reading: Reading) -> Values:
        value = plain(text_of(cell))
        if _NO.search(value) or _YES.search(value):
            return {name: not _NO.search(value)}
        reading.unknown(value, f"{label}“{value[:20]}”不认识，这一项未导入", must_ask=True)
        return {}

    return parse


def written_yes_or_no(name: str) -> Writer:
    def write(row: Any) -> Written:
        value = getattr(row, name)
        return None if value is None else "是" if value else "否"

    return write


def _text(key: str, label: str, headers: str, most: int = LONGEST, **more: Any) -> Column:
    return Column(
        key=key,
        label=label,
        parse=parsers.text(key, most),
        write=writing.field(key),
        strong=tuple(headers.split()),
        **more,
    )


def _moment(key: str, label: str, headers: str, **more: Any) -> Column:
    return Column(
        key=key,
        label=label,
        parse=parsers.moment(key),
        write=writing.moment(key),
        strong=tuple(headers.split()),
        **more,
    )


def _yes_or_no(key: str, label: str, headers: str) -> Column:
    return Column(
        key=key,
        label=label,
        parse=yes_or_no(key, label),
        write=written_yes_or_no(key),
        strong=tuple(headers.split()),
        words=("是", "否"),
    )


def _choice(key: str, label: str, table: parsers.Words, words: list[str], headers: str) -> Column:
    return Column(
        key=key,
        label=label,
        parse=parsers.choice(key, table, label, must_ask=True),
        write=writing.label(key),
        strong=tuple(headers.split()),
        words=tuple(words),
    )


TICKET_COLUMNS = (
    _text(
        "number",
        "工单编号",
        "工单编号 工单号 诉求编号 受理编号 编号 热线编号",
        60,
        example="BJ20231105000123",
        hint="同一编号再次导入时更新这张工单",
    ),
    _text("kind", "工单类型", "工单类型 诉求类型 工单类别", 100),
    _text("category", "问题分类", "问题分类 一级分类 一级问题分类 问题类别", 200),
    _text("category_2", "二级分类", "二级分类 二级问题分类", 200),
    _text("category_3", "三级分类", "三级分类 三级问题分类", 200),
    _text("tags", "标签", "标签 工单标签", 500),
    _text("title", "标题", "标题 工单标题 诉求标题", 500, example="园区班车末班偏早"),
    _text("content", "主要内容", "主要内容 诉求内容 反映内容 问题描述 工单内容", weak=("内容",)),
    _choice("status", "工单状态", STATUSES, TicketStatus.labels, "工单状态 状态 办理状态 处理状态 当前状态"),
    _text("caller", "来电人", "来电人 来电人姓名 反映人 诉求人 诉求人姓名", 100),
    _text("caller_phone", "来电人电话", "来电人电话 来电人电话/账号 来电号码 来电电话 联系电话 反映人电话", 100),
    _text("district", "被反映区", "被反映区 所属区 区", 100),
    _text("town", "被反映街乡镇", "被反映街乡镇 街乡镇 街道乡镇 被反映街道", 100),
    _text("community", "村/社区", "村/社区 村社区 社区 村", 200),
    _text("place", "小区点位", "小区点位 点位 小区 详细地址", 300),
    _text("result", "办理结果", "办理结果 处理结果"),
    _text("reply", "回复内容", "回复内容 答复内容 反馈内容 办理情况"),
    _text("accept_way", "处理受理方式", "处理受理方式 受理方式 来电渠道 诉求渠道", 100),
    _text("lead_unit", "主办单位", "主办单位 承办单位 办理单位 责任单位 二级承办单位简称 二级承办单位", 200),
    _moment(
        "called_at",
        "来电时间",
        "来电时间 受理时间 创建时间 登记时间 诉求时间",
        is_needed=True,
        example="2023-11-05 14:30",
        hint="没有写几点的按 9:00",
    ),
    _moment("closed_at", "办结时间", "办结时间 完成时间 结案时间"),
    _text(
        "firm_name",
        "企业名称",
        "企业名称 公司名称 单位名称 被反映企业 诉求企业 反映企业",
        200,
        example="北京某某科技有限公司",
        hint="不填而电话也对不上的，作为居民工单",
    ),
    _yes_or_no("is_valid_call_back", "是否有效回访", "是否有效回访 有效回访"),
    _yes_or_no("is_contacted", "是否联系", "是否联系 联系情况 是否响应"),
    _choice("solved", "是否解决", parsers.SOLVED, Solved.labels, "是否解决 解决情况"),
    _choice("satisfaction", "是否满意", parsers.SATISFIED, Satisfaction.labels, "是否满意 满意度 评价结果 满意情况"),
    _text("nature", "工单性质", "工单性质 诉求性质", 100),
)
