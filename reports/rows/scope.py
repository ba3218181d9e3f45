"""Whose figures, of which period: the only way from a figure to rows. Every query set here has passed `visible_to`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from crm.models import Organisation, User
from crm.moments import moment
from parks.choices import Reach
from parks.models import Enterprise, Indicator, Park, Qualification
from parks.querysets import EnterpriseQuerySet, IndicatorQuerySet, QualificationQuerySet
from reports.period import Period, year_before
from reports.rows.validity import latest
from visits.choices import AppealStatus, TicketStatus
from visits.models import Appeal, CallBack, CommonMatter, HotlineTicket, VisitEnterprise
from visits.querysets import (
    NOT_COUNTED,
    AppealQuerySet,
    CallBackQuerySet,
    HotlineTicketQuerySet,
    VisitEnterpriseQuerySet,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What `user` may see in `period`, read at `now`; park, unit, category and matter narrow it further.

    `by` and `value` leave one part of a breakdown (reports.rows.dimensions).
    """

    user: User
    period: Period
    now: datetime
    park: Park | None = None
    unit: Organisation | None = None
    category: str = ""
    by: str = ""
    value: str = ""
    matter: CommonMatter | None = None

    @property
    def as_of(self) -> datetime:
        """The end of the period, or now while it has not ended: nothing is known of later."""
        return min(self.period.end_at, self.now)

    @property
    def cutoff(self) -> date:
        """The day on which stocks are counted: the last of the period, or today while it is still running."""
        return min(self.period.last_day, timezone.localdate(self.now))

    @property
    def is_running(self) -> bool:
        return self.period.start_at <= self.now < self.period.end_at

    def previous(self) -> Scope:
        """The period before, as far into it as this one has come."""
        before = self.period.previous()
        if not self._is_cut:
            return replace(self, period=before)
        if self.period.kind == "year":
            return replace(self, period=before.until(self._day_after_a_year_before))
        return replace(self, period=before.first_days((self.cutoff - self.period.start).days + 1))

    def last_year(self) -> Scope:
        """The same period of the year before, as far into it as this one has come."""
        before = self.period.last_year()
        if not self._is_cut:
            return replace(self, period=before)
        if self.period.kind == "week":
            return replace(self, period=before.first_days((self.cutoff - self.period.start).days + 1))
        return replace(self, period=before.until(self._day_after_a_year_before))

    @property
    def _is_cut(self) -> bool:
        """Whether to compare with a part only: the other kinds end on the day of which they tell."""
        return self.is_running and self.period.kind not in ("day", "to_date")

    @property
    def _day_after_a_year_before(self) -> date:
        return year_before(self.cutoff) + timedelta(days=1)

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.period.start_at, f"{field}__lt": self.period.end_at})

    def enterprises(self) -> EnterpriseQuerySet:
        rows = Enterprise.objects.visible_to(self.user)
        return rows.filter(park=self.park) if self.park else rows

    def visit_pairs(self) -> VisitEnterpriseQuerySet:
        """家次 of the period; a park has those of the enterprises that were in it on the day."""
        return self.all_visit_pairs().filter(self.within("met_at"))

    def all_visit_pairs(self) -> VisitEnterpriseQuerySet:
        rows = VisitEnterprise.objects.visible_to(self.user).counted()
        return rows.filter(park=self.park) if self.park else rows

    def visit_pairs_since(self, day: date) -> VisitEnterpriseQuerySet:
        """家次 from a day on, up to the end of the cut-off day, of whatever period."""
        first, end = (moment(d) for d in (day, self.cutoff + timedelta(days=1)))
        rows = VisitEnterprise.objects.visible_to(self.user).counted()
        return rows.filter(met_at__gte=first, met_at__lt=end)

    def on_days(self, field: str) -> Q:
        """A date in the period; of a day of reports the day itself."""
        first = self.period.last_day if self.period.hour else self.period.start
        return Q(**{f"{field}__gte": first, f"{field}__lte": self.period.last_day})

    def awards(self) -> QualificationQuerySet:
        rows = Qualification.objects.visible_to(self.user)
        return rows.filter(enterprise__park=self.park) if self.park else rows

    def indicators(self) -> IndicatorQuerySet:
        """Values of months, of every period and indicator."""
        rows = Indicator.objects.visible_to(self.user).filter(reach=Reach.MONTH)
        return rows.filter(enterprise__park=self.park) if self.park else rows

    def appeals(self) -> AppealQuerySet:
        """The base set B of every period."""
        return self._of_enterprises(Appeal.objects.visible_to(self.user).counted())

    def received(self) -> AppealQuerySet:
        """B, and with it the duplicates where each of them counts."""
        if settings.YQT["MERGED_COUNT"] == "once":
            return self.appeals()
        others = [status for status in NOT_COUNTED if status != AppealStatus.MERGED]
        return self._of_enterprises(Appeal.objects.visible_to(self.user).exclude(status__in=others))

    def merged(self) -> AppealQuerySet:
        return self._of_enterprises(Appeal.objects.visible_to(self.user).filter(status=AppealStatus.MERGED))

    def _of_enterprises(self, rows: AppealQuerySet) -> AppealQuerySet:
        return rows.filter(self._narrowing())

    def call_backs(self) -> CallBackQuerySet:
        """Of each appeal the call-back that counts, of every period; V(p) are those that fall into it."""
        rows = latest(CallBack.objects.visible_to(self.user)).of_counted()
        return rows.filter(self._narrowing("appeal__"))

    def tickets(self) -> HotlineTicketQuerySet:
        """Of the hotline, of every period; an appeal raised from one is counted among appeals, not here."""
        rows = HotlineTicket.objects.visible_to(self.user).exclude(status=TicketStatus.CANCELLED)
        if self.park:
            rows = rows.filter(enterprise__park=self.park)
        # The hotline names units in words.
        return rows.filter(lead_unit=self.unit.name) if self.unit else rows

    def _narrowing(self, prefix: str = "") -> Q:
        condition = Q(**{f"{prefix}enterprise__park": self.park}) if self.park else Q()
        if self.unit:
            condition &= Q(**{f"{prefix}lead_unit": self.unit})
        if self.category:
            condition &= Q(**{f"{prefix}category": self.category})
        if settings.YQT["EXCLUDED_DROP"] == "all":
            condition &= Q(**{f"{prefix}excluded_at__isnull": True})
        if self.matter:
            condition &= Q(**{f"{prefix}matter_link__matter": self.matter})
        return condition
