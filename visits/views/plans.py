"""Planning: the month at a glance, proposals for the enterprises that are due, and the calendar of one's phone."""

from __future__ import annotations

import calendar
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from crm.calendar import current
from crm.http import typed, undoable, user_of
from crm.models import User
from crm.moments import moment
from crm.views import GatedForm, GatedView
from parks.models import Enterprise
from visits import actions
from visits.choices import VisitStatus
from visits.feeds import title_of, visits_as_ical
from visits.forms import PlanForm
from visits.models import CalendarFeed, Visit
from visits.plans import Proposal, due_in, free_slots, proposals
from visits.querysets import VisitQuerySet, colleagues, living_pairs

SHOWN_A_DAY = 4
# A month of a town that visits a hundred firms a day would be a page of thousands of links.
MOST_OF_A_MONTH = 1500
EVERYBODY, LEADERS = "all", "leaders"
EARLIEST_YEAR, LATEST_YEAR = 2000, 2099


class Month:
    """A calendar month that an address names (`2026-11`), this one when it names none."""

    def __init__(self, text: str) -> None:
        try:
            first = datetime.strptime(text, "%Y-%m").date() if text else timezone.localdate().replace(day=1)
        except ValueError:
            raise Http404 from None
        if not EARLIEST_YEAR <= first.year <= LATEST_YEAR:
            raise Http404
        self.first = first
        self.last = first.replace(day=calendar.monthrange(first.year, first.month)[1])

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def next(self) -> str:
        return f"{self.last + timedelta(days=1):%Y-%m}"

    @property
    def within(self) -> Q:
        return Q(started_at__gte=moment(self.first), started_at__lt=moment(self.last + timedelta(days=1)))


class VisitMonth(GatedView, TemplateView):
    """走访日历: what is planned and what was done, of everybody, of the leaders or of one person."""

    permission_required = "visits.view_visit"
    template_name = "visits/visit_month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, month = user_of(self.request), Month(typed(self.request, "month"))
        people, who = colleagues(user), typed(self.request, "who") or EVERYBODY
        visits = self._visits(user, who).filter(month.within).exclude(status=VisitStatus.CANCELLED)
        found = list(visits.prefetch_related(living_pairs(), "staff").order_by("started_at", "pk")[:MOST_OF_A_MONTH])
        return super().get_context_data(**kwargs) | {
            "month": month,
            "today": timezone.localdate(),
            "weeks": _weeks(month, found),
            "people": people,
            "who": who,
            "done": sum(visit.status == VisitStatus.DONE for visit in found),
            "planned": sum(visit.status == VisitStatus.PLANNED for visit in found),
            "is_capped": len(found) == MOST_OF_A_MONTH,
        }

    def _visits(self, user: User, who: str) -> VisitQuerySet:
        rows = Visit.objects.visible_to(user)
        if who == LEADERS:
            return rows.taken_by_role("leader")
        if who == EVERYBODY:
            return rows
        person = colleagues(user).filter(pk=int(who)).first() if who.isdecimal() and len(who) < 19 else None
        if person is None:
            raise Http404
        return rows.taken_by(person.pk)


