"""The one table of a report's steps from draft to issue: who may take which, from where to where. It knows no models.

Its readers are the guard in reports.actions, the buttons and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

DRAFT, REVIEW, REVIEWED, ISSUED, DROPPED = "draft", "review", "reviewed", "issued", "dropped"
LABELS = {DRAFT: "草稿", REVIEW: "待审", REVIEWED: "待印发", ISSUED: "已印发", DROPPED: "已作废"}
# Not issued yet and not given up: of one kind about one thing there is one.
OPEN = (DRAFT, REVIEW, REVIEWED)

ADD, CHECK, ISSUE = "reports.add_report", "reports.review_report", "reports.issue_report"
WORKED_ON_BY = (ADD, CHECK, ISSUE)


@dataclass(frozen=True, slots=True)
class Step:
    """`note_label` asks for a reason; `by_another` leaves out whoever drafted or last edited it."""

    key: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    done: str
    note_label: str = ""
    by_another: bool = False
    is_forward: bool = False


_ALL = (
    Step("submit", "送审", (DRAFT,), REVIEW, ADD, "已送审，等另一位同事审核。", is_forward=True),
    Step("recall", "撤回修改", (REVIEW,), DRAFT, ADD, "已撤回，可以继续修改。"),
    Step("approve", "审核通过", (REVIEW,), REVIEWED, CHECK, "已审核通过，可以印发。", by_another=True, is_forward=True),
    Step(
        "send_back", "退回修改", (REVIEW, REVIEWED), DRAFT, CHECK, "已退回起草人修改。",
        note_label="退回修改的意见",
    ),
    Step("issue", "印发", (REVIEWED,), ISSUED, ISSUE, "已印发，文件和指纹已存档。", is_forward=True),
    Step("drop", "作废草稿", (DRAFT,), DROPPED, ADD, "草稿已作废。"),
)  # fmt: skip
STEPS: dict[str, Step] = {step.key: step for step in _ALL}
