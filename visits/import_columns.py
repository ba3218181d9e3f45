"""The columns of lists of visits and appeals, and the headers under which lists write them."""

from __future__ import annotations

from crm.imports.resource import Column
from parks.resources.firms import firm_columns
from visits import import_parsers as parsers
from visits.choices import (
    AppealCategory,
    AppealClass,
    AppealSource,
    Result,
    Satisfaction,
    Solved,
    Urgency,
    VisitKind,
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VISIT_COLUMNS = (
    *firm_columns(several=True),
    Column(
        key="started_at",
        is_needed=True,
        label="走访时间",
        parse=parsers.moment("started_at"),
        strong=_words("走访时间 走访日期 调研时间 调研日期 座谈时间 活动时间 开始时间"),
        weak=_words("时间 日期"),
        example="2024-11-05 14:30",
        hint="没有写几点的按 9:00",
    ),
    Column(
        key="kind",
        label="形式",
        parse=parsers.choice("kind", parsers.VISIT_KINDS, "形式", must_ask=True),
        strong=_words("形式 走访形式 走访方式 调研形式 走访类型 活动形式"),
        weak=_words("方式 类型"),
        words=tuple(VisitKind.labels),
        hint="不填按走访调研",
    ),
    Column(
        key="staff",
        label="走访人",
        parse=parsers.people("_staff"),
        between=parsers.BETWEEN_PEOPLE,
        strong=_words("走访人 走访人员 走访干部 参加人员 记录人 服务管家 带队领导 走访领导 调研人"),
        weak=_words("人员 负责人"),
        example="张三、李四",
        hint="本单位人员的姓名，第一位作为记录人",
    ),
    Column(
        key="topic",
        label="主题",
        parse=parsers.text("topic", 200),
        strong=_words("主题 走访主题 事由 走访事由"),
        example="了解三季度经营情况",
    ),
    Column(
        key="summary",
        label="走访内容",
        parse=parsers.text("summary", 20_000),
        strong=_words("走访内容 走访情况 谈了什么 主要内容 走访记录 调研内容 座谈内容 情况说明"),
        weak=_words("内容 备注"),
        example="企业反映末班车偏早，其余平稳。",
    ),
    Column(
        key="place",
        label="地点",
        parse=parsers.text("place", 200),
        strong=_words("地点 走访地点 活动地点 会议地点"),
    ),
    Column(
        key="next_visit_on",
        label="下次走访",
        parse=parsers.day("next_visit_on"),
        strong=_words("下次走访 下次走访时间 下次走访日期 计划下次走访"),
    ),
)

APPEAL_COLUMNS = (
    Column(
        key="number",
        label="编号",
        parse=parsers.text("number", 20),
        strong=_words("编号 诉求编号 工单编号 工单号 受理编号"),
        hint="不填由系统编号；填了的，同一编号只导入一次",
    ),
    *firm_columns(several=False),
    Column(
        key="content",
        is_needed=True,
        label="诉求内容",
        parse=parsers.text("content", 20_000),
        strong=_words("诉求内容 反映内容 问题描述 主要内容 诉求 企业诉求 问题及诉求 诉求事项"),
        weak=_words("内容 标题 问题"),
        example="园区班车末班偏早，员工加班后无车可乘",
    ),
    Column(
        key="submitted_at",
        is_needed=True,
        label="提出时间",
        parse=parsers.moment("submitted_at"),
        strong=_words("提出时间 来电时间 登记时间 创建时间 诉求时间 提出日期 诉求日期 登记日期 反映时间"),
        weak=_words("时间 日期"),
        example="2024-11-05",
    ),
    Column(
        key="source",
        label="来源",
        parse=parsers.choice("source", parsers.SOURCES, "来源"),
        strong=_words("来源 诉求来源 工单类型"),
        words=tuple(AppealSource.labels),
    ),
    Column(
        key="category",
        label="类别",
        parse=parsers.choice("category", parsers.CATEGORIES, "类别"),
        strong=_words("类别 诉求类别 问题分类 诉求类型 诉求分类"),
        words=tuple(AppealCategory.labels),
    ),
    Column(
        key="appeal_class",
        label="时限类别",
        parse=parsers.choice("appeal_class", parsers.CLASSES, "时限类别"),
        strong=_words("时限类别 办理类别"),
        words=tuple(AppealClass.labels),
    ),
    Column(
        key="urgency",
        label="紧急程度",
        parse=parsers.choice("urgency", parsers.URGENCIES, "紧急程度"),
        strong=_words("紧急程度 缓急"),
        words=tuple(Urgency.labels),
    ),
    Column(
        key="author",
        label="登记人",
        parse=parsers.people("_author"),
        between=parsers.BETWEEN_PEOPLE,
        strong=_words("登记人 记录人 提交人 受理人"),
        hint="本单位人员的姓名",
    ),
    Column(
        key="status",
        label="状态",
        parse=parsers.parse_status,
        strong=_words("状态 办理状态 工单状态 诉求状态 办理进度 是否办结"),
        words=("待受理", "已受理", "办理中", "待审核", "已办结", "已回访", "已归档", "不予受理", "已撤回"),
        hint="不填按已有的时间推断",
    ),
    Column(
        key="accepted_at",
        label="受理时间",
        parse=parsers.moment("accepted_at"),
        strong=_words("受理时间 受理日期"),
    ),
    Column(
        key="lead",
        label="领办单位",
        parse=parsers.units("_lead"),
        between=parsers.BETWEEN_UNITS,
        strong=_words("领办单位 主办单位 承办单位 办理单位 责任单位 主办科室 承办科室 责任科室"),
    ),
    Column(
        key="joint",
        label="联办单位",
        parse=parsers.units("_joint"),
        between=parsers.BETWEEN_UNITS,
        strong=_words("联办单位 协办单位 配合单位"),
    ),
    Column(
        key="answered_at",
        label="答复时间",
        parse=parsers.moment("answered_at"),
        strong=_words("答复时间 回复时间 答复日期"),
    ),
    Column(
        key="result",
        label="办理结果",
        parse=parsers.parse_result,
        strong=_words("办理结果 办理结论"),
        words=tuple(Result.labels),
    ),
    Column(
        key="result_text",
        label="答复内容",
        parse=parsers.text("result_text", 20_000),
        strong=_words("答复内容 回复内容 办理情况 办理过程 处理情况 解决措施 不予受理理由"),
    ),
    Column(
        key="closed_at",
        label="办结时间",
        parse=parsers.moment("closed_at"),
        strong=_words("办结时间 完成时间 结案时间 办结日期"),
    ),
    Column(
        key="called_at",
        label="回访时间",
        parse=parsers.moment("_called_at"),
        strong=_words("回访时间 回访日期"),
    ),
    Column(
        key="solved",
        label="是否解决",
        parse=parsers.choice("_solved", parsers.SOLVED, "是否解决", must_ask=True),
        strong=_words("是否解决 解决情况"),
        words=tuple(Solved.labels),
    ),
    Column(
        key="satisfaction",
        label="是否满意",
        parse=parsers.choice("_satisfaction", parsers.SATISFIED, "是否满意", must_ask=True),
        strong=_words("是否满意 满意度 评价结果 满意情况"),
        words=tuple(Satisfaction.labels),
    ),
    Column(
        key="respondent",
        label="受访人",
        parse=parsers.text("_respondent", 50),
        strong=_words("受访人 回访对象"),
    ),
    Column(
        key="comment",
        label="企业意见",
        parse=parsers.text("_comment", 20_000),
        strong=_words("企业意见 回访意见 回访情况"),
    ),
)
