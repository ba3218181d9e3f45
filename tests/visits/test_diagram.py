"""The page about the workflow is written from the table of steps."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from visits.choices import AppealStatus
from visits.diagram import PAGE, page
from visits.workflow import STEPS


def test_the_page_in_the_docs_says_what_the_table_says():
    written = Path(settings.BASE_DIR, PAGE).read_text(encoding="utf-8")
    assert written == page(), "步骤表改了：请运行 manage.py appeal_workflow 重新生成"


def test_it_shows_every_status_and_every_step():
    text = page()
    for word in [*AppealStatus.labels, *(step.label for step in STEPS.values())]:
        assert word in text
