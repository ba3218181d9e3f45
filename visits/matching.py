"""Which enterprise a ticket of the hotline speaks of: by its name, by a former name, by a telephone; else by none.

One telephone of several enterprises, and one name of several, say nothing: the ticket stays unmatched, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from crm.models import Organisation, User
from parks.models import Contact, Enterprise, FormerName
from parks.names import normalise_name
from parks.search import numbers
from visits.choices import MatchedBy, TicketParty

# What lists write where a person calls for themselves.
NO_FIRM = frozenset(["个人", "居民", "市民", "本人", "个人诉求", "居民诉求", "不详", "未知", "非企业"])
SHORTEST_PHONE = 7


@dataclass(frozen=True, slots=True)
class Match:
    """Whose ticket it is and how that was found; `note` says why not, or what to check."""

    party: TicketParty
    enterprise: int | None = None
    by: MatchedBy = MatchedBy.NOTHING
    note: str = ""


class TicketFirms:
    """Every enterprise that the user may see, by what a ticket may name it; three queries."""

    def __init__(self, organisation: Organisation, user: User) -> None:
        below = Enterprise.objects.visible_to(user).filter(organisation__path__startswith=organisation.path).order_by()
        self.names: dict[int, str] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_former: dict[str, set[int]] = defaultdict(set)
        self._by_phone: dict[str, set[int]] = defaultdict(set)
        for pk, name, key, phone in below.values_list("pk", "name", "normalised_name", "phone"):
            self.names[pk] = name
            self._by_name[key].add(pk)
            self._note_phones(pk, phone)
        former = FormerName.objects.filter(enterprise__in=below.values("pk"))
        for pk, key in former.values_list("enterprise_id", "normalised_name"):
            self._by_former[key].add(pk)
        contacts = Contact.objects.filter(enterprise__in=below.values("pk"))
        for pk, mobile, phone in contacts.values_list("enterprise_id", "mobile", "phone"):
            self._note_phones(pk, mobile, phone)

    def _note_phones(self, pk: int, *texts: str) -> None:
        for text in texts:
            for key in phone_keys(text):
                self._by_phone[key].add(pk)

    def match(self, name: str, phone: str) -> Match:
        name = "" if name.strip() in NO_FIRM else name.strip()
        key = normalise_name(name)
        for found, by in ((self._by_name.get(key), MatchedBy.NAME), (self._by_former.get(key), MatchedBy.FORMER)):
            if name and found:
                return self._one(found, by, f"名册中有 {len(found)} 家“{name[:60]}”，请人工匹配")
        return self._by_telephone(name, phone)

    def _one(self, found: set[int], by: MatchedBy, several: str, note: str = "") -> Match:
        if len(found) > 1:
            return Match(TicketParty.UNMATCHED, note=several)
        return Match(TicketParty.ENTERPRISE, next(iter(found)), by, note)

    def _by_telephone(self, name: str, phone: str) -> Match:
        found = set().union(*(self._by_phone.get(key, set()) for key in phone_keys(phone)))
        if len(found) == 1:
            told = f"工单写的是“{name[:60]}”" if name else "工单没有写企业"
            firm = self.names[next(iter(found))]
            return self._one(found, MatchedBy.PHONE, "", f"按来电电话匹配到“{firm[:60]}”，{told}，请核对")
        if not name:
            return Match(TicketParty.RESIDENT)
        several = f"，来电电话是 {len(found)} 家企业共用的" if found else ""
        return Match(TicketParty.UNMATCHED, note=f"名册中没有“{name[:60]}”{several}")


def phone_keys(text: str) -> list[str]:
    """What two spellings of one telephone have in common; a number with hidden digits is none."""
    if "*" in text:
        return []
    return [_key(number) for number in numbers(text) if len(number) >= SHORTEST_PHONE]


def _key(number: str) -> str:
    """Without the country's code, and a landline without that of its area."""
    number = number.removeprefix("86") if len(number) == 13 else number
    return number[-8:] if number.startswith("0") and len(number) >= 11 else number
