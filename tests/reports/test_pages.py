"""Every document as pictures of its pages: the ink keeps the margins and the type area of GB/T 9704-2012."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from reports.documents.kinds import KINDS
from tests.reports.documents.test_documents import get
from tests.reports.documents.test_record import full as full_visit
from tests.reports.ink import inks
from tests.reports.world import NOW, at
from tests.visits.factories import Cast
from visits.choices import AppealStatus

LEFT, TOP, ALLOWED = 28.0, 37.0, 1.0
RIGHT, BOTTOM = LEFT + 156, TOP + 225
# Half the thickness of a rule, and the softness of an edge in the picture.
EDGE = 0.3
HEADER = {"issuer": "西集镇人民政府", "number": "西政文〔2026〕12号"}


def check(content: bytes, *, first: float = TOP) -> None:
    """On every page: text, tables and drawings begin at the left and upper edge of the type area and stay inside it."""
    for number, ink in enumerate(inks(content)):
        assert ink.left == pytest.approx(LEFT, abs=ALLOWED), number
        assert ink.top == pytest.approx(TOP if number else first, abs=ALLOWED), number
        assert ink.right <= RIGHT + EDGE, number
        assert ink.bottom <= BOTTOM + EDGE, number


@pytest.fixture
def cast(office) -> Cast:
    return Cast(office)


@pytest.mark.parametrize("kind", [kind.key for kind in KINDS])
@pytest.mark.parametrize("state", ["full", "world"])
def test_every_kind_of_report_keeps_the_margins_on_every_page(request, browser, kind, state):
    request.getfixturevalue(state)
    with time_machine.travel(at(NOW), tick=False):
        check(get(browser, kind, "pdf").content)


def test_a_red_header_begins_35_mm_below_the_upper_edge_of_the_type_area(full, browser):
    with time_machine.travel(at(NOW), tick=False):
        check(get(browser, "monthly", "pdf", **HEADER).content, first=TOP + 35)


def test_the_file_of_an_enterprise_and_the_sheet_of_an_appeal_keep_the_margins_on_every_page(client, cast):
    for number in range(60):
        cast.visit(cast.firm, topic=f"第{number}次", summary="谈了用房、用工和融资的情况。" * 5)
    appeal = cast.at(AppealStatus.CLOSED)
    client.force_login(cast.manager)
    for name, pk in (("enterprise_dossier", cast.firm.pk), ("appeal_sheet", appeal.pk)):
        check(client.get(reverse(f"reports:{name}", args=[pk, "pdf"])).content)


def test_the_record_of_a_visit_and_the_card_of_an_enterprise_keep_the_margins(client, cast):
    visit = full_visit(cast, summary="企业介绍了三季度的经营情况和明年的打算。\n" * 200)
    client.force_login(cast.manager)
    for name, pk in (("visit_record", visit.pk), ("enterprise_card", cast.firm.pk)):
        check(client.get(reverse(f"reports:{name}", args=[pk])).content)
