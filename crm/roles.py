"""What a user may do: one table of roles. Which rows is another question (crm/scoping.py)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A post: its name on screen, where its holder starts, and what it may do."""

    label: str
    home: str
    permissions: frozenset[str]
    is_administrative: bool = False


def _perms(text: str) -> frozenset[str]:
    return frozenset(text.split())


READ = _perms(
    "parks.view_park parks.view_enterprise parks.view_contact parks.view_qualification parks.view_tag"
    " parks.view_stewardship parks.view_servicetier visits.view_visit visits.view_visitenterprise"
    " visits.view_appeal visits.view_appealevent visits.view_callback visits.view_photo visits.view_appealfile"
    " visits.view_question visits.view_visitanswer visits.view_warningflag visits.view_suggestion visits.view_notice"
    " visits.view_commonmatter"
    " visits.view_hotlineticket"
    " crm.view_organisation crm.view_user crm.view_savedview crm.add_savedview crm.view_calendarday"
)
REPORT = _perms("reports.view_report reports.view_scorescheme reports.view_officialresult reports.view_reportissue")
# Two people see a report before it goes out: a manager drafts, another than the author reviews, either issues.
DRAFT_REPORT = _perms(
    "reports.add_report reports.issue_report reports.change_reportschedule reports.view_reportschedule"
)
SIGN_REPORT = _perms("reports.review_report reports.issue_report")
SENSITIVE = _perms("reports.view_sensitive parks.view_indicator parks.view_monthlyreturn")
ECONOMY = _perms("parks.change_monthlyreturn parks.import_monthlyreturn")
REGISTER = _perms(
    "parks.add_enterprise parks.change_enterprise parks.add_contact parks.change_contact parks.add_qualification"
    " parks.change_qualification parks.import_enterprise parks.import_qualification parks.undo_import"
    " crm.view_importbatch"
)
CATALOGUE = _perms("parks.add_qualificationkind parks.change_qualificationkind")
VISIT = _perms(
    "visits.add_visit visits.change_visit visits.add_appeal visits.change_appeal visits.change_warningflag"
    " visits.urge_appeal"
)
QUESTIONS = _perms("visits.add_question visits.change_question")
# Lists name who visited and who asked: whoever imports them writes in the name of others.
CORRECT = _perms("visits.change_any_visit visits.import_visit visits.import_appeal parks.undo_any_import")
DESK = _perms(
    "visits.accept_appeal visits.dispatch_appeal visits.review_appeal visits.call_back_appeal visits.change_suggestion"
    " visits.change_commonmatter"
)
TICKETS = _perms("visits.import_hotlineticket visits.change_hotlineticket crm.view_importbatch")
PRESS = _perms("visits.urge_appeal visits.supervise_appeal")
HANDLE = _perms("visits.handle_appeal")
CALENDAR = _perms("crm.view_calendarday crm.change_calendarday")
EVALUATE = _perms(
    "reports.change_scorescheme reports.change_officialresult reports.view_hallscreen reports.change_hallscreen"
)
DOWNLOAD = _perms("reports.download_report parks.export_enterprise")

# Business roles read business data; administrative roles (三权分立) read none of it, and as a user has one role
# nobody can hold two of them.
ROLES: dict[str, Role] = {
    "leader": Role("领导", "reports:dashboard", READ | REPORT | DOWNLOAD | PRESS | SIGN_REPORT | SENSITIVE),
    "manager": Role(
        "主管",
        "reports:dashboard",
        READ
        | REPORT
        | DOWNLOAD
        | REGISTER
        | CATALOGUE
        | VISIT
        | CORRECT
        | QUESTIONS
        | DESK
        | TICKETS
        | HANDLE
        | PRESS
        | CALENDAR
        | EVALUATE
        | DRAFT_REPORT
        | SENSITIVE
        | ECONOMY,
    ),
    "steward": Role("服务管家", "visits:today", READ | REPORT | REGISTER | VISIT),
    "desk": Role("受理员", "visits:appeal_list", READ | REPORT | VISIT | DESK | TICKETS),
    "unit": Role(
        "承办单位",
        "visits:appeal_list",
        _perms(
            "visits.view_notice visits.view_appeal visits.view_appealevent visits.view_callback visits.view_appealfile"
            " crm.view_organisation crm.view_user"
            " parks.view_enterprise parks.view_tag parks.view_park"
        )
        | HANDLE,
    ),
    "viewer": Role("只读", "parks:enterprise_list", READ | REPORT),
    "sysadmin": Role(
        "系统管理员",
        "crm:user_list",
        _perms("crm.view_user crm.add_user crm.change_user crm.view_organisation crm.add_organisation") | CALENDAR,
        is_administrative=True,
    ),
    "secadmin": Role("安全管理员", "crm:role_list", _perms("crm.view_role"), is_administrative=True),
    "auditor": Role("审计员", "crm:audit_list", _perms("crm.view_auditentry crm.view_user"), is_administrative=True),
}
# What the roles page shows: a permission and what it means to the person who holds it.
ABILITIES: dict[str, str] = {
    "parks.view_enterprise": "查看企业",
    "parks.change_enterprise": "维护企业",
    "parks.change_qualificationkind": "维护资质目录",
    "parks.import_enterprise": "导入名单",
    "parks.undo_import": "撤销自己的导入",
    "parks.undo_any_import": "撤销他人的导入",
    "parks.export_enterprise": "导出名单",
    "parks.import_qualification": "导入资质",
    "visits.import_visit": "导入走访",
    "visits.import_appeal": "导入诉求",
    "visits.import_hotlineticket": "导入热线工单",
    "visits.add_visit": "记走访",
    "visits.change_any_visit": "修改他人走访",
    "visits.change_warningflag": "处理预警",
    "visits.change_question": "维护走访问卷",
    "visits.change_suggestion": "答复建议",
    "visits.add_appeal": "提诉求",
    "visits.accept_appeal": "受理诉求",
    "visits.dispatch_appeal": "派单",
    "visits.handle_appeal": "承办",
    "visits.review_appeal": "审核办结",
    "visits.call_back_appeal": "回访",
    "visits.change_hotlineticket": "处理热线工单",
    "visits.change_commonmatter": "列共性问题",
    "visits.urge_appeal": "催办",
    "visits.supervise_appeal": "督办",
    "reports.view_report": "看统计指标",
    "reports.download_report": "下载报告",
    "reports.change_scorescheme": "改考评方案",
    "reports.change_officialresult": "登记官方考评结果",
    "reports.change_hallscreen": "开展厅大屏",
    "reports.add_report": "起草报告",
    "reports.review_report": "审核报告",
    "reports.issue_report": "印发报告",
    "reports.change_reportschedule": "设置定期报告",
    "reports.view_sensitive": "看不足三家企业的金额",
    "parks.view_indicator": "看经济指标",
    "parks.change_monthlyreturn": "登记经济指标",
    "parks.import_monthlyreturn": "导入经济指标",
    "crm.change_calendarday": "维护工作日历与办理时限",
    "crm.add_user": "管理用户",
    "crm.view_role": "查看角色权限",
    "crm.view_auditentry": "查看审计",
}


def role_choices() -> list[tuple[str, str]]:
    """Choices of User.role; a function, so that a new role needs no migration."""
    return [(key, role.label) for key, role in ROLES.items()]
