"""The demo town: its 2023 is the year-end review, its last months are alive and imperfect."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise, Qualification
from reports.actions.files import current_fingerprint
from reports.documents.build import build_figures, build_report
from reports.documents.kinds import KIND_BY_KEY
from reports.docx import render as docx_of
from reports.evaluation import official
from reports.management.commands.seed_demo import fill
from reports.models import ReportIssue
from reports.pdf import render as pdf_of
from reports.period import Period
from reports.renderers import RENDERERS
from reports.rows.scope import Scope
from tests.reports.pdf_text import text_of
from tests.reports.read_back import docx_text
from visits.duplicates import rivals_of
from visits.models import (
    Appeal,
    AppealEvent,
    CallBack,
    CallBackLink,
    CommonMatter,
    HotlineTicket,
    LinkState,
    Suggestion,
    Visit,
    WarningFlag,
)
from visits.reaching import Attempts

# domain: the year-end review. Where it says 余 (more than), the demo has one figure in the range.
YEAR_2023 = {
    "enterprise_visits": 177,
    "appeals_received": 171,
    "appeals_closed": 171,
    "closing_rate_due": 1,
    "closing_rate_accepted": 1,
    "response_rate": 1,
    "solving_rate": 1,
    "satisfaction_rate": 1,
    "registered_enterprises": 1236,
    "cyber_enterprises": 218,
    "hotline_tickets": 5367,
    "capital_10m_share": 0.6,
    "giants": 3,
    "industrial_output": 3_120_000_000,
    "tax_paid": 955_000_000,
    "district_revenue": 250_000_000,
    "srdi_municipal": 34,
    "hnte": 41,
    "postdoc_branches": 3,
    "green_factories": 2,
}


def figures(period: str, user: str) -> dict[str, object]:
    out = StringIO()
    call_command("figures", "--period", period, "--user", user, "--json", stdout=out)
    return json.loads(out.getvalue())


def everything() -> list[int]:
    models = (User, Enterprise, Qualification, Visit, Appeal, AppealEvent, CallBack, Suggestion, WarningFlag)
    models = (*models, HotlineTicket)
    return [model.objects.count() for model in models]


def called_in_vain() -> list[Appeal]:
    return list(Appeal.objects.filter(status="closed", call_backs__is_reached=False).distinct())


# Days on which a demo could fail: a Saturday, and a leap day after midnight in a year whose holidays are not known yet.
AWKWARD = {
    "a Saturday": datetime(2026, 11, 28, 13, 30),
    "a leap day": datetime(2028, 2, 29, 0, 5),
}


@pytest.fixture(params=["today", *AWKWARD])
def now(request: pytest.FixtureRequest) -> datetime:
    return timezone.make_aware(AWKWARD[request.param]) if request.param in AWKWARD else timezone.now()


def assert_the_yearly_report_prints_it(now: datetime) -> None:
    """Every figure of the review that has records, with its label, in each format."""
    scope = Scope(User.objects.get(username="leader"), Period.parse("2023"), now)
    report = build_report(scope, KIND_BY_KEY["yearly"])
    pdf, word = text_of(pdf_of(report)), "".join(docx_text(docx_of(report)).split())
    for key in YEAR_2023:
        one = report.figure(key)
        printed = "".join(f"{one.label}{one.text}{one.shown_unit}".split())
        assert printed in pdf
        assert printed in word
    assert ("2023年11月", "全市") in {(row.cells[0], row.cells[2]) for row in report.table("results").rows}
    assert "走访家次177家次" in pdf
    assert "受理诉求171件" in pdf


@pytest.mark.django_db
def test_the_demo_reproduces_the_review_and_is_alive_on_any_day(now):
    fill(now)
    assert {key: figures("2023", "leader")[key] for key in YEAR_2023} == YEAR_2023
    assert figures("2023", "manager") == figures("2023", "leader")

    november = date(2023, 11, 1)
    assert official.latest(User.objects.get(username="leader"), november) == "全市第二、全区第一"
    assert official.latest(User.objects.get(username="outsider"), november) == ""

    assert_the_yearly_report_prints_it(now)
    # The review: tax 26.97 % and the district's share 30 % more than the year before.
    leader = User.objects.get(username="leader")
    told = {one.key: one for one in build_figures(Scope(leader, Period.parse("2023"), now))}
    assert [told[key].text for key in ("industrial_output", "tax_paid", "district_revenue")] == [
        "31.20",
        "9.55",
        "2.50",
    ]
    assert [told[key].last_year.text for key in ("tax_paid", "district_revenue")] == ["▲26.97%", "▲30.00%"]
    draft, issued = ReportIssue.objects.order_by("-ends_on")
    assert (draft.kind, draft.status, issued.status) == ("monthly", "draft", "issued")
    assert issued.own_words.cases
    assert issued.fingerprint == current_fingerprint(issued)
    assert {file.format for file in issued.files.all()} == RENDERERS.keys()

    other = figures("2023", "outsider")
    assert other["registered_enterprises"] == 12
    assert other["enterprise_visits"] == 8

    year = [timezone.make_aware(datetime(year, 1, 1)) for year in (2023, 2024)]
    assert Suggestion.objects.raised_within(*year).count() == 70
    assert {"open", "handled"} == {"handled" if f.handled_at else "open" for f in WarningFlag.objects.all()}

    statuses = set(Appeal.objects.values_list("status", flat=True))
    assert {"submitted", "accepted", "dispatched", "handling", "paused", "answered", "closed", "confirmed"} <= statuses
    assert Appeal.objects.overdue(now).exists()
    assert CallBack.objects.filter(satisfaction="dissatisfied").exists()
    assert CallBack.objects.filter(is_reached=False).exists()
    assert Appeal.objects.filter(round__gt=1).exists()
    # Every way of calling back can be looked at: a link to answer, one answered twice, a re-check, tries in vain.
    waiting = CallBackLink.objects.get(answered_at=None)
    assert (waiting.appeal.status, waiting.state(now)) == ("closed", LinkState.OPEN)
    assert CallBack.objects.filter(via="link", stands=False).exists()
    assert CallBack.objects.filter(rechecks__isnull=False).exists()
    assert {Attempts.at(a.call_backs.values_list("called_at", flat=True)).missing for a in called_in_vain()} == {
        "",
        "还需在另一天再拨一次",
    }
    today = timezone.localdate(now)
    assert Qualification.objects.filter(valid_to__range=(today, today + timedelta(days=90))).exists()
    listed = Enterprise.objects.in_service_package(today)
    assert listed.filter(visits=None).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())

    # Tickets of the hotline of every kind; what came of them as appeals was there before.
    assert set(HotlineTicket.objects.values_list("party", flat=True)) == {"enterprise", "unmatched", "resident"}
    assert HotlineTicket.objects.apart_from_appeal().exists()
    assert HotlineTicket.objects.to_check().exists()
    assert Appeal.objects.filter(tickets__isnull=False).values_list("source", flat=True).distinct().get() == "hotline"

    # A leader looks at the lists: nobody repeats a matter within weeks, and no firm crowds the open ones.
    asked = Appeal.objects.exclude(status="merged").order_by("enterprise", "content", "created_at")
    for first, second in pairwise(asked.filter(created_at__gte=now - timedelta(days=365))):
        is_same = (first.enterprise_id, first.content) == (second.enterprise_id, second.content)
        assert not is_same or second.created_at - first.created_at > timedelta(days=60)
    crowd = Appeal.objects.open().values("enterprise").annotate(n=Count("pk")).order_by("-n").first()
    assert crowd["n"] <= 4
    months = Appeal.objects.filter(accepted_at__gte=now - timedelta(days=330)).dates("accepted_at", "month")
    assert len(months) >= 11
    old = Appeal.objects.open().filter(accepted_at__lt=now - timedelta(days=90))
    assert not old.exists()


@pytest.mark.django_db
def test_the_demo_is_written_once():
    call_command("seed_demo", stdout=StringIO())
    # One was sent again and waits to be merged, one was pressed for, and a matter of several firms is named.
    manager = User.objects.get(username="manager")
    assert any(rivals_of(appeal, manager) for appeal in Appeal.objects.open().select_related("enterprise"))
    assert AppealEvent.objects.filter(step="chase", data__caller="行政主管").exists()
    matter = CommonMatter.objects.get()
    assert len({link.appeal.enterprise_id for link in matter.links.select_related("appeal")}) >= 3

    before = everything()
    assert min(before) > 0
    call_command("seed_demo", stdout=StringIO())
    assert everything() == before
