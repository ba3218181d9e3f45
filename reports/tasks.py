"""Work of reports off the request."""

from __future__ import annotations

from django_tasks import task

from reports import actions


@task()
def draft_due() -> None:
    """What the command draft_reports does; a failure stays on the page and with the managers."""
    actions.run_due()
