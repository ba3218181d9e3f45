"""The one table of an appeal's steps: who may take which, from where to where, with what. It knows no models.

Its readers are the guard in visits.actions, the page's buttons, the step's form, the API, the diagram and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from visits.choices import AppealStatus as S
from visits.choices import RequestKind as R


class Need(StrEnum):
    """What is said with a step."""

    NOTE = "note"
    CLASS = "class"
    UNITS = "units"
    PARENT = "parent"
    RESULT = "result"
    ANSWERS = "answers"
    VERDICT = "verdict"
    HELPERS = "helpers"
    UNTIL = "until"
    AMOUNT = "amount"
    FILES = "files"
    EVIDENCE = "evidence"
    CALLER = "caller"


NEED_NAMES = {
    Need.CLASS: "时限类别",
    Need.UNITS: "领办、联办单位",
    Need.PARENT: "合并到哪一件",
    Need.RESULT: "办理结果和答复",
    Need.ANSWERS: "是否接通和企业的答复",
    Need.VERDICT: "复核后的答复",
    Need.HELPERS: "请哪些单位",
    Need.AMOUNT: "延长多少",
    Need.FILES: "佐证材料",
    Need.EVIDENCE: "佐证材料",
    Need.CALLER: "来电人和来电时间",
}


class Clock(StrEnum):
    """What a step does to the time limits; visits.clock says how, and what the step's event must hold for it."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    STOP = "stop"
    RESTART = "restart"


class By(StrEnum):
    """Whose unit may take a step."""

    ANYONE = "anyone"
    LEAD = "lead"
    LEAD_OR_JOINT = "lead_or_joint"
    # The people of a joint unit, for it alone; who stands above it does not speak for it.
    JOINT = "joint"


