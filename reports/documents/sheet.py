"""诉求办理单: one appeal from receipt to what the enterprise said. How it is printed is up to the formats."""

from __future__ import annotations

from datetime import datetime

from crm.models import User
from crm.scoping import visible
from reports.documents.files import facts, file_of, listing, moment, prose
from reports.formats import short_date
from reports.report import Part, Report
from visits.models import Appeal, AppealEvent, AppealFile, AppealRequest, CallBack, JointUnit

KILO = 1024


def build_sheet(appeal: Appeal, user: User, now: datetime) -> Report:
    parts = (
        basics(appeal, user),
        prose("content", "诉求内容", appeal.content),
        clock(appeal, now),
        joint_units(appeal),
        result(appeal),
        timeline(appeal, user),
        requests(appeal, user),
        call_backs(appeal, user),
        evidence(appeal, user),
    )
    return file_of("appeal_sheet", "诉求办理单", appeal.number, user, now, parts)


def basics(one: Appeal, user: User) -> Part:
    # Whom to call: for those who look after the enterprise and for the unit that handles its appeal.
    may_call = user.has_perm("parks.view_contact") or user.has_perm("visits.handle_appeal")
    contact = one.contact if may_call else None
    pairs = (
        ("编号", one.number),
        ("企业", one.enterprise.name),
        ("联系人", f"{contact.name} {contact.post}".strip() if contact else ""),
        ("来源", one.get_source_display()),
        ("类别", one.get_category_display()),
        ("时限类别", one.get_appeal_class_display()),
        ("紧急程度", one.get_urgency_display()),
        ("领办单位", one.lead_unit.name if one.lead_unit else "尚未派单"),
        ("状态", one.get_status_display()),
        ("办理轮次", f"第{one.round}轮"),
        ("登记", f"{one.created_by}，{moment(one.created_at)}"),
    )
    return facts("basics", "基本情况", pairs)


def clock(one: Appeal, now: datetime) -> Part:
    state = one.due_state(now)
    pairs = (
        ("提交", moment(one.submitted_at)),
        ("受理", moment(one.accepted_at)),
        ("派单", moment(one.dispatched_at)),
        ("签收", moment(one.signed_at)),
        ("首次联系时限", moment(one.contact_due_at)),
        ("首次联系", moment(one.first_contact_at)),
        ("办理时限", moment(one.due_at)),
        ("时限情况", state.text if state else ""),
        ("答复", moment(one.answered_at)),
        ("办结", moment(one.closed_at)),
        *((("挂起", f"{moment(one.paused_at)}，至 {short_date(one.paused_until)}"),) if one.paused_at else ()),
        *((("挂账", f"{moment(one.shelved_at)}，{short_date(one.review_on)} 复核"),) if one.shelved_at else ()),
        *((("剔除", f"{moment(one.excluded_at)}，{one.excluded_reason}"),) if one.excluded_at else ()),
    )
    return facts("clock", "办理时限", pairs)


def joint_units(one: Appeal) -> Part | None:
    found = JointUnit.objects.filter(appeal=one).select_related("unit").order_by("pk")
    rows = [
        (row.unit.name, row.get_status_display(), moment(row.due_at), moment(row.answered_at), row.answer)
        for row in found
    ]
    labels = ("联办单位", "状态", "反馈时限", "反馈时间", "反馈内容")
    return listing("joint_units", "联办单位", labels, rows, "") if rows else None


def result(one: Appeal) -> Part | None:
    if not one.result:
        return None
    return prose("result", "办理结果", f"{one.get_result_display()}。\n{one.result_text}")


def timeline(one: Appeal, user: User) -> Part | None:
    events = visible(AppealEvent, user).filter(appeal=one).select_related("actor").order_by("at", "pk")
    rows = [(moment(event.at), event.label, event.who, event.note) for event in events]
    part = listing("timeline", "办理过程", ("时间", "步骤", "操作人", "说明"), rows, "还没有办理过程。")
    return part if user.has_perm("visits.view_appealevent") else None


def requests(one: Appeal, user: User) -> Part | None:
    found = AppealRequest.objects.filter(appeal=one).select_related("asked_by", "decided_by").order_by("pk")
    rows = [
        (row.get_kind_display(), f"{row.asked_by}，{moment(row.asked_at)}", row.reason, decision(row)) for row in found
    ]
    return listing("requests", "申请与审批", ("事项", "申请", "理由", "审批"), rows, "") if rows else None


def decision(row: AppealRequest) -> str:
    if row.is_pending:
        return "待审批"
    said = "同意" if row.is_granted else "不同意"
    return f"{said}，{row.decided_by}，{moment(row.decided_at)}{f'：{row.note}' if row.note else ''}"


def call_backs(one: Appeal, user: User) -> Part | None:
    if not user.has_perm("visits.view_callback"):
        return None
    found = CallBack.objects.visible_to(user).filter(appeal=one).select_related("called_by").order_by("called_at", "pk")
    rows = [(moment(row.called_at), row.get_via_display(), row.who, answer(row), row.comment) for row in found]
    labels = ("时间", "方式", "回访人", "企业答复", "企业意见")
    return listing("call_backs", "回访评价", labels, rows, "还没有回访。")


def answer(row: CallBack) -> str:
    if not row.is_reached:
        return "未接通"
    contacted = {True: "已联系", False: "未联系", None: ""}[row.is_contacted]
    said = "，".join(filter(None, [contacted, row.get_solved_display(), row.get_satisfaction_display()]))
    return said if row.stands else f"{said}（不计入评价）"


def evidence(one: Appeal, user: User) -> Part | None:
    found = visible(AppealFile, user).filter(appeal=one).select_related("uploaded_by").order_by("pk")
    rows = [(row.name, size(row.size), str(row.uploaded_by), moment(row.created_at)) for row in found]
    part = listing("evidence", "佐证材料", ("文件", "大小", "上传人", "上传时间"), rows, "没有佐证材料。")
    return part if user.has_perm("visits.view_appealfile") else None


def size(octets: int) -> str:
    return f"{-(-octets // KILO)} KB" if octets < KILO * KILO else f"{octets / KILO / KILO:.1f} MB"
