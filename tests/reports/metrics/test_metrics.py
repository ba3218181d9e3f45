"""Every figure: its value, its rows, and the edges of its formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest

from reports.documents.build import build_report
from reports.figures.drilldown import counts_for, rows_behind
from reports.figures.tally import figure, tallies, value_of
from reports.metrics import METRIC_BY_KEY, METRICS
from tests.crm.factories import make_organisation, make_user
from tests.parks.factories import make_park
from tests.reports.world import at, november
from visits.models import Appeal, CallBack

KEYS = [metric.key for metric in METRICS]

# What `everything` in world.py leads to in November 2023.
EXPECTED = {
    "enterprise_visits": 3,
    "enterprises_visited": 2,
    "visit_coverage": Fraction(1, 2),
    "visits_in_time": Fraction(1, 2),
    "appeals_from_visits": 1,
    "appeals_per_visit": Fraction(1, 3),
    "appeals_received": 21,
    "appeals_closed": 20,
    "closing_rate_due": Fraction(20, 21),
    "closing_rate_accepted": Fraction(20, 21),
    "contact_in_time": Fraction(1, 2),
    "closing_in_time": Fraction(20, 21),
    "late_rate": Fraction(1, 21),
    "called_back": Fraction(16, 20),
    "done_again": Fraction(1, 20),
    "returned": Fraction(1, 2),
    "extended": Fraction(1, 2),
    "mean_hours": Fraction(10, 3),
    "median_hours": 2,
    "merged_appeals": 1,
    "valid_call_backs": 16,
    "unreachable_call_backs": 4,
    "answer_rate": Fraction(16, 20),
    "link_share": Fraction(1, 16),
    "own_share": Fraction(1, 8),
    "response_rate": Fraction(1),
    "solving_rate": Fraction(14, 16),
    "satisfaction_rate": Fraction(138, 160),
    "composite_score": Fraction("88.25"),
    "hotline_tickets": 8,
    "hotline_enterprise_tickets": 5,
    "hotline_resident_tickets": 2,
    "hotline_response_rate": Fraction(2, 3),
    "hotline_solving_rate": Fraction(2, 4),
    "hotline_satisfaction_rate": Fraction(19, 30),
    "registered_enterprises": 10,
    "cyber_enterprises": 1,
    "capital_10m_share": Fraction(1, 2),
    "giants": 1,
    "srdi_municipal": 1,
    "hnte": 1,
    "postdoc_branches": 1,
    "green_factories": 1,
    "qualified_enterprises": 5,
    "joined_enterprises": 1,
    "moved_out_enterprises": 1,
    "closed_enterprises": 2,
    "industrial_output": 300_000_000,
    "business_revenue": 1,
    "tax_paid": 30_000_000,
    "district_revenue": 7,
    "comparable_output": 100_000_000,
    "comparable_revenue": 1,
    "comparable_tax": 5_000_000,
    "comparable_district": 7,
    "overdue_appeals": 1,
    "shelved_appeals": 1,
    "package_not_visited": 1,
}


def value(scope, key):
    return value_of(METRIC_BY_KEY[key], tallies(scope, [METRIC_BY_KEY[key]])[key])


def text(scope, key):
    metric = METRIC_BY_KEY[key]
    found = tallies(scope, [metric])[key]
    return figure(metric, found, found).text


def test_every_metric_has_an_expected_value():
    assert EXPECTED.keys() == METRIC_BY_KEY.keys()


@pytest.mark.parametrize("key", KEYS)
def test_a_metric_counts_what_its_definition_says(full, key):
    assert value(full.scope(), key) == EXPECTED[key]


@pytest.mark.parametrize("key", KEYS)
def test_the_rows_behind_a_figure_add_up_to_it(full, key):
    metric, scope = METRIC_BY_KEY[key], full.scope()
    counted = [counts_for(metric, row) for row in rows_behind(metric, scope)]
    assert made_of(metric, counted) == value(scope, key)


def made_of(metric, counted):
    """The figure, from what each of its rows counts for."""
    if metric.is_median:
        return Fraction(median(counted)) / 60
    is_mean = metric.parts is not None or (metric.amounts_to == "mean" and metric.amount)
    added = Fraction(sum(counted)) / (len(counted) if is_mean else 1)
    return {"score": added * 100, "hours": added / 60}.get(metric.style, added)


@pytest.mark.parametrize("key", KEYS)
def test_records_of_another_organisation_change_nothing(full, elsewhere, key):
    assert value(full.scope(), key) == EXPECTED[key]


@pytest.mark.parametrize("key", KEYS)
def test_a_user_without_permission_to_view_the_records_gets_no_figure(full, users, key):
    assert value(full.scope(user=users["sysadmin"]), key) is None


@pytest.mark.parametrize("key", KEYS)
def test_no_rows_are_printed_as_a_dash_and_never_as_a_percentage(world, key):
    scope = world.scope()
    assert value(scope, key) is None
    assert text(scope, key) == "—"


def test_the_vector_of_the_domain_is_printed_to_the_digit(full):
    scope = full.scope()
    printed = [text(scope, key) for key in ("response_rate", "solving_rate", "satisfaction_rate", "composite_score")]
    assert printed == ["100.00%", "87.50%", "86.25%", "88.3"]


# Visits


def test_five_enterprises_met_on_one_visit_are_five_visits(world):
    world.visit("2023-11-03", *(world.enterprise() for _ in range(5)))
    assert value(world.scope(), "enterprise_visits") == 5


def test_planned_and_cancelled_visits_do_not_count(world):
    world.visit(status="planned")
    world.visit(status="cancelled")
    assert value(world.scope(), "enterprise_visits") is None


@pytest.mark.parametrize("kind", ["phone", "online"])
def test_a_call_counts_as_a_visit_only_when_the_setting_says_so(world, settings, kind):
    world.visit(kind=kind)
    assert value(world.scope(), "enterprise_visits") is None
    settings.YQT = settings.YQT | {"CONTACTS_COUNT_AS_VISITS": True}
    assert value(world.scope(), "enterprise_visits") == 1


@pytest.mark.parametrize(
    ("moment", "counted"),
    [("2023-10-31 23:59", None), ("2023-11-01 00:00", 1), ("2023-11-30 23:59", 1), ("2023-12-01 00:00", None)],
)
def test_a_month_begins_and_ends_at_local_midnight(world, moment, counted):
    world.visit(moment)
    assert value(world.scope(), "enterprise_visits") == counted


# Appeals


@pytest.mark.parametrize("status", ["draft", "withdrawn", "rejected"])
def test_drafts_rejected_and_withdrawn_appeals_are_in_no_figure(world, status):
    world.appeal(status=status)
    assert value(world.scope(), "appeals_received") is None


def test_a_merged_appeal_counts_once(world):
    kept = world.appeal()
    world.appeal(status="merged", merged_into=kept)
    assert value(world.scope(), "appeals_received") == 1


def test_an_appeal_closed_late_counts_in_the_month_it_was_due_only_if_it_closed_by_the_end_of_that_month(world):
    world.appeal(due="2023-11-10", closed="2023-11-28")
    world.appeal(due="2023-11-10", closed="2023-12-02")
    assert value(world.scope(), "closing_rate_due") == Fraction(1, 2)


def test_an_appeal_closed_before_it_was_due_joins_the_month_it_closed_in(world):
    world.appeal(due="2023-12-10", closed="2023-11-28")
    world.appeal(due="2023-12-10")
    assert value(world.scope(), "closing_rate_due") == 1


def test_what_is_not_due_yet_does_not_lower_the_rate_of_a_running_month(world):
    world.appeal(due="2023-11-10", closed="2023-11-08")
    world.appeal(due="2023-11-25")
    scope, metric = world.scope(now="2023-11-15 12:00"), METRIC_BY_KEY["closing_rate_due"]
    assert value(scope, "closing_rate_due") == 1
    found = tallies(scope, [metric])[metric.key]
    assert figure(metric, found, found).note == "计入1，分母1；尚未到期1件未计入"
    assert rows_behind(metric, scope).count() == 1


def test_a_period_that_has_not_begun_knows_nothing_of_what_will_be_overdue_or_closed(world):
    world.appeal(due="2023-11-25")
    scope = world.scope("2023-12", now="2023-11-15 12:00")
    assert value(scope, "overdue_appeals") is None
    assert value(scope, "closing_rate_due") is None
    assert [row.cells[5] for row in build_report(scope).table("open_appeals").rows] == ["剩10天"]


def test_the_rate_of_accepted_appeals_looks_at_today(world):
    world.appeal(closed="2024-01-10")
    assert value(world.scope(now="2024-01-09 12:00"), "closing_rate_accepted") == 0
    assert value(world.scope(now="2024-01-11 12:00"), "closing_rate_accepted") == 1


def test_a_reopened_appeal_is_not_closed(world):
    appeal = world.appeal(due="2023-11-10", closed="2023-11-05")
    appeal.status = "handling"
    appeal.save()
    assert value(world.scope(), "appeals_closed") is None
    assert value(world.scope(), "closing_rate_due") == 0
    assert value(world.scope(), "overdue_appeals") == 1


def test_a_paused_appeal_is_not_overdue(world):
    world.appeal(due="2023-11-10", status="paused", paused_at=at("2023-11-05"))
    world.appeal(due="2023-11-29 23:00")
    assert value(world.scope(), "overdue_appeals") == 1


def test_the_state_at_the_end_of_a_past_month_ignores_what_happened_later(world):
    world.appeal(due="2023-11-10", closed="2023-12-05")
    assert value(world.scope(), "overdue_appeals") == 1
    assert value(world.scope("2023-12"), "overdue_appeals") is None


# Call-backs


def test_an_unreachable_enterprise_is_out_of_every_denominator(world):
    world.call()
    world.no_answer()
    assert value(world.scope(), "valid_call_backs") == 1
    assert value(world.scope(), "unreachable_call_backs") == 1
    assert value(world.scope(), "satisfaction_rate") == 1


def test_a_call_back_without_an_answer_on_satisfaction_is_not_valid(world):
    world.call(satisfaction="")
    assert value(world.scope(), "solving_rate") is None
    assert value(world.scope(), "unreachable_call_backs") == 1


def test_a_second_try_that_succeeds_clears_the_first(world):
    appeal = world.appeal(closed="2023-11-15")
    world.no_answer(appeal, "2023-11-16")
    world.call(appeal, "2023-11-18")
    assert value(world.scope(), "unreachable_call_backs") is None
    assert value(world.scope(), "valid_call_backs") == 1


def test_the_latest_valid_call_back_is_the_one_that_counts(world):
    appeal = world.appeal(closed="2023-11-15")
    world.call(appeal, "2023-11-16", solved="unsolved", satisfaction="dissatisfied")
    world.call(appeal, "2023-11-25")
    world.no_answer(appeal, "2023-11-28")
    assert value(world.scope(), "valid_call_backs") == 1
    assert value(world.scope(), "satisfaction_rate") == 1


def test_an_appeal_called_again_later_moves_to_the_later_month(world):
    appeal = world.appeal(closed="2023-11-15")
    world.call(appeal, "2023-11-16")
    world.call(appeal, "2023-12-03", satisfaction="dissatisfied")
    assert value(world.scope(), "satisfaction_rate") is None
    assert value(world.scope("2023-12"), "satisfaction_rate") == 0


@pytest.mark.parametrize(("counts", "expected"), [("0.9", Fraction(9, 10)), ("1", 1), ("0", 0)])
def test_what_basically_satisfied_counts_for_is_a_setting(world, settings, counts, expected):
    settings.YQT = settings.YQT | {"BASICALLY_SATISFIED_COUNTS": Decimal(counts)}
    world.call(satisfaction="basically")
    assert value(world.scope(), "satisfaction_rate") == expected


@pytest.mark.parametrize(("counts", "expected"), [("0", 0), ("0.5", Fraction(1, 2))])
def test_what_partly_solved_counts_for_is_a_setting(world, settings, counts, expected):
    settings.YQT = settings.YQT | {"PARTLY_SOLVED_COUNTS": Decimal(counts)}
    world.call(solved="partly")
    assert value(world.scope(), "solving_rate") == expected


def test_not_having_been_contacted_lowers_the_response_rate(world):
    world.call()
    world.call(is_contacted=False)
    world.call(is_contacted=None)
    assert value(world.scope(), "response_rate") == Fraction(1, 3)


def test_the_weights_of_the_score_are_settings(world, settings):
    settings.YQT = settings.YQT | {"SCORE_WEIGHTS": (Decimal("0.30"), Decimal("0.35"), Decimal("0.35"))}
    world.call(is_contacted=False)
    assert value(world.scope(), "composite_score") == 70


def test_call_backs_of_withdrawn_appeals_count_nowhere(world):
    call = world.call()
    call.appeal.status = "withdrawn"
    call.appeal.save()
    assert CallBack.objects.count() == 1
    assert value(world.scope(), "valid_call_backs") is None


# The register


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"joined_on": date(2023, 11, 30)}, 1),
        ({"joined_on": date(2023, 12, 1)}, None),
        ({"joined_on": date(2020, 1, 1), "left_on": date(2023, 11, 30), "stage": "moved_out"}, None),
        ({"joined_on": date(2020, 1, 1), "left_on": date(2023, 12, 1), "stage": "closed"}, 1),
    ],
)
def test_an_enterprise_is_on_the_register_from_the_day_it_joins_until_the_day_it_leaves(world, fields, counted):
    world.enterprise(**fields)
    assert value(world.scope(), "registered_enterprises") == counted


def test_ten_million_yuan_exactly_is_ten_million_and_above(world):
    world.enterprise(registered_capital=Decimal("10000000"))
    world.enterprise(registered_capital=Decimal("9999999.9999"))
    assert value(world.scope(), "capital_10m_share") == Fraction(1, 2)


def test_unknown_and_foreign_capital_is_left_out_and_told(world):
    world.enterprise(registered_capital=20_000_000)
    world.enterprise(registered_capital=20_000_000, registered_capital_currency="USD")
    world.enterprise()
    world.enterprise()
    metric = METRIC_BY_KEY["capital_10m_share"]
    found = tallies(world.scope(), [metric])[metric.key]
    shown = figure(metric, found, found)
    assert (shown.text, shown.note) == ("100.00%", "计入1，分母1；金额未知2家未计入；外币1家未计入")


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"valid_from": date(2023, 11, 30)}, 1),
        ({"valid_from": date(2023, 12, 1)}, None),
        ({"valid_to": date(2023, 11, 30)}, 1),
        ({"valid_to": date(2023, 11, 29)}, None),
        ({"valid_to": None}, 1),
        ({"withdrawn_on": date(2023, 11, 30)}, None),
        ({"withdrawn_on": date(2023, 12, 1)}, 1),
    ],
)
def test_a_qualification_counts_while_it_is_valid_on_the_cut_off_date(world, fields, counted):
    world.qualified("GIANT", **fields)
    assert value(world.scope(), "giants") == counted


def test_an_enterprise_with_two_certificates_of_a_kind_counts_once(world):
    world.qualified("HNTE", world.firm)
    world.qualified("HNTE", world.firm, valid_from=date(2023, 5, 1))
    assert value(world.scope(), "hnte") == 1


def test_a_qualified_enterprise_that_left_is_no_longer_counted(world):
    world.qualified("HNTE", world.enterprise(left_on=date(2023, 6, 1), stage="moved_out"))
    assert value(world.scope(), "hnte") is None


def test_the_cut_off_of_a_running_period_is_today(world):
    world.enterprise(joined_on=date(2023, 11, 20))
    assert value(world.scope(now="2023-11-19 12:00"), "registered_enterprises") is None
    assert value(world.scope(now="2023-11-20 00:01"), "registered_enterprises") == 1


def test_only_listed_enterprises_without_a_visit_need_one(world):
    for firm in (world.enterprise(), world.firm):
        firm.service_tiers.create(tier="district", starts_on=date(2023, 1, 1))
    gone = world.enterprise()
    gone.service_tiers.create(tier="town", starts_on=date(2023, 1, 1), ends_on=date(2023, 11, 1))
    world.visit("2023-11-10", world.firm)
    assert value(world.scope(), "package_not_visited") == 1


def test_coverage_counts_each_listed_enterprise_once_and_only_after_fifteen_days_on_the_list(world):
    visited, unvisited, new = world.firm, world.enterprise(), world.enterprise()
    for firm, since in ((visited, date(2023, 1, 1)), (unvisited, date(2023, 11, 15)), (new, date(2023, 11, 16))):
        firm.service_tiers.create(tier="town", starts_on=since)
    world.visit("2023-11-03", visited, new, world.enterprise())
    world.visit("2023-11-04", visited)
    world.visit("2023-10-31", unvisited)
    assert value(world.scope(), "visit_coverage") == Fraction(1, 2)


@pytest.mark.parametrize(("tier", "days"), [("city", 90), ("district", 90), ("town", 30)])
def test_in_time_is_who_was_visited_within_the_interval_of_the_own_tier(world, tier, days):
    last = date(2023, 11, 30)
    for ago in (days, days + 1):
        firm = world.enterprise()
        firm.service_tiers.create(tier=tier, starts_on=date(2023, 1, 1))
        world.visit(f"{last - timedelta(days=ago)}", firm)
    never = world.enterprise()
    never.service_tiers.create(tier=tier, starts_on=date(2023, 1, 1))
    assert value(world.scope(), "visits_in_time") == Fraction(1, 3)


# Narrowing


def test_figures_can_be_narrowed_to_a_unit_and_a_category(world):
    other = make_organisation("服务科", "unit", parent=world.office)
    world.call(world.appeal(closed="2023-11-15", lead_unit=other, category="space"), satisfaction="dissatisfied")
    world.call()
    assert value(replace(world.scope(), unit=other), "satisfaction_rate") == 0
    assert value(replace(world.scope(), category="policy"), "satisfaction_rate") == 1


def test_a_unit_user_sees_figures_of_the_appeals_of_the_own_unit_only(world):
    other = make_organisation("服务科", "unit", parent=world.office)
    world.appeal()
    world.appeal(lead_unit=other)
    reader = make_user("r", other, role="manager", scope="unit")
    assert value(world.scope(user=reader), "appeals_received") == 1


def test_figures_can_be_narrowed_to_a_park(world):
    park = make_park(world.office)
    inside = world.enterprise(park=park)
    world.visit("2023-11-10", inside, world.firm)
    world.call(world.appeal(closed="2023-11-15", enterprise=inside), satisfaction="dissatisfied")
    world.call()
    scope = replace(world.scope(), park=park)
    assert value(scope, "enterprise_visits") == 1
    assert value(scope, "registered_enterprises") == 1
    assert value(scope, "satisfaction_rate") == 0


# What is left out of 解决率 and 满意率


def judged(world, *, last: dict[str, object], solved: str = "unsolved", satisfaction: str = "dissatisfied"):
    """The vector of the domain, and one more answered appeal of which `last` says what became of it."""
    november(world)
    appeal = world.appeal("2023-11-01", due="2023-11-10", status="confirmed")
    world.call(appeal, solved=solved, satisfaction=satisfaction)
    Appeal.objects.filter(pk=appeal.pk).update(**last)
    return world.scope()


def printed(scope) -> dict[str, str]:
    keys = ("appeals_received", "response_rate", "solving_rate", "satisfaction_rate", "composite_score")
    return {key: text(scope, key) for key in keys}


VECTOR = {
    "appeals_received": "21",
    "response_rate": "100.00%",
    "solving_rate": "87.50%",
    "satisfaction_rate": "86.25%",
    "composite_score": "88.3",
}


def test_an_excluded_appeal_is_left_out_of_solved_and_satisfied_and_stays_in_received_and_response(world):
    scope = judged(world, last={"excluded_at": at("2023-12-01"), "excluded_reason": "超出政策规定"})
    assert printed(scope) == VECTOR
    assert notes(scope, "solving_rate") == notes(scope, "satisfaction_rate") == ["不合理剔除1件未计入"]
    assert notes(scope, "response_rate") == []


SHELVED = {"status": "shelved", "shelved_at": at("2023-12-01"), "review_on": date(2024, 1, 15)}


def test_an_appeal_on_the_long_list_is_left_out_of_solved_only_and_told_apart(world):
    scope = judged(world, last=SHELVED)
    # 满意: (12 + 0.9 × 2) / 17; 综合: 10 + 43.75 + 40 × 13.8 / 17.
    assert printed(scope) == VECTOR | {"satisfaction_rate": "81.18%", "composite_score": "86.2"}
    assert notes(scope, "solving_rate") == ["挂账1件未计入"]
    assert value(scope, "shelved_appeals") == 1


def test_an_appeal_on_the_long_list_counts_again_once_its_review_is_overdue(world):
    judged(world, last=SHELVED)
    late = world.scope(now="2024-01-16 09:00")
    # 解决: 14 / 17; 综合: 10 + 50 × 14 / 17 + 40 × 13.8 / 17.
    assert [text(late, key) for key in ("solving_rate", "composite_score")] == ["82.35%", "83.6"]
    assert value(late, "shelved_appeals") is None


def test_the_unit_table_prints_the_same_rates_as_the_figures(world):
    for last in (SHELVED, {"excluded_at": at("2023-12-01"), "excluded_reason": "超出政策规定"}):
        scope = judged(world, last=last)
        report = build_report(scope)
        table = report.table("by_unit")
        total = dict(zip([column.key for column in table.columns], table.total.cells, strict=True))
        keys = ("solving_rate", "satisfaction_rate", "composite_score")
        assert [total[key] for key in keys] == [report.figure(key).text for key in keys]


def test_when_every_answer_is_left_out_there_is_no_rate_and_no_score(world):
    appeal = world.appeal("2023-11-01", due="2023-11-10", closed="2023-11-09", status="confirmed")
    world.call(appeal)
    Appeal.objects.update(excluded_at=at("2023-12-01"), excluded_reason="超出政策规定")
    scope = world.scope()
    assert [text(scope, key) for key in ("response_rate", "solving_rate", "satisfaction_rate", "composite_score")] == [
        "100.00%", "—", "—", "—",
    ]  # fmt: skip


def notes(scope, key) -> list[str]:
    metric = METRIC_BY_KEY[key]
    found = tallies(scope, [metric])[key]
    return figure(metric, found, found).note.split("；")[1:]


@pytest.mark.parametrize(
    ("counts_by", "limit", "in_time"), [("last", "2023-12-20", True), ("first", "2023-11-10", False)]
)
def test_a_reopened_appeal_is_judged_by_the_limit_of_the_closing_that_counts(
    world, settings, counts_by, limit, in_time
):
    """Closed two days late, reopened with a new limit, closed again in time."""
    settings.YQT = settings.YQT | {"REOPENED_BY": counts_by}
    appeal = world.appeal(
        "2023-11-01", due="2023-12-20", closed="2023-12-10", round=2, first_closed_at=at("2023-11-12")
    )
    for day, due in (("2023-11-12", "2023-11-10"), ("2023-12-10", "2023-12-20")):
        judged = {"due_at": at(due).isoformat(), "contact_due_at": None}
        appeal.events.create(step="close", from_status="answered", to_status="closed", at=at(day), actor=world.user,
                             data={"judged": judged})  # fmt: skip
    world.call(appeal, "2023-11-13")
    scope = world.scope(limit[:7])
    assert value(scope, "closing_in_time") == in_time
    assert value(scope, "late_rate") == (not in_time)
    assert value(scope, "closing_rate_due") == 1
    # The only call-back is of the first round.
    assert value(scope, "called_back") == (counts_by == "first")
    other = world.scope("2023-11" if limit[:7] == "2023-12" else "2023-12")
    assert value(other, "closing_in_time") is None


@pytest.mark.parametrize("fraction", ["", ".000001", ".999999"])
def test_the_limit_of_a_first_closing_is_compared_to_the_microsecond(world, settings, fraction):
    settings.YQT = settings.YQT | {"REOPENED_BY": "first"}
    due = at(f"2023-11-10 17:30:00{fraction}")
    for late in (timedelta(0), timedelta(microseconds=1)):
        appeal = world.appeal("2023-11-01", due="2023-12-20", round=2, first_closed_at=due + late)
        appeal.events.create(step="close", from_status="answered", to_status="closed", at=due, actor=world.user,
                             data={"judged": {"due_at": due.isoformat(), "contact_due_at": None}})  # fmt: skip
    assert value(world.scope(), "closing_in_time") == Fraction(1, 2)


def test_a_reopened_appeal_of_an_older_release_is_judged_by_its_present_limit(world, settings):
    settings.YQT = settings.YQT | {"REOPENED_BY": "first"}
    appeal = world.appeal(due="2023-11-20", round=2, first_closed_at=at("2023-11-12"))
    appeal.events.create(step="close", from_status="answered", to_status="closed", at=at("2023-11-12"),
                         actor=world.user)  # fmt: skip
    assert value(world.scope(), "closing_in_time") == 1


@pytest.mark.parametrize(
    ("counts", "valid", "solved"), [("out", "1", "1"), ("solved", "1", "2"), ("unsolved", "1", "1")]
)
def test_the_unit_table_tells_valid_call_backs_apart_from_those_in_vain_that_count(
    world, settings, counts, valid, solved
):
    settings.YQT = settings.YQT | {"UNREACHABLE_COUNTS": counts}
    world.call()
    world.no_answer(world.appeal(closed="2023-11-15"))
    report = build_report(world.scope())
    table = report.table("by_unit")
    line = dict(zip([column.key for column in table.columns], table.rows[0].cells, strict=True))
    assert (line["valid"], line["solved"]) == (valid, solved)
    assert line["solving_rate"] == report.figure("solving_rate").text
    assert line["composite_score"] == report.figure("composite_score").text
