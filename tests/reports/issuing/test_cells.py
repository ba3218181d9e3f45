"""The cells of the tables of an issued report: each leads to exactly the rows that it counted, for ever."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from parks.models import Stewardship
from reports import actions
from reports.documents.kinds import KIND_BY_KEY
from reports.figures import drilldown
from reports.figures.address import scope_from
from reports.issuing.cells import Place, place_of
from reports.issuing.steps import ISSUED
from reports.metrics import METRIC_BY_KEY
from reports.metrics.drawn import DRAWN_BY_KEY
from tests.reports.issues import Desk
from tests.reports.read_back import sheets
from tests.reports.world import World, many_kinds
from visits.models import Appeal, CallBack

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(full: World) -> Desk:
    return Desk(full)


def leading_nowhere(report):
    """Tables whose lines are records themselves, and those of money, whose amounts are not parted by cell."""
    keys = ("moves", "qualifications", "open_appeals", "long_pending", "by_industry", "by_firm")
    return [table for table in report.tables if table.key in keys]


@pytest.fixture(params=[("2023", "yearly"), ("2023-11", "monthly"), ("2023-Q4", "quarterly")], ids=lambda one: one[1])
def many(desk, request):
    """With lines by unit, category, source, steward, step, and months before and within the period."""
    many_kinds(desk.world)
    period, kind = request.param
    return desk.at(ISSUED, period=period, kind=kind, now="2024-01-05 09:00")


def opened(client, address):
    """The keys and the number of the rows that a page of frozen rows lists and tells of."""
    context = client.get(address).context
    assert context["page"].paginator.count + context["hidden"] == context["count"]
    return {row.pk for row in context["page"].paginator.object_list}, context["count"]


def test_every_count_of_every_table_leads_to_the_rows_it_counted_whatever_the_records_say_now(client, desk, many):
    live = {place_of(address, many.query): address for address in addresses(many.computed)}
    client.force_login(desk.manager)
    before = {place: live_keys(many, desk, address) for place, address in live.items()}
    Appeal.objects.exclude(status__in=("merged", "shelved")).update(
        lead_unit=desk.world.unit, category="policy", source="visit", closed_at=None, status="handling"
    )
    CallBack.objects.filter(is_reached=True).update(solved="unsolved", satisfaction="dissatisfied")
    Stewardship.objects.all().delete()
    counted = 0
    for table in many.to_print().tables:
        for row in table.lines:
            for text, address in zip(row.cells, row.addresses, strict=bool(row.addresses)):
                if address:
                    place = Place(address.split("/")[4], *(parsed(address).get(n, "") for n in ("by", "value", "part")))
                    keys, number = opened(client, address)
                    assert keys == before[place], (table.key, row.cells[0], text)
                    assert not text.isdigit() or number == int(text), (table.key, row.cells[0], text)
                    counted += 1
    assert counted > 80


def parsed(address):
    return dict(parse_qsl(urlsplit(address).query))


def addresses(report):
    return {one for table in report.tables for row in table.lines for one in row.addresses if one}


def live_keys(issue, desk, address):
    """What the page of the live rows counted when the report was made."""
    asked = parsed(address)
    key = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    scope = scope_from(asked, desk.manager, issue.computed_at)
    metric = METRIC_BY_KEY.get(key) or DRAWN_BY_KEY[key]
    return {row.pk for row in drilldown.rows_behind(metric, scope, asked.get("part", ""))}


def test_every_count_of_a_table_of_an_issue_leads_somewhere(many):
    report = many.to_print()
    for table in report.tables:
        if table in leading_nowhere(report):
            assert not any(row.addresses for row in table.lines), table.key
            continue
        for row in table.lines:
            followed = dict(zip(row.cells, row.addresses, strict=True)) if row.addresses else {}
            assert all(
                followed.get(text) for text in row.cells[1:] if text.isdigit() and text not in ("0", row.cells[0])
            )


def test_a_cell_of_a_special_report_is_narrowed_further_than_the_report(client, desk):
    many_kinds(desk.world)
    scope = replace(desk.world.scope("2023", user=desk.manager), category="space")
    issue = desk.take(
        desk.take(desk.take(actions.draft_report(KIND_BY_KEY["special"], scope, at=scope.now), "submit"), "approve"),
        "issue",
    )
    client.force_login(desk.manager)
    [address] = {row.addresses[2] for row in issue.to_print().table("by_unit").rows if row.cells[1] == "服务科"}
    assert opened(client, address)[1] == 6


def test_a_report_issued_before_cells_were_kept_opens_and_its_cells_lead_nowhere(client, desk):
    issue = desk.draft()
    issue.frozen_rows.filter(figure__contains="@").delete()
    issue = desk.take(desk.take(desk.take(issue, "submit"), "approve"), "issue")
    client.force_login(desk.manager)
    table = issue.to_print().table("by_category")
    assert {bool(one) for row in table.rows for one in row.addresses} <= {False}
    assert client.get(issue.get_absolute_url()).status_code == 200
    assert client.get(f"/issues/{issue.pk}/figures/appeals_received/").status_code == 200
    assert client.get(f"/issues/{issue.pk}/figures/appeals_received/?by=category&value=policy").status_code == 404


@pytest.mark.parametrize(
    "query", ["by=unit&value=99999", "by=category", "part=nothing", "by=category&value=policy&part=x"]
)
def test_a_cell_that_the_report_has_not_is_not_found(client, desk, many, query):
    client.force_login(desk.manager)
    assert client.get(f"/issues/{many.pk}/figures/appeals_received/?{query}").status_code == 404


def test_a_reader_elsewhere_finds_no_cell(client, desk, many, elsewhere):
    client.force_login(Desk(elsewhere).manager)
    for address in sorted(addresses(many.to_print()))[:3]:
        assert client.get(address).status_code == 404


def test_the_issued_workbook_leads_to_the_kept_rows(desk, settings):
    settings.SITE_ADDRESS = "https://crm.example.cn"
    issue = desk.at(ISSUED)
    with issue.files.get(format="xlsx").file.open("rb") as file:
        sheet = sheets(file.read())["承办单位办理情况"]
    links = {cell.value: cell.hyperlink.target or cell.hyperlink.location for cell in sheet[5] if cell.hyperlink}
    assert links[21].startswith(f"https://crm.example.cn/issues/{issue.pk}/figures/appeals_received/?by=unit")
