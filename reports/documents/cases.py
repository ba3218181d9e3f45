"""典型案例 picked from appeals: closed in the period, and the enterprise said that it is solved and it is satisfied."""

from __future__ import annotations

from django.db.models import QuerySet

from crm.models import User
from crm.scoping import visible
from reports.documents.material import Case
from reports.rows import closed_in
from reports.rows.scope import Scope
from visits.choices import Satisfaction, Solved
from visits.models import Appeal, AppealEvent, CallBack

OFFERED = 100
LONGEST = 200


def cases_to_pick(scope: Scope) -> QuerySet[Appeal]:
    """The latest first."""
    happy = CallBack.objects.visible_to(scope.user).latest_valid()
    happy = happy.filter(solved=Solved.SOLVED, satisfaction=Satisfaction.SATISFIED)
    rows = scope.appeals().filter(closed_in(scope), pk__in=happy.values("appeal_id"))
    first = rows.order_by("-closed_at", "-pk").values_list("pk", flat=True)[:OFFERED]
    # Keys read first: a list that is cut cannot be looked into.
    return Appeal.objects.filter(pk__in=list(first)).select_related("enterprise").order_by("-closed_at", "-pk")


def case_of(appeal: Appeal, user: User) -> Case:
    notes = visible(AppealEvent, user).filter(appeal=appeal, step="progress").exclude(note="")
    done = "；".join(event.note.rstrip("。；") for event in notes.order_by("at", "pk"))
    call = CallBack.objects.visible_to(user).filter(appeal=appeal).latest_valid().first()
    said = call.comment.rstrip("。；") if call and call.comment else ""
    effect = "；".join(filter(None, [appeal.result_text.rstrip("。；"), said, "企业确认已解决，表示满意"]))
    return Case(f"{appeal.enterprise.name}（{appeal.get_category_display()}）", cut(appeal.content), cut(done), effect)


def cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
