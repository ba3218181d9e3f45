"""The one table of an appeal's steps: who may take which, from where to where, with what. It knows no models.

Its readers are the guard in visits.actions, the buttons of the page, the step's form, the API and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from visits.choices import AppealStatus as S


class Need(StrEnum):
    """What must be said with a step."""

    NOTE = "note"
    CLASS = "class"
    UNITS = "units"
    PARENT = "parent"
    RESULT = "result"
    ANSWERS = "answers"
    VERDICT = "verdict"


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


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `target` None leaves the status, `stamps` names the time it sets, `clears` the times it takes back."""

    key: str
    label: str
    sources: tuple[S, ...]
    target: S | None
    permission: str
    needs: tuple[Need, ...] = ()
    note_label: str = "说明"
    clock: Clock | None = None
    by: By = By.ANYONE
    stamps: str = ""
    clears: tuple[str, ...] = ()
    # The way forward is a filled button; the others stand back.
    is_forward: bool = False
    # Shown on the enterprise's timeline, beside the appeal's own.
    is_main: bool = True

    @property
    def must_explain(self) -> bool:
        return Need.NOTE in self.needs


ADD, CHANGE = "visits.add_appeal", "visits.change_appeal"
ACCEPT, DISPATCH, HANDLE = "visits.accept_appeal", "visits.dispatch_appeal", "visits.handle_appeal"
REVIEW, CALL_BACK = "visits.review_appeal", "visits.call_back_appeal"

_TABLE = (
    Step("submit", "提交", (S.DRAFT,), S.SUBMITTED, ADD, stamps="submitted_at", is_forward=True),
    Step(
        "accept",
        "受理",
        (S.SUBMITTED,),
        S.ACCEPTED,
        ACCEPT,
        needs=(Need.CLASS,),
        clock=Clock.START,
        stamps="accepted_at",
        is_forward=True,
    ),
    Step("reject", "不予受理", (S.SUBMITTED,), S.REJECTED, ACCEPT, needs=(Need.NOTE,), note_label="不予受理的理由"),
    Step(
        "merge",
        "合并重复件",
        (S.SUBMITTED, S.ACCEPTED),
        S.MERGED,
        ACCEPT,
        needs=(Need.PARENT,),
        clock=Clock.STOP,
    ),
    Step(
        "dispatch",
        "派单",
        (S.ACCEPTED,),
        S.DISPATCHED,
        DISPATCH,
        needs=(Need.UNITS,),
        note_label="派单意见",
        stamps="dispatched_at",
        is_forward=True,
    ),
    Step("sign", "签收", (S.DISPATCHED,), S.HANDLING, HANDLE, by=By.LEAD, stamps="signed_at", is_forward=True),
    Step(
        "return",
        "退回派单",
        (S.DISPATCHED,),
        S.ACCEPTED,
        HANDLE,
        needs=(Need.NOTE,),
        note_label="退回理由",
        by=By.LEAD,
        clears=("dispatched_at",),
    ),
    Step(
        "contact",
        "记录首次联系",
        (S.HANDLING,),
        None,
        HANDLE,
        needs=(Need.NOTE,),
        note_label="联系了谁、说了什么",
        by=By.LEAD_OR_JOINT,
        stamps="first_contact_at",
    ),
    Step(
        "progress",
        "补充进展",
        (S.HANDLING, S.PAUSED),
        None,
        HANDLE,
        needs=(Need.NOTE,),
        note_label="进展",
        by=By.LEAD_OR_JOINT,
        is_main=False,
    ),
    Step(
        "pause",
        "挂起",
        (S.HANDLING,),
        S.PAUSED,
        HANDLE,
        needs=(Need.NOTE,),
        note_label="挂起原因",
        clock=Clock.PAUSE,
        by=By.LEAD,
        stamps="paused_at",
    ),
    Step(
        "resume",
        "恢复办理",
        (S.PAUSED,),
        S.HANDLING,
        HANDLE,
        clock=Clock.RESUME,
        by=By.LEAD,
        clears=("paused_at",),
        is_forward=True,
    ),
    Step(
        "answer",
        "提交答复",
        (S.HANDLING,),
        S.ANSWERED,
        HANDLE,
        needs=(Need.RESULT,),
        by=By.LEAD,
        stamps="answered_at",
        is_forward=True,
    ),
    Step(
        "send_back",
        "审核退回",
        (S.ANSWERED,),
        S.HANDLING,
        REVIEW,
        needs=(Need.NOTE,),
        note_label="退回理由",
        clears=("answered_at",),
    ),
    Step(
        "close",
        "审核通过",
        (S.ANSWERED,),
        S.CLOSED,
        REVIEW,
        note_label="审核意见",
        clock=Clock.STOP,
        stamps="closed_at",
        is_forward=True,
    ),
    Step(
        "call_back",
        "记录回访",
        (S.CLOSED,),
        S.CONFIRMED,
        CALL_BACK,
        needs=(Need.ANSWERS,),
        note_label="企业意见",
        is_forward=True,
    ),
    Step(
        "recheck",
        "复核回访",
        (S.CONFIRMED, S.ARCHIVED),
        S.CONFIRMED,
        REVIEW,
        needs=(Need.VERDICT, Need.NOTE),
        note_label="复核理由",
    ),
    Step(
        "redo",
        "重新办理",
        (S.CONFIRMED,),
        S.HANDLING,
        REVIEW,
        needs=(Need.NOTE,),
        note_label="重办理由",
        clock=Clock.RESTART,
        clears=("closed_at", "answered_at", "out_of_reach_at"),
    ),
    Step("archive", "归档", (S.CONFIRMED, S.CLOSED), S.ARCHIVED, REVIEW),
    Step(
        "withdraw",
        "撤回",
        (S.DRAFT, S.SUBMITTED, S.ACCEPTED, S.DISPATCHED),
        S.WITHDRAWN,
        CHANGE,
        needs=(Need.NOTE,),
        note_label="撤回理由",
        clock=Clock.STOP,
    ),
)
STEPS: dict[str, Step] = {step.key: step for step in _TABLE}
MAIN_STEPS = tuple(step.key for step in _TABLE if step.is_main)

# The one step that nobody of the staff need take, and who then took it.
BY_LINK_STEP, BY_LINK = "call_back", "企业（链接）"


def label_of(key: str) -> str:
    """The words for a step; events of steps that no longer exist show their key."""
    step = STEPS.get(key)
    return step.label if step else key
