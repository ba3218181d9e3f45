"""Questions this app asks about enterprises and people."""

from __future__ import annotations

from datetime import date, timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import F, Max, OuterRef, Q, Subquery

from crm.models import User
from crm.models.user import UserQuerySet
from crm.moments import moment
from crm.roles import ROLES
from parks.querysets import EnterpriseQuerySet, on_date
from visits.querysets.rows import rows_of


def with_last_visit(enterprises: EnterpriseQuerySet) -> EnterpriseQuerySet:
    """Annotates `last_visit_at` with the time of the last counted visit (None: never visited)."""
    # An aggregate, not the first of an order: PostgreSQL would walk all visits by time for each enterprise.
    visits = rows_of("VisitEnterprise").living().counted().filter(enterprise_id=OuterRef("pk")).order_by()
    last = visits.values("enterprise_id").annotate(last=Max("met_at"))
    return enterprises.annotate(last_visit_at=Subquery(last.values("last")))


def due_for_visit(enterprises: EnterpriseQuerySet, today: date) -> EnterpriseQuerySet:
    """久未走访: enterprises on a “服务包” list not visited for longer than their tier allows, or never; longest first.

    Annotates `last_visit_at`.
    """
    listed = apps.get_model("parks", "ServiceTier")._default_manager.filter(on_date(today)).order_by()
    late = Q(pk__in=())
    for tier, days in settings.YQT["VISIT_INTERVAL_DAYS"].items():
        # Whole sets, each read once; a question per enterprise would be asked for every one on the register.
        recent = rows_of("VisitEnterprise").living().counted().filter(met_at__gte=moment(today - timedelta(days=days)))
        on_list = Q(pk__in=listed.filter(tier=tier).values("enterprise_id"))
        late |= on_list & ~Q(pk__in=recent.order_by().values("enterprise_id"))
    rows = with_last_visit(enterprises.on_register(today).filter(late))
    return rows.order_by(F("last_visit_at").asc(nulls_first=True), "name", "pk")


def colleagues(user: User) -> UserQuerySet:
    """People of the user's institution who do business: 谁去."""
    people: UserQuerySet = User.objects.all()
    if user.organisation is None:
        return people.none()
    business = [key for key, role in ROLES.items() if not role.is_administrative]
    return people.staff_of(user.organisation.institution_path).filter(role__in=business)
