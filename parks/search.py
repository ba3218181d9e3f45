"""What enterprises and contacts are found by. Every writer of one of these facts calls this module."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from crm.pinyin import initials, sort_key
from crm.search import index_text
from parks.models import Contact, Enterprise, FormerName
from parks.names import normalise_name

# The fields that `index_enterprise` sets and `FACTS` the ones it reads, for writers that name what they write.
FIELDS = ("search_text", "name_key")
FACTS = frozenset({"name", "uscc", "legal_representative", "phone"})
ROWS_PER_WRITE = 1000
_BETWEEN_NUMBERS = re.compile(r"[,，;；、/\n\r|]+|\s{2,}")


def index_enterprise(enterprise: Enterprise, former_names: Iterable[str]) -> None:
    """Set, without saving, what the enterprise is found and sorted by."""
    names = [normalise_name(name) for name in (enterprise.name, *former_names)]
    enterprise.search_text = index_text(
        [*names, enterprise.uscc, enterprise.legal_representative, *numbers(enterprise.phone), *map(initials, names)]
    )
    enterprise.name_key = sort_key(names[0])


def index_contact(contact: Contact) -> None:
    contact.search_text = index_text(
        [contact.name, *numbers(contact.mobile), *numbers(contact.phone), initials(contact.name)]
    )


def numbers(text: str) -> list[str]:
    """Digits of each phone number in a cell."""
    digits = (re.sub(r"\D", "", part) for part in _BETWEEN_NUMBERS.split(text))
    return [number for number in digits if len(number) >= 4]


def reindex_enterprises(keys: Iterable[int]) -> int:
    """Write anew what these enterprises are found by; two reads and one write per thousand."""
    wanted = list(keys)
    for start in range(0, len(wanted), ROWS_PER_WRITE):
        _reindex_some(wanted[start : start + ROWS_PER_WRITE])
    return len(wanted)


def _reindex_some(keys: Sequence[int]) -> None:
    former: dict[int, list[str]] = defaultdict(list)
    for pk, name in FormerName.objects.filter(enterprise__in=keys).values_list("enterprise_id", "name"):
        former[pk].append(name)
    rows = list(Enterprise.objects.filter(pk__in=keys).only("pk", *FACTS, *FIELDS))
    for row in rows:
        index_enterprise(row, former[row.pk])
    Enterprise.objects.bulk_update(rows, FIELDS)


def reindex_contacts(keys: Iterable[int]) -> int:
    rows = list(Contact.objects.filter(pk__in=list(keys)))
    for row in rows:
        index_contact(row)
    Contact.objects.bulk_update(rows, ["search_text"], batch_size=ROWS_PER_WRITE)
    return len(rows)