class Verb(StrEnum):
    """What a step does to a request."""

    ASK = "ask"
    GRANT = "grant"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `target` None leaves the status, `stamps` names the time it sets, `clears` the times it takes back."""

    key: str
    label: str
    sources: tuple[S, ...]
    target: S | None
    permission: str
    needs: tuple[Need, ...] = ()
    # What may be said besides.
    takes: tuple[Need, ...] = ()
    note_label: str = "说明"
    until_label: str = ""
    clock: Clock | None = None
    by: By = By.ANYONE
    stamps: str = ""
    clears: tuple[str, ...] = ()
    # A step that asks for something, or decides what was asked, says which kind of request it is about.
    request: R | None = None
    verb: Verb | None = None
    # The way forward is a filled button; the others stand back, the rare ones behind “更多”.
    is_forward: bool = False
    is_rare: bool = False
    # Shown on the enterprise's timeline, beside the appeal's own.
    is_main: bool = True

    def name_of(self, need: Need) -> str:
        """What is asked for, in words."""
        own = {Need.NOTE: self.note_label, Need.UNTIL: self.until_label}
        return own.get(need) or NEED_NAMES[need]

    @property
    def must_explain(self) -> bool:
        return Need.NOTE in self.needs

    @property
    def has_page(self) -> bool:
        """Whether there is something to say, so that the button opens a page instead of taking the step at once."""
        return bool(self.needs or self.takes or self.note_label != "说明")


ADD, CHANGE = "visits.add_appeal", "visits.change_appeal"
ACCEPT, DISPATCH, HANDLE = "visits.accept_appeal", "visits.dispatch_appeal", "visits.handle_appeal"
URGE, SUPERVISE = "visits.urge_appeal", "visits.supervise_appeal"
REVIEW, CALL_BACK = "visits.review_appeal", "visits.call_back_appeal"

# Where somebody is at work on it, or has been; what a request for exclusion may be about.
IN_WORK = (S.HANDLING, S.PAUSED, S.SHELVED)
WORKED_ON = (*IN_WORK, S.ANSWERED, S.CLOSED, S.CONFIRMED, S.ARCHIVED)

_INTAKE = (
    Step("submit", "提交", (S.DRAFT,), S.SUBMITTED, ADD, stamps="submitted_at", is_forward=True),
    Step(
        "accept", "受理", (S.SUBMITTED,), S.ACCEPTED, ACCEPT,
        needs=(Need.CLASS,), clock=Clock.START, stamps="accepted_at", is_forward=True,
    ),
    Step("reject", "不予受理", (S.SUBMITTED,), S.REJECTED, ACCEPT, needs=(Need.NOTE,), note_label="不予受理的理由"),
    Step(
        "merge", "合并重复件", (S.SUBMITTED, S.ACCEPTED), S.MERGED, ACCEPT,
        needs=(Need.PARENT,), clock=Clock.STOP,
    ),
    Step(
        "dispatch", "派单", (S.ACCEPTED,), S.DISPATCHED, DISPATCH,
        needs=(Need.UNITS,), note_label="派单意见", stamps="dispatched_at", is_forward=True,
    ),
    Step("sign", "签收", (S.DISPATCHED,), S.HANDLING, HANDLE, by=By.LEAD, stamps="signed_at", is_forward=True),
    Step(
        "return", "退回派单", (S.DISPATCHED,), S.ACCEPTED, HANDLE,
        needs=(Need.NOTE,), note_label="退回理由", by=By.LEAD, clears=("dispatched_at",),
    ),
)  # fmt: skip

_HANDLING = (
    Step(
        "contact", "记录首次联系", (S.HANDLING,), None, HANDLE,
        needs=(Need.NOTE,), note_label="联系了谁、说了什么", by=By.LEAD_OR_JOINT, stamps="first_contact_at",
    ),
    Step(
        "progress", "补充进展", IN_WORK, None, HANDLE,
        needs=(Need.NOTE,), takes=(Need.FILES,), note_label="进展", by=By.LEAD_OR_JOINT, is_main=False,
    ),
    Step(
        "whistle", "吹哨", (S.HANDLING,), None, HANDLE,
        needs=(Need.HELPERS, Need.NOTE), note_label="请来做什么", by=By.LEAD, is_rare=True,
    ),
    Step(
        "joint_sign", "联办签收", (S.DISPATCHED, *IN_WORK, S.ANSWERED), None, HANDLE,
        by=By.JOINT, is_forward=True, is_main=False,
    ),
    Step(
        "joint_answer", "联办反馈", (S.DISPATCHED, *IN_WORK, S.ANSWERED), None, HANDLE,
        needs=(Need.NOTE,), takes=(Need.FILES,), note_label="到场情况和办理结果", by=By.JOINT,
        is_forward=True, is_main=False,
    ),
    Step(
        "hand_back", "申请转办", (S.HANDLING,), S.ACCEPTED, HANDLE,
        needs=(Need.NOTE,), note_label="转办理由和建议的承办单位", by=By.LEAD, clears=("dispatched_at", "signed_at"),
        is_rare=True,
    ),
    Step(
        "transfer", "转办", (S.DISPATCHED, S.HANDLING), S.DISPATCHED, DISPATCH,
        needs=(Need.UNITS, Need.NOTE), note_label="转办理由", stamps="dispatched_at", clears=("signed_at",),
        is_rare=True,
    ),
    Step(
        "pause", "挂起", (S.HANDLING,), S.PAUSED, HANDLE,
        needs=(Need.UNTIL, Need.NOTE), note_label="挂起原因", until_label="挂起至", clock=Clock.PAUSE, by=By.LEAD,
        stamps="paused_at", is_rare=True,
    ),
    Step(
        "resume", "恢复办理", (S.PAUSED,), S.HANDLING, HANDLE,
        clock=Clock.RESUME, by=By.LEAD, clears=("paused_at", "paused_until"), is_forward=True,
    ),
    Step(
        "answer", "提交答复", (S.HANDLING,), S.ANSWERED, HANDLE,
        needs=(Need.RESULT, Need.EVIDENCE), by=By.LEAD, stamps="answered_at", is_forward=True,
    ),
)  # fmt: skip

_REQUESTS = (
    Step(
        "ask_extension", "申请延期", (S.HANDLING,), None, HANDLE,
        needs=(Need.AMOUNT, Need.NOTE), note_label="延期理由", by=By.LEAD, request=R.EXTENSION, verb=Verb.ASK,
        is_rare=True,
    ),
    Step(
        "grant_extension", "同意延期", (S.HANDLING,), None, REVIEW,
        note_label="审批意见", clock=Clock.EXTEND, request=R.EXTENSION, verb=Verb.GRANT, is_forward=True,
    ),
    Step(
        "deny_extension", "驳回延期", (S.HANDLING,), None, REVIEW,
        needs=(Need.NOTE,), note_label="驳回理由", request=R.EXTENSION, verb=Verb.DENY,
    ),
    Step(
        "ask_shelving", "申请挂账", (S.HANDLING,), None, HANDLE,
        needs=(Need.UNTIL, Need.NOTE), takes=(Need.FILES,), note_label="挂账理由和解决计划", until_label="复核日期",
        by=By.LEAD, request=R.SHELVING, verb=Verb.ASK, is_rare=True,
    ),
    Step(
        "grant_shelving", "同意挂账", (S.HANDLING,), S.SHELVED, REVIEW,
        note_label="审批意见", clock=Clock.SHELVE, stamps="shelved_at", request=R.SHELVING, verb=Verb.GRANT,
        is_forward=True,
    ),
    Step(
        "deny_shelving", "驳回挂账", (S.HANDLING,), None, REVIEW,
        needs=(Need.NOTE,), note_label="驳回理由", request=R.SHELVING, verb=Verb.DENY,
    ),
    Step(
        "reshelve", "续挂", (S.SHELVED,), None, REVIEW,
        needs=(Need.UNTIL, Need.NOTE), note_label="复核意见", until_label="下次复核日期",
    ),
    Step(
        "unshelve", "销账恢复办理", (S.SHELVED,), S.HANDLING, REVIEW,
        needs=(Need.NOTE,), note_label="销账理由", clock=Clock.UNSHELVE, clears=("shelved_at", "review_on"),
        is_forward=True,
    ),
    Step(
        "ask_exclusion", "申请剔除", WORKED_ON, None, HANDLE,
        needs=(Need.NOTE,), takes=(Need.FILES,), note_label="为什么不合理", by=By.LEAD,
        request=R.EXCLUSION, verb=Verb.ASK, is_rare=True,
    ),
    Step(
        "grant_exclusion", "同意剔除", WORKED_ON, None, REVIEW,
        note_label="审批意见", stamps="excluded_at", request=R.EXCLUSION, verb=Verb.GRANT, is_forward=True,
    ),
    Step(
        "deny_exclusion", "驳回剔除", WORKED_ON, None, REVIEW,
        needs=(Need.NOTE,), note_label="驳回理由", request=R.EXCLUSION, verb=Verb.DENY,
    ),
    Step(
        "include", "撤销剔除", WORKED_ON, None, REVIEW,
        needs=(Need.NOTE,), note_label="撤销理由", clears=("excluded_at",), is_rare=True,
    ),
)  # fmt: skip

# Pressing for it: whose turn it is hears of it, and the status stays.
PRESSING = (S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.ANSWERED)
SUPERVISED = (*PRESSING, S.PAUSED, S.SHELVED)
_PRESSING = (
    Step(
        "urge", "催办", PRESSING, None, URGE,
        needs=(Need.NOTE,), note_label="催什么、为什么急", is_rare=True,
    ),
    Step(
        "chase", "记录企业来催", SUPERVISED, None, URGE,
        needs=(Need.NOTE,), takes=(Need.CALLER,), note_label="企业说了什么",
    ),
    Step(
        "supervise", "督办", SUPERVISED, None, SUPERVISE,
        needs=(Need.NOTE,), note_label="督办要求", stamps="supervised_at", is_rare=True,
    ),
    Step(
        "lift", "解除督办", SUPERVISED, None, SUPERVISE,
        needs=(Need.NOTE,), note_label="解除督办的理由", clears=("supervised_at",), is_rare=True,
    ),
)  # fmt: skip

_ENDING = (
    Step(
        "send_back", "审核退回", (S.ANSWERED,), S.HANDLING, REVIEW,
        needs=(Need.NOTE,), note_label="退回理由", clears=("answered_at",),
    ),
    Step(
        "close", "审核通过", (S.ANSWERED,), S.CLOSED, REVIEW,
        note_label="审核意见", clock=Clock.STOP, stamps="closed_at", is_forward=True,
    ),
    Step(
        "call_back", "记录回访", (S.CLOSED,), S.CONFIRMED, CALL_BACK,
        needs=(Need.ANSWERS,), note_label="企业意见", is_forward=True,
    ),
    Step(
        "recheck", "复核回访", (S.CONFIRMED, S.ARCHIVED), S.CONFIRMED, REVIEW,
        needs=(Need.VERDICT, Need.NOTE), note_label="复核理由",
    ),
    Step(
        "redo", "重新办理", (S.CONFIRMED,), S.HANDLING, REVIEW,
        needs=(Need.NOTE,), note_label="重办理由", clock=Clock.RESTART,
        clears=("closed_at", "answered_at", "out_of_reach_at"),
    ),
    Step("archive", "归档", (S.CONFIRMED, S.CLOSED), S.ARCHIVED, REVIEW),
    Step(
        "withdraw", "撤回", (S.DRAFT, S.SUBMITTED, S.ACCEPTED, S.DISPATCHED), S.WITHDRAWN, CHANGE,
        needs=(Need.NOTE,), note_label="撤回理由", clock=Clock.STOP, is_rare=True,
    ),
)  # fmt: skip

STEPS: dict[str, Step] = {step.key: step for step in (*_INTAKE, *_HANDLING, *_REQUESTS, *_PRESSING, *_ENDING)}
MAIN_STEPS = tuple(step.key for step in STEPS.values() if step.is_main)

# The one step that nobody of the staff need take, and who then took it.
BY_LINK_STEP, BY_LINK = "call_back", "企业（链接）"


def label_of(key: str) -> str:
    """The words for a step; events of steps that no longer exist show their key."""
    step = STEPS.get(key)
    return step.label if step else key