def _weeks(month: Month, visits: list[Visit]) -> list[list[dict[str, Any]]]:
    by_day: dict[date, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_day[timezone.localtime(visit.started_at).date()].append(visit)
    working = current()

    def cell(day: date) -> dict[str, Any]:
        rows = by_day.get(day, [])
        return {
            "day": day,
            "is_inside": day.month == month.first.month,
            "is_worked": working.is_working_day(day),
            "visits": [{"visit": visit, "title": title_of(visit)} for visit in rows[:SHOWN_A_DAY]],
            "more": max(len(rows) - SHOWN_A_DAY, 0),
        }

    weeks = calendar.Calendar().monthdatescalendar(month.first.year, month.first.month)
    return [[cell(day) for day in week] for week in weeks]


class VisitPlan(GatedForm):
    """排走访: the enterprises whose interval ends by the end of the month, each with a time one could go."""

    permission_required = "visits.add_visit"
    form_class = PlanForm
    template_name = "visits/visit_plan.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.proposed: list[Proposal] = []

    @property
    def person(self) -> User:
        """Who goes: the one asked for, else the planner."""
        user = user_of(self.request)
        asked = self.request.POST.get("staff") or typed(self.request, "staff")
        found = colleagues(user).filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
        return found or user

    def get_initial(self) -> dict[str, Any]:
        return {"staff": self.person.pk}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, person = user_of(self.request), self.person
        month = Month(typed(self.request, "month"))
        all_due = due_in(Enterprise.objects.visible_to(user), month.last)
        own = all_due.filter(all_due.of_person(person))
        is_own = typed(self.request, "of") != EVERYBODY and own.exists()
        due = own if is_own else all_due
        found, count = proposals(due, self._slots(person, month)), due.count()
        return super().get_context_data(**kwargs) | {
            "month": month,
            "person": person,
            "people": colleagues(user),
            "is_own": is_own,
            "proposals": [(row, *self._typed(row)) for row in found],
            "due_count": count,
            "left_over": count - len(found),
            "per_day": settings.YQT["PLANNED_VISITS_PER_DAY"],
        }

    def _slots(self, person: User, month: Month) -> Any:
        taken = Visit.objects.living().planned().taken_by(person.pk).filter(month.within)
        first = max(month.first, timezone.localdate())
        return free_slots(timezone.now(), first, month.last, taken.values_list("started_at", flat=True))

    def _typed(self, row: Proposal) -> tuple[bool, str]:
        """Whether it is ticked and its time: as typed in a form that came back, else as proposed."""
        proposed = f"{timezone.localtime(row.start_at):%Y-%m-%dT%H:%M}"
        if self.request.method != "POST":
            return True, proposed
        key = str(row.enterprise.pk)
        return key in self.request.POST.getlist("enterprises"), self.request.POST.get(f"start-{key}", proposed)

    def form_valid(self, form: PlanForm) -> HttpResponse:
        data = form.cleaned_data
        visits = actions.plan_visits(
            data["lines"], actor=user_of(self.request), staff=data["staff"], client_id=data["client_id"]
        )
        keys = ",".join(str(visit.pk) for visit in visits)
        undoable(self.request, f"已排 {len(visits)} 次走访。", f"{reverse('visits:visit_plan_undo')}?visits={keys}")
        month = min(visit.started_at for visit in visits)
        return redirect(
            f"{reverse('visits:visit_month')}?month={timezone.localtime(month):%Y-%m}&who={data['staff'].pk}"
        )


class VisitPlanUndo(GatedView):
    """Takes back the plans just made, those of them that nobody has touched since."""

    permission_required = "visits.add_visit"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        keys = [int(key) for key in typed(request, "visits").split(",") if key.isdecimal() and len(key) < 19]
        mine = Visit.objects.visible_to(user).filter(pk__in=keys, created_by=user)
        count = actions.take_back_plans(mine, actor=user)
        left = len(keys) - count
        rest = f"，{left} 次已有变动，保持现状" if left > 0 else ""
        messages.success(request, f"已撤回 {count} 次走访计划{rest}；撤回的在回收站里。")
        return redirect("visits:visit_plan")


class FeedAddress(GatedView, TemplateView):
    """订阅: the secret address of the own visits; a press makes a new one and voids the old."""

    permission_required = "visits.view_visit"
    template_name = "visits/feed_address.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        feed = CalendarFeed.objects.filter(user=user_of(self.request)).first()
        address = self.request.build_absolute_uri(reverse("visits:feed", args=[feed.token])) if feed else ""
        return super().get_context_data(**kwargs) | {"feed": feed, "address": address}

    def post(self, request: HttpRequest) -> HttpResponse:
        actions.renew_feed(actor=user_of(request))
        messages.success(request, "已生成订阅地址；以前的地址不再有效。")
        return redirect("visits:feed_address")


@method_decorator(login_not_required, name="dispatch")
class Feed(View):
    """The visits behind a secret address, for a calendar that cannot log in."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        feed = CalendarFeed.of_token(token)
        if feed is None or not feed.user.has_perm("visits.view_visit"):
            raise Http404
        body = visits_as_ical(feed.user, timezone.now(), request.build_absolute_uri("/").rstrip("/"))
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Cache-Control"] = "private, no-store"
        response["Content-Disposition"] = 'inline; filename="visits.ics"'
        return response
