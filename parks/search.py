"""What enterprises and contacts are found by. Every writer of one of these facts calls this module."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.utils.module_loading import import_string

from crm.models import User
from crm.pinyin import initials, sort_key
from crm.search import Group, Hit, best, index_text
from parks.models import Contact, Enterprise
from parks.names import normalise_name

# The fields that `index_enterprise` sets and `FACTS` the ones it reads, for writers that name what they write.
FIELDS = ("search_text", "name_key")
FACTS = frozenset({"name", "uscc", "legal_representative", "phone"})
ROWS_PER_WRITE = 1000
_NO_DIGIT = re.compile(r"\D+")
_BETWEEN_NUMBERS = re.compile(r"[,，;；、/\n\r|]+|\s{2,}")


def index_enterprise(enterprise: Enterprise, former_names: Iterable[str], former_codes: Iterable[str] = ()) -> None:
    """Set, without saving, what the enterprise is found and sorted by."""
    names = [normalise_name(name) for name in (enterprise.name, *former_names)]
    codes = [enterprise.uscc, *former_codes]
    enterprise.search_text = index_text(
        [*names, *codes, enterprise.legal_representative, *numbers(enterprise.phone), *map(initials, names)]
    )
    enterprise.name_key = sort_key(names[0])


def index_contact(contact: Contact) -> None:
    contact.search_text = index_text(
        [contact.name, *numbers(contact.mobile), *numbers(contact.phone), initials(contact.name)]
    )


def numbers(text: str) -> list[str]:
    """Digits of each phone number in a cell."""
    digits = (_NO_DIGIT.sub("", part) for part in _BETWEEN_NUMBERS.split(text))
    return [number for number in digits if len(number) >= 4]


def reindex_enterprises(keys: Iterable[int], models: Apps = apps) -> int:
    """Write anew what these enterprises are found by; three reads and one write per thousand.

    `models` is the state of the models that a migration works on.
    """
    wanted = list(keys)
    for start in range(0, len(wanted), ROWS_PER_WRITE):
        _reindex_some(wanted[start : start + ROWS_PER_WRITE], models)
    return len(wanted)


def tell_followers(keys: Iterable[int]) -> None:
    """Records of other apps are found by their enterprises' texts, too (settings: ENTERPRISE_FOLLOWERS)."""
    wanted = list(keys)
    for path in settings.ENTERPRISE_FOLLOWERS if wanted else ():
        import_string(path)(wanted)


def _reindex_some(keys: Sequence[int], models: Apps) -> None:
    enterprises: Any = models.get_model("parks", "Enterprise")
    names = _by_enterprise(models.get_model("parks", "FormerName"), "name", keys)
    codes = _by_enterprise(models.get_model("parks", "FormerCode"), "code", keys)
    rows = list(enterprises.objects.filter(pk__in=keys).only("pk", *FACTS, *FIELDS))
    for row in rows:
        index_enterprise(row, names[row.pk], codes[row.pk])
    enterprises.objects.bulk_update(rows, FIELDS)


def _by_enterprise(model: Any, column: str, keys: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, text in model.objects.filter(enterprise__in=keys).order_by("pk").values_list("enterprise_id", column):
        found[pk].append(text)
    return found


def reindex_contacts(keys: Iterable[int], models: Apps = apps) -> int:
    contacts: Any = models.get_model("parks", "Contact")
    wanted = list(keys)
    for start in range(0, len(wanted), ROWS_PER_WRITE):
        rows = list(contacts.objects.filter(pk__in=wanted[start : start + ROWS_PER_WRITE]))
        for row in rows:
            index_contact(row)
        contacts.objects.bulk_update(rows, ["search_text"])
    return len(wanted)


def _enterprises(user: User, text: str, size: int) -> list[Hit]:
    rows = Enterprise.objects.visible_to(user).only("name", "uscc")
    return [Hit(e.name, e.uscc or "缺信用代码", e.get_absolute_url()) for e in best(rows, text, size)]


def _contacts(user: User, text: str, size: int) -> list[Hit]:
    rows = Contact.objects.visible_to(user).select_related("enterprise")
    rows = rows.only("name", "post", "mobile", "phone", "enterprise__name")
    return [_contact_hit(contact) for contact in best(rows, text, size)]


def _contact_hit(contact: Contact) -> Hit:
    facts = [contact.post, contact.mobile or contact.phone, contact.enterprise.name]
    return Hit(contact.name, " · ".join(filter(None, facts)), f"{contact.enterprise.get_absolute_url()}#contacts")


ENTERPRISES = Group("企业", "parks.view_enterprise", _enterprises, "parks:enterprise_list", is_quick=True)
CONTACTS = Group("联系人", "parks.view_contact", _contacts, is_quick=True)
