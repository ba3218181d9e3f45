"""Enterprises as lines of a list: every other table in one query each, however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from crm.imports.cells import is_empty, text_of
from parks.import_columns.writing import Line
from parks.models import Contact, Enterprise, FormerName, Qualification, ServiceTier, Stewardship
from parks.querysets import on_date
from parks.resources.other_numbers import OTHERS, held_by

FETCHED_AT_ONCE = 2000
# Long or derived, and written nowhere.
UNUSED = ("search_text", "name_key", "normalised_name", "registered_capital_raw", "paid_in_capital_raw", "uscc_note")


def lines(rows: Any) -> Iterator[Line]:
    """The rows of a query set in its order, with what the columns ask of other tables."""
    chosen, today = rows.order_by().values("pk"), timezone.localdate()
    of_these = {"enterprise__in": chosen}
    former = _texts(FormerName.objects.filter(**of_these).order_by("pk").values_list("enterprise_id", "name"))
    links = Enterprise.tags.through.objects.filter(**of_these).order_by("tag__name")
    tags = _texts(links.values_list("enterprise_id", "tag__name"))
    valid = Qualification.objects.filter(**of_these).valid_on(today).order_by("kind__position", "pk")
    titles = _texts(valid.values_list("enterprise_id", "kind__short_name"))
    stewards = Stewardship.objects.filter(on_date(today), is_primary=True, **of_these)
    looked_after = dict(stewards.values_list("enterprise_id", "user__name"))
    tiers = {row.enterprise_id: row for row in ServiceTier.objects.filter(on_date(today), **of_these)}
    people = Contact.objects.filter(**of_these).order_by("is_primary", "-pk")
    # Lists write "无" where there is nobody.
    contacts: dict[int, Contact] = {}
    others: dict[int, Contact] = {}
    for person in people:
        if not is_empty(text_of(person.name)):
            (others if person.name == OTHERS else contacts)[person.enterprise_id] = person
    shown = rows.select_related("industry", "park").defer(*UNUSED)
    for firm in shown.iterator(chunk_size=FETCHED_AT_ONCE):
        yield Line(
            firm=firm,
            former_names=former.get(firm.pk, []),
            tags=tags.get(firm.pk, []),
            qualifications=list(dict.fromkeys(titles.get(firm.pk, []))),
            contact=contacts.get(firm.pk),
            more_phones=held_by(others.get(firm.pk), "_more_phones"),
            more_emails=held_by(others.get(firm.pk), "_more_emails"),
            tier=str(tiers[firm.pk].get_tier_display()) if firm.pk in tiers else "",
            steward=looked_after.get(firm.pk, ""),
        )


def _texts(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, text in pairs:
        found[pk].append(text)
    return found
