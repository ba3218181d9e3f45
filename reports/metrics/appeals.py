"""诉求办理: what came in, whether it was handled in time, and how long it took (domain R1–R6, R10–R13)."""

from __future__ import annotations

from functools import partial

from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import APPEALS, Metric, rate

share = partial(rate, APPEALS)
METRICS = (
    Metric("appeals_received", "受理诉求", "件", APPEALS, definitions.received_definition, rows.accepted),
    Metric("appeals_closed", "办结诉求", "件", APPEALS, definitions.closed_definition, rows.closed),
    share(
        "closing_rate_due", "应办结率", definitions.due_or_closed_definition, rows.due_or_closed,
        "closed", rows.closed_by_the_end, where=rows.due_by_now, asides=rows.not_due_yet,
    ),
    share(
        "closing_rate_accepted", "受理件办结率", definitions.accepted_definition, rows.accepted,
        "closed", rows.closed_by_now,
    ),
    share(
        "contact_in_time", "首次联系及时率", definitions.contact_definition, rows.contact_due,
        "in_time", rows.contacted_in_time, where=rows.contact_has_come_due, asides=rows.contact_coming_due,
    ),
    share(
        "closing_in_time", "按时办结率", definitions.in_time_closing_definition, rows.due,
        "in_time", rows.closed_in_time, where=rows.has_come_due, asides=rows.coming_due,
    ),
    share("late_rate", "超期率", definitions.late_definition, rows.due, "late", rows.late),
    share("called_back", "回访率", definitions.called_back_definition, rows.closed, "called", rows.called_back),
    share("done_again", "重办率", definitions.again_definition, rows.closed, "again", rows.done_again),
    share("returned", "退回率", definitions.returned_definition, rows.dispatched, "returned", rows.returned),
    share("extended", "延期率", definitions.extended_definition, rows.dispatched, "extended", rows.extended),
    Metric(
        "mean_hours", "平均办理时长", "小时", APPEALS, definitions.mean_definition, rows.closed, rows.is_timed,
        asides=rows.not_timed, amount=rows.worked_minutes, style="hours",
    ),
    Metric(
        "median_hours", "办理时长中位数", "小时", APPEALS, definitions.median_definition, rows.closed, rows.is_timed,
        asides=rows.not_timed, amount=rows.worked_minutes, amounts_to="median", style="hours",
    ),
    Metric("merged_appeals", "合并的重复件", "件", APPEALS, definitions.MERGED, rows.merged),
)  # fmt: skip
