"""The demo's enterprises, their qualifications, stewards and “服务包” lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from simple_history.utils import bulk_create_with_history

from parks import uscc
from parks.choices import RegistrationStatus, Stage, StewardRole, Tier
from parks.models import Contact, Enterprise, Qualification, QualificationKind, ServiceTier, Stewardship, Tag
from parks.names import normalise_name
from parks.querysets import CYBER_TAG
from reports.demo.people import Place
from reports.demo.words import (
    CYBER_FIELDS,
    CYBER_INDUSTRIES,
    FORMS,
    GIVEN,
    NAME_HEADS,
    OTHER_FIELDS,
    OTHER_INDUSTRIES,
    POSTS,
    STREETS,
    SURNAMES,
)

CUT_OFF = date(2023, 12, 31)
LIST_STARTS = date(2022, 6, 1)

# On the register on 2023-12-31: 1 236, of them 218 网安; of 1 200 with a known capital in yuan 720 (60 %) are large.
REGISTERED, CYBER = 1236, 218
LARGE, SMALL, FOREIGN, UNKNOWN = 720, 480, 20, 16
# Two that stay and that no other figure is about.
TWICE = slice(1000, 1002)
LEFT_BEFORE, LEFT_SINCE, JOINED_SINCE, CYBER_SINCE = 14, 26, 74, 19
# “服务包” list, first enterprises of the register.
TIERS = {Tier.CITY: 8, Tier.DISTRICT: 22, Tier.TOWN: 30}
# Titles valid on 2023-12-31: kind → how many firms.
TITLES = {"GIANT": 3, "SRDI": 34, "HNTE": 41, "POSTDOC_B": 3, "GREEN_N": 2, "TECH_SME": 58, "INNO_SME": 36, "ETC_M": 5}
ENDLESS = ("POSTDOC_B", "GREEN_N", "ETC_M")


@dataclass(slots=True)
class Register:
    """What the visits and appeals need: firms on the service list, and all that are there now."""

    listed: list[Enterprise] = field(default_factory=list)
    all: list[Enterprise] = field(default_factory=list)


def make_register(place: Place, rng: Random, today: date) -> Register:
    names = _names(rng)
    enterprises = [_enterprise(place, rng, next(names), n) for n in range(REGISTERED)]
    _give_capitals(enterprises, rng)
    enterprises += [_gone_before(_enterprise(place, rng, next(names), n), rng) for n in range(LEFT_BEFORE)]
    enterprises += [_joined_since(_enterprise(place, rng, next(names), n), rng, today) for n in range(JOINED_SINCE)]
    for leaver in enterprises[REGISTERED - LEFT_SINCE : REGISTERED]:
        _leave(leaver, date(2024, 1, 15) + timedelta(days=rng.randrange((today - date(2024, 2, 1)).days)), rng)
    _write_twice(*enterprises[TWICE])
    _store(enterprises, place)
    register = Register(enterprises[: sum(TIERS.values())], enterprises)
    _tag(register.all, place)
    _serve(register.listed, place, today)
    _qualify(register.all, rng, today)
    _introduce(register.listed, rng)
    return register


def _write_twice(first: Enterprise, second: Enterprise) -> None:
    """Two lines of the register that may be one firm, for whoever tries the page of duplicates."""
    second.legal_representative, second.registered_address = first.legal_representative, first.registered_address
    first.phone = second.phone = "010-80000000"


def _names(rng: Random) -> Iterator[tuple[str, str]]:
    """Pairs of name and field; 网安 firms stand first, and first of those that joined later. Every name occurs once."""
    cyber = [(head, item) for head in NAME_HEADS for item in CYBER_FIELDS]
    other = [(head, item) for head in NAME_HEADS for item in OTHER_FIELDS]
    rng.shuffle(cyber)
    rng.shuffle(other)
    before = REGISTERED + LEFT_BEFORE - CYBER
    for head, item in [*cyber[:CYBER], *other[:before], *cyber[CYBER : CYBER + CYBER_SINCE], *other[before:]]:
        form = rng.choice(FORMS)
        place, suffix = ("", form) if form.startswith("（") else ("云川", form)
        yield f"{place}{head}{item}{suffix}", item


def _enterprise(place: Place, rng: Random, named: tuple[str, str], n: int) -> Enterprise:
    name, item = named
    founded = date(2012, 1, 1) + timedelta(days=rng.randrange(4000))
    joined = max(founded, date(2016, 3, 1)) + timedelta(days=rng.randrange(120))
    street = rng.choice(STREETS)
    return Enterprise(
        organisation=place.office, park=place.park, name=name, normalised_name=normalise_name(name),
        uscc=_code(rng), legal_representative=_person(rng), established_on=founded,
        joined_on=min(joined, CUT_OFF), status=RegistrationStatus.ACTIVE,
        stage=Stage.SETTLED if n % 3 else Stage.REGISTERED,
        enterprise_type="其他有限责任公司" if n % 2 else "有限责任公司（自然人投资或控股）",
        industry_id=OTHER_INDUSTRIES.get(item) or rng.choice(CYBER_INDUSTRIES),
        registered_address=f"云川区西溪镇{street}{rng.randrange(1, 90)}号院{rng.randrange(1, 12)}号楼",
        building=f"{rng.randrange(1, 12)}号楼", room=f"{rng.randrange(1, 9)}{rng.randrange(1, 30):02d}",
        insured_count=rng.randrange(2, 260), insured_year=2023, created_by=place.users.get("steward"),
    )  # fmt: skip


def _code(rng: Random) -> str:
    """A code of region 119900, which does not exist, with both check digits right."""
    serial = "MA" + "".join(rng.choice("0123456789ABCDEFGH") for _ in range(6))
    head = f"91119900{serial}"
    inner = next(d for d in "0123456789X" if uscc.has_valid_organisation_check(f"{head}{d}0"))
    return f"{head}{inner}{uscc.check_digit(f'{head}{inner}')}"


def _person(rng: Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2))))


def _give_capitals(enterprises: list[Enterprise], rng: Random) -> None:
    """60 % exactly of those known in yuan reach 1000 万; the edge itself counts, so many stand on it."""
    wan: list[tuple[int | None, str]] = [
        (rng.choice((1000, 1000, 2000, 3000, 5000, 10_000)), "CNY") for _ in range(LARGE)
    ]
    wan += [(rng.choice((50, 100, 200, 300, 500, 800, 999)), "CNY") for _ in range(SMALL)]
    wan += [(rng.choice((100, 500, 1200)), rng.choice(("USD", "HKD", "EUR"))) for _ in range(FOREIGN)]
    wan += [(None, "CNY")] * UNKNOWN
    rng.shuffle(wan)
    for enterprise, (amount, currency) in zip(enterprises, wan, strict=True):
        _set_capital(enterprise, amount, currency)


def _set_capital(enterprise: Enterprise, amount: int | None, currency: str = "CNY") -> None:
    unit = {"CNY": "万元人民币", "USD": "万美元", "HKD": "万港元", "EUR": "万欧元"}[currency]
    enterprise.registered_capital = None if amount is None else Decimal(amount) * 10_000
    enterprise.registered_capital_currency = currency
    enterprise.registered_capital_raw = "" if amount is None else f"{amount}{unit}"


def _gone_before(enterprise: Enterprise, rng: Random) -> Enterprise:
    _set_capital(enterprise, 500)
    enterprise.established_on, enterprise.joined_on = date(2016, 9, 12), date(2017, 5, 4)
    _leave(enterprise, date(2022, 1, 10) + timedelta(days=rng.randrange(600)), rng)
    return enterprise


def _joined_since(enterprise: Enterprise, rng: Random, today: date) -> Enterprise:
    _set_capital(enterprise, rng.choice((100, 500, 1000, 2000)))
    span = max((today - CUT_OFF).days - 10, 1)
    enterprise.joined_on = CUT_OFF + timedelta(days=1 + rng.randrange(span))
    enterprise.established_on = enterprise.joined_on - timedelta(days=rng.randrange(30))
    return enterprise


def _leave(enterprise: Enterprise, day: date, rng: Random) -> None:
    moved = rng.random() < 0.6
    enterprise.stage = Stage.MOVED_OUT if moved else Stage.CLOSED
    enterprise.status = RegistrationStatus.MOVED if moved else RegistrationStatus.CANCELLED
    enterprise.left_on = day


def _store(enterprises: list[Enterprise], place: Place) -> None:
    bulk_create_with_history(
        enterprises,
        Enterprise,
        batch_size=500,
        default_user=place.users.get("steward"),
        default_change_reason="演示数据",
    )


def _tag(enterprises: list[Enterprise], place: Place) -> None:
    cyber = Tag.objects.create(organisation=place.office, name=CYBER_TAG)
    trusted = Tag.objects.create(organisation=place.office, name="信创")
    links: Any = Enterprise.tags.through
    newcomers = enterprises[REGISTERED + LEFT_BEFORE :][:CYBER_SINCE]
    pairs = [(e, cyber) for e in [*enterprises[:CYBER], *newcomers]] + [(e, trusted) for e in enterprises[40:CYBER:5]]
    links.objects.bulk_create([links(enterprise=e, tag=t) for e, t in pairs])


def _serve(listed: list[Enterprise], place: Place, today: date) -> None:
    tiers = [tier for tier, size in TIERS.items() for _ in range(size)]
    ServiceTier.objects.bulk_create(
        ServiceTier(enterprise=e, tier=tier, starts_on=LIST_STARTS) for e, tier in zip(listed, tiers, strict=True)
    )
    Stewardship.objects.bulk_create(
        Stewardship(
            enterprise=e, user=place.stewards[n % len(place.stewards)], role=StewardRole.LOCAL, starts_on=LIST_STARTS
        )
        for n, e in enumerate(listed)
    )


def _qualify(enterprises: list[Enterprise], rng: Random, today: date) -> None:
    kinds = {kind.code: kind for kind in QualificationKind.objects.all()}
    awards: list[Qualification] = []
    for code, size in TITLES.items():
        holders = enterprises[:size] if code in ("GIANT", "SRDI") else rng.sample(enterprises[:400], size)
        awards += [_award(e, kinds[code], rng) for e in holders]
    awards += _not_valid_then(enterprises, kinds)
    awards += _alive_now(enterprises, kinds, today)
    Qualification.objects.bulk_create(awards)


def _award(enterprise: Enterprise, kind: QualificationKind, rng: Random) -> Qualification:
    """Valid on the cut-off: given in the year and a half before, for the usual term."""
    start = date(2022, 7, 1) + timedelta(days=rng.randrange(480))
    if kind.code == "TECH_SME":
        start, end = date(2023, 4, 20), date(2024, 3, 31)
    else:
        end = start.replace(year=start.year + 3, day=min(start.day, 28)) - timedelta(days=1)
    return Qualification(
        enterprise=enterprise, kind=kind, batch=f"{start.year}年",
        number=f"YC{kind.code[:4]}{rng.randrange(10**6):06d}",
        rule_version="2022年办法", valid_from=start, valid_to=None if kind.code in ENDLESS else end,
    )  # fmt: skip


def _not_valid_then(enterprises: list[Enterprise], kinds: dict[str, QualificationKind]) -> list[Qualification]:
    """Expired, withdrawn or not yet given on the cut-off: none of them may be counted for 2023."""
    a, b, c = enterprises[450], enterprises[451], enterprises[452]
    return [
        Qualification(enterprise=a, kind=kinds["HNTE"], valid_from=date(2020, 10, 1), valid_to=date(2023, 9, 30)),
        Qualification(
            enterprise=b, kind=kinds["SRDI"], valid_from=date(2022, 3, 1), valid_to=date(2025, 2, 28),
            withdrawn_on=date(2023, 6, 15), remark="复核未通过",
        ),
        Qualification(enterprise=c, kind=kinds["GIANT"], valid_from=date(2024, 7, 1), valid_to=date(2027, 6, 30)),
    ]  # fmt: skip


def _alive_now(enterprises: list[Enterprise], kinds: dict[str, QualificationKind], today: date) -> list[Qualification]:
    """Renewals and new awards of the last years, some about to expire."""
    left = (12, 25, 47, 80, 88, 130, 170, 260, 400, 520, 640, 760, 900)
    plan = [("GIANT", 0, 4), ("SRDI", 0, 40), ("HNTE", 5, 52)]
    return [
        Qualification(
            enterprise=enterprises[n], kind=kinds[code], batch=f"{today.year}年", rule_version="现行办法",
            valid_from=max(today + timedelta(days=left[n % len(left)] - 1095), date(2024, 1, 2)),
            valid_to=today + timedelta(days=left[n % len(left)]),
        )
        for code, first, last in plan
        for n in range(first, last)
    ]  # fmt: skip


def _introduce(listed: list[Enterprise], rng: Random) -> None:
    Contact.objects.bulk_create(
        Contact(
            enterprise=e, name=_person(rng), post=rng.choice(POSTS), is_primary=True,
            mobile=f"1990000{rng.randrange(10_000):04d}",
        )
        for e in listed
    )  # fmt: skip
