"""Fill an empty database with the demo's fictional town; does nothing where it has been."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from crm.models import Organisation
from parks.models import Contact, Enterprise
from parks.search import reindex_contacts, reindex_enterprises
from reports.demo.alike import make_alike
from reports.demo.economy import make_economy
from reports.demo.evaluation import make_results
from reports.demo.hotline import FIRMS, OTHERS, RAISED, RESIDENTS, Hotline
from reports.demo.issues import make_issues
from reports.demo.people import TOWN, make_other_place, make_place
from reports.demo.register import make_register
from reports.demo.service import last_working_moment, make_current_service, make_other_service, make_year_2023
from visits.actions import remind

SEED = 20231231


class Command(BaseCommand):
    help = "写入演示数据（虚构的镇和园区）；已写入过则不重复"

    def handle(self, *args: Any, **options: Any) -> None:
        if Organisation.objects.filter(name=TOWN).exists():
            self.stdout.write("演示数据已在库中。")
            return
        self.stdout.write("正在写入演示数据……")
        with transaction.atomic():
            fill(timezone.now())
        self.stdout.write("演示数据已写入。")


def fill(now: datetime) -> None:
    """Everything up to `now`, in one transaction: an interrupted seed leaves nothing behind."""
    rng = Random(SEED)  # noqa: S311  (the same fiction every time is the point)
    today = timezone.localdate(now)
    place = make_place()
    register = make_register(place, rng, today)
    make_year_2023(place, register, rng)
    make_current_service(place, register, rng, now)
    other = make_other_place()
    make_other_service(other, rng, now)
    Hotline(place, SEED, now).make(RESIDENTS, FIRMS, RAISED)
    Hotline(place, SEED, now).make_year()
    Hotline(other, SEED, now).make(OTHERS, OTHERS, 0)
    make_alike(place, now)
    make_results(place, today)
    make_economy(register.listed, SEED, today)
    remind(now=last_working_moment(now))
    reindex_enterprises(Enterprise.objects.order_by().values_list("pk", flat=True))
    make_issues(place, now, today)
    reindex_contacts(Contact.objects.order_by().values_list("pk", flat=True))
