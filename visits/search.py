"""Visits and appeals in the search of everything."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from crm.models import User
from crm.search import SEARCH_CAP, Group, Hit
from parks.models import Enterprise
from visits.models import Appeal, Visit, VisitEnterprise


def _keys_of_enterprises(user: User, text: str) -> list[int]:
    """Found first, so that the planner cannot walk all visits; who may see the visit is asked of the visit."""
    living = Enterprise.objects.living()
    rows = living.filter(living.within_institution(user), search_text__holds=text)
    return list(rows.order_by().values_list("pk", flat=True)[:SEARCH_CAP])


def _visits(user: User, text: str, size: int) -> list[Hit]:
    pairs = VisitEnterprise.objects.filter(enterprise__in=_keys_of_enterprises(user, text))
    held = Q(topic__icontains=text.strip()) | Q(pk__in=pairs.values("visit_id"))
    rows = Visit.objects.visible_to(user).filter(held).order_by("-started_at", "-pk")
    return [_visit_hit(visit) for visit in rows.prefetch_related("pairs__enterprise")[:size]]


def _visit_hit(visit: Visit) -> Hit:
    names = [pair.enterprise.name for pair in visit.pairs.all()]
    who = "、".join(names[:2]) + (f" 等 {len(names)} 家" if len(names) > 2 else "")
    day = timezone.localtime(visit.started_at).strftime("%Y-%m-%d")
    return Hit(visit.topic or who or "走访", f"{day} · {visit.get_kind_display()} · {who}", visit.get_absolute_url())


def _appeals(user: User, text: str, size: int) -> list[Hit]:
    text = text.strip()
    held = Q(number__icontains=text) | Q(content__icontains=text) | Q(enterprise__in=_keys_of_enterprises(user, text))
    rows = Appeal.objects.visible_to(user).filter(held).order_by("-created_at", "-pk").select_related("enterprise")
    return [_appeal_hit(appeal) for appeal in rows[:size]]


def _appeal_hit(appeal: Appeal) -> Hit:
    detail = f"{appeal.number} · {appeal.get_status_display()} · {appeal.enterprise.name}"
    return Hit(appeal.content[:60], detail, appeal.get_absolute_url())


VISITS = Group("走访", "visits.view_visit", _visits, "visits:visit_list")
APPEALS = Group("诉求", "visits.view_appeal", _appeals, "visits:appeal_list")
