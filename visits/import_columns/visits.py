"""The columns of lists of visits, and the headers under which lists write them."""

from __future__ import annotations

from crm.imports.columns import Column
from parks.resources.firms import firm_columns
from visits import import_parsers as parsers
from visits import import_writing as writing
from visits.choices import (
    VisitKind,
    VisitStatus,
)

BY_FIRM = "一家企业一行，“企业：内容”；只有一家的可不写企业"


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VISIT_COLUMNS = (
    *firm_columns(several=True, write=writing.firms, write_code=writing.codes),
    Column(
        key="started_at",
        write=writing.moment("started_at"),
        is_needed=True,
        label="走访时间",
        parse=parsers.moment("started_at"),
        strong=words("走访时间 走访日期 调研时间 调研日期 座谈时间 活动时间 开始时间"),
        weak=words("时间 日期"),
        example="2024-11-05 14:30",
        hint="没有写几点的按 9:00",
    ),
    Column(
        key="kind",
        write=writing.label("kind"),
        label="形式",
        parse=parsers.choice("kind", parsers.VISIT_KINDS, "形式", must_ask=True),
        strong=words("形式 走访形式 走访方式 调研形式 走访类型 活动形式"),
        weak=words("方式 类型"),
        words=tuple(VisitKind.labels),
        hint="不填按走访调研",
    ),
    Column(
        key="staff",
        write=writing.staff,
        label="走访人",
        parse=parsers.people("_staff"),
        between=parsers.BETWEEN_PEOPLE,
        strong=words("走访人 走访人员 走访干部 参加人员 记录人 服务管家 带队领导 走访领导 调研人"),
        weak=words("人员 负责人"),
        example="张三、李四",
        hint="本单位人员的姓名，第一位作为记录人",
    ),
    Column(
        key="topic",
        write=writing.field("topic"),
        label="主题",
        parse=parsers.text("topic", 200),
        strong=words("主题 走访主题 事由 走访事由"),
        example="了解三季度经营情况",
    ),
    Column(
        key="summary",
        write=writing.field("summary"),
        label="走访内容",
        parse=parsers.text("summary", 20_000),
        strong=words("走访内容 走访情况 谈了什么 主要内容 走访记录 调研内容 座谈内容 情况说明"),
        weak=words("内容 备注"),
        example="企业反映末班车偏早，其余平稳。",
    ),
    Column(
        key="place",
        write=writing.field("place"),
        label="地点",
        parse=parsers.text("place", 200),
        strong=words("地点 走访地点 活动地点 会议地点"),
    ),
    Column(
        key="next_visit_on",
        write=writing.field("next_visit_on"),
        label="下次走访",
        parse=parsers.day("next_visit_on"),
        strong=words("下次走访 下次走访时间 下次走访日期 计划下次走访"),
    ),
    Column(
        key="status",
        write=writing.label("status"),
        label="状态",
        parse=parsers.choice("_status", parsers.VISIT_STATUSES, "状态"),
        strong=words("状态 走访状态"),
        words=tuple(VisitStatus.labels),
        hint="不填按时间：已过的为已完成",
    ),
    Column(
        key="cancel_reason",
        write=writing.field("cancel_reason"),
        label="取消原因",
        parse=parsers.text("_cancel_reason", 300),
        strong=words("取消原因"),
    ),
    Column(
        key="absent",
        write=writing.absent,
        label="缺席企业",
        parse=parsers.text("_absent", 20_000),
        strong=words("缺席企业 缺席单位"),
        hint="请了没来的企业，不计家次",
    ),
    Column(
        key="attendees",
        write=writing.attendees,
        label="企业参加人",
        parse=parsers.text("_attendees", 20_000),
        strong=words("企业参加人 企业参加人员 企业方人员"),
        hint=f"{BY_FIRM}，例如“北京某某科技有限公司：陈经理”",
    ),
    Column(
        key="notes",
        write=writing.notes,
        label="各企业情况",
        parse=parsers.text("_notes", 20_000),
        strong=words("各企业情况 分企业情况"),
        hint=BY_FIRM,
    ),
    Column(
        key="answers",
        write=writing.answers,
        label="问卷答案",
        parse=parsers.text("_answers", 20_000),
        strong=words("问卷答案 问卷"),
        hint=f"{BY_FIRM}，“问题：答案”用分号隔开；不触发预警",
    ),
    Column(
        key="suggestions",
        write=writing.suggestions,
        label="提出建议",
        parse=parsers.text("_suggestions", 20_000),
        strong=words("提出建议 企业建议 意见建议"),
        hint="一条一行，前面可写“企业：”",
    ),
)
