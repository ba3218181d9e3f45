"""The demo's visits and appeals, made by the same actions as on the pages: 2023 as reviewed, and a year alive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle, groupby
from random import Random

from django.utils import timezone

from crm.calendar import current
from crm.models import User
from crm.moments import moment
from parks.models import Enterprise, ServiceTier
from reports.demo.heard import SUGGESTIONS_2023, Listener
from reports.demo.life import Teller, working_days
from reports.demo.lives import Ending, Life
from reports.demo.people import Place
from reports.demo.register import Register
from reports.demo.words import APPEALS, SUMMARIES, TOPICS
from visits.actions import create_visit
from visits.choices import CONTACT_KINDS, AppealClass, AppealSource, VisitKind
from visits.models import Appeal, Visit

# 177 家次 in 2023: 97 visits to one firm, 8 forums of 7, 4 breakfasts of 6. Phone calls are 联系 and come on top.
SINGLE, FORUMS, FORUM_SIZE, BREAKFASTS, BREAKFAST_SIZE, CALLS = 97, 8, 7, 4, 6, 30
# 171 appeals in 2023, the larger part of them raised on a visit.
APPEALS_2023, FROM_VISITS = 171, 115
OTHER_SOURCES = (AppealSource.HOTLINE, AppealSource.WECHAT, AppealSource.SUPERIOR, AppealSource.LETTER)

# The last twelve months: how many appeals end how, and how many days ago they began (from, to).
NOW: dict[Ending, tuple[int, int, int]] = {
    Ending.SATISFIED: (125, 360, 16),
    Ending.BASICALLY: (7, 350, 22),
    Ending.PARTLY: (4, 340, 25),
    Ending.DISSATISFIED: (4, 330, 25),
    Ending.REDONE: (2, 300, 40),
    Ending.CLOSED_LATE: (5, 320, 45),
    Ending.UNREACHED: (4, 310, 25),
    Ending.UNREACHED_TWICE: (1, 19, 15),
    Ending.LINK_SENT: (1, 18, 15),
    Ending.LINK_ANSWERED: (2, 60, 25),
    Ending.RECHECKED: (1, 70, 40),
    Ending.TO_CALL_BACK: (5, 20, 14),
    Ending.TO_REVIEW: (4, 12, 8),
    Ending.HANDLING: (6, 7, 3),
    Ending.OVERDUE: (4, 45, 24),
    Ending.PAUSED: (3, 25, 10),
    Ending.TO_EXTEND: (1, 6, 4),
    Ending.TO_SHELVE: (1, 6, 4),
    Ending.SHELVED: (1, 60, 50),
    Ending.WHISTLED: (1, 5, 3),
    Ending.JOINT_ANSWERED: (1, 6, 4),
    Ending.EXCLUDED: (1, 60, 40),
    Ending.TO_SIGN: (3, 5, 3),
    Ending.TO_DISPATCH: (2, 4, 3),
    Ending.TO_ACCEPT: (3, 3, 2),
    Ending.REJECTED: (2, 200, 60),
    Ending.WITHDRAWN: (1, 150, 90),
}
RECENT_SUGGESTIONS = 24
NEVER_VISITED = 5
RECENTLY_VISITED = 48
VISIT_SHARE = 0.6
# A firm does not come with another matter within so many days, nor with the same one within the longer time.
QUIET_DAYS, SAME_MATTER_DAYS = 12, 150


@dataclass(frozen=True, slots=True)
class Occasion:
    """A visit that led to something."""

    visit: Visit
    enterprise: Enterprise


def make_year_2023(place: Place, register: Register, rng: Random) -> None:
    days = working_days(date(2023, 1, 4), date(2023, 12, 22))
    plan = [(VisitKind.VISIT, 1)] * SINGLE + [(VisitKind.FORUM, FORUM_SIZE)] * FORUMS
    plan += [(VisitKind.BREAKFAST, BREAKFAST_SIZE)] * BREAKFASTS + [(VisitKind.PHONE, 1)] * CALLS
    occasions = _visits(place, register.listed, plan, days, rng)
    Listener(SUGGESTIONS_2023).suggest([o.visit for o in _firsts(occasions)], SUGGESTIONS_2023, place)
    counted = [o for o in occasions if o.visit.kind != VisitKind.PHONE]
    early = [o for o in counted if timezone.localdate(o.visit.started_at) <= date(2023, 11, 24)]
    teller = Teller(place, rng, moment(date(2023, 12, 31), time(17, 0)))
    for occasion in rng.sample(early, FROM_VISITS):
        _tell_2023(teller, rng, occasion.enterprise, occasion.visit.started_at + timedelta(hours=1), occasion.visit)
    until = [day for day in days if day <= date(2023, 11, 24)]
    for _ in range(APPEALS_2023 - FROM_VISITS):
        begin = moment(rng.choice(until), time(rng.randrange(9, 16), rng.randrange(60)))
        _tell_2023(teller, rng, rng.choice(register.listed), begin, None)


def _tell_2023(teller: Teller, rng: Random, enterprise: Enterprise, begin: datetime, visit: Visit | None) -> None:
    """Closed in time and called back within the year, solved and satisfied, as the review says of all 171."""
    hard_allowed = timezone.localdate(begin) < date(2023, 10, 1)
    weights = (3, 6, 1 if hard_allowed else 0)
    teller.tell(_life(rng, enterprise, begin, visit, Ending.SATISFIED, weights))


def make_current_service(place: Place, register: Register, rng: Random, now: datetime) -> None:
    today = timezone.localdate(now)
    days = working_days(today - timedelta(days=364), today - timedelta(days=2))
    plan: list[tuple[VisitKind, int]] = (
        [(VisitKind.VISIT, 1)] * 120 + [(VisitKind.FORUM, 8)] * 7 + [(VisitKind.BREAKFAST, 6)] * 4
    )
    plan += [(VisitKind.PHONE, 1)] * 24 + [(VisitKind.ONLINE, 1)] * 6
    listener = Listener(days[0].year)
    occasions = _visits(place, register.listed[:RECENTLY_VISITED], plan, days, rng, listener)
    listener.suggest([o.visit for o in _firsts(occasions)], RECENT_SUGGESTIONS, place)
    listener.handle_old_flags(place, now)
    teller = Teller(place, rng, now)
    for ending, (number, first, last) in NOW.items():
        for _ in range(number):
            day = today - timedelta(days=rng.randint(last, first))
            teller.tell(_recent_life(rng, register, occasions, day, ending))
    _merge_one(teller, rng, register, today)
    _plan_ahead(place, register, today)
    _list_newcomers(register, today)


def _recent_life(rng: Random, register: Register, occasions: list[Occasion], day: date, ending: Ending) -> Life:
    """Raised on a visit of that day or the days around it, else by another way in."""
    weights = (2, 7, 1)
    near = [o for o in occasions if abs((timezone.localdate(o.visit.started_at) - day).days) <= 1]
    begin = moment(day, time(rng.randrange(9, 12), rng.randrange(60)))
    busy = set(
        Appeal.objects.filter(created_at__range=_around(begin, QUIET_DAYS)).values_list("enterprise_id", flat=True)
    )
    near = [o for o in near if o.enterprise.pk not in busy]
    if near and rng.random() < VISIT_SHARE:
        occasion = rng.choice(near)
        after = occasion.visit.started_at + timedelta(hours=1)
        return _life(rng, occasion.enterprise, after, occasion.visit, ending, weights)
    quiet = [firm for firm in register.listed if firm.pk not in busy]
    return _life(rng, rng.choice(quiet or register.listed), begin, None, ending, weights)


def _around(begin: datetime, days: int) -> tuple[datetime, datetime]:
    return begin - timedelta(days=days), begin + timedelta(days=days)


def _merge_one(teller: Teller, rng: Random, register: Register, today: date) -> None:
    """The same matter asked twice: the second is merged into the first and counts once."""
    begin = moment(today - timedelta(days=70), time(9, 30))
    first = teller.tell(_life(rng, register.listed[3], begin, None, Ending.SATISFIED, (0, 1, 0)))
    again = _life(rng, register.listed[3], begin + timedelta(hours=2), None, Ending.TO_ACCEPT, (0, 1, 0))
    teller.merge(replace(again, category=first.category, asked=first.content.rstrip("。")), first)


def _plan_ahead(place: Place, register: Register, today: date) -> None:
    steward = place.stewards[0]
    for n, day in enumerate(working_days(today + timedelta(days=1), today + timedelta(days=12))[:3]):
        create_visit(
            actor=steward, started_at=moment(day, time(14, 30)), enterprises=[register.listed[n]], staff=[steward],
            topic="服务包事项对接", place=register.listed[n].registered_address,
        )  # fmt: skip


def _list_newcomers(register: Register, today: date) -> None:
    """Put on the list two months ago and never visited."""
    size = len(register.listed)
    ServiceTier.objects.bulk_create(
        ServiceTier(enterprise=e, tier="town", starts_on=today - timedelta(days=60))
        for e in register.all[size : size + NEVER_VISITED]
    )


def make_other_service(place: Place, rng: Random, now: datetime) -> None:
    """Another town's firms, visits and appeals in the same months; one firm is known to both towns."""
    user = place.users["outsider"]
    known = Enterprise.objects.exclude(organisation=place.office).exclude(uscc="").order_by("pk").first()
    firms = [
        Enterprise.objects.create(
            organisation=place.office, park=place.park, name=f"东渠第{n}示例商贸有限公司",
            normalised_name=f"东渠第{n}示例商贸有限公司", joined_on=date(2021, 3, 1), created_by=user,
            uscc=known.uscc if known and n == 1 else "",
        )
        for n in range(1, 13)
    ]  # fmt: skip
    for year_day in (date(2023, 6, 6), date(2023, 11, 7), timezone.localdate(now) - timedelta(days=9)):
        create_visit(
            actor=user, started_at=moment(year_day, time(10, 0)), enterprises=firms[:4], staff=[user],
            kind=VisitKind.FORUM, topic="东渠镇企业座谈会", at=moment(year_day, time(18, 0)),
        )  # fmt: skip
        teller = Teller(place, rng, min(now, moment(year_day + timedelta(days=60), time(17, 0))))
        is_recent = year_day.year > 2023
        endings = (Ending.DISSATISFIED, Ending.HANDLING if is_recent else Ending.BASICALLY, Ending.SATISFIED)
        for firm, ending in zip(firms, endings, strict=False):
            teller.tell(_life(rng, firm, moment(year_day, time(11, 0)), None, ending, (1, 1, 0)))


def _firsts(occasions: Sequence[Occasion]) -> list[Occasion]:
    """One of each visit."""
    return list({occasion.visit.pk: occasion for occasion in reversed(occasions)}.values())


def _visits(
    place: Place,
    firms: Sequence[Enterprise],
    plan: list[tuple[VisitKind, int]],
    days: list[date],
    rng: Random,
    listener: Listener | None = None,
) -> list[Occasion]:
    """Visits spread over the days; the firms take turns, so that each is seen again after a while, calls apart."""
    visits, calls = cycle(firms), cycle(firms)
    plan = _mixed(plan, rng)
    occasions: list[Occasion] = []
    for n, (kind, size) in enumerate(plan):
        day = days[n * len(days) // len(plan)]
        guests = [next(calls if kind in CONTACT_KINDS else visits) for _ in range(size)]
        visit = _visit(place, rng, kind, guests, day, place.stewards[n % len(place.stewards)], listener)
        occasions += [Occasion(visit, guest) for guest in guests]
    return occasions


def _mixed(plan: list[tuple[VisitKind, int]], rng: Random) -> list[tuple[VisitKind, int]]:
    """Each kind spread over the whole time, so that no month is all forums and none has only calls."""
    places: list[tuple[float, VisitKind, int]] = []
    for (kind, size), same in groupby(plan):
        count = len(list(same))
        places += [((n + 0.5 + rng.random() / 2) / count, kind, size) for n in range(count)]
    return [(kind, size) for _, kind, size in sorted(places)]


def _visit(
    place: Place,
    rng: Random,
    kind: VisitKind,
    guests: list[Enterprise],
    day: date,
    actor: User,
    listener: Listener | None,
) -> Visit:
    hour = 8 if kind == VisitKind.BREAKFAST else rng.randrange(9, 16)
    start = moment(day, time(hour, rng.choice((0, 15, 30, 45))))
    together = kind in (VisitKind.FORUM, VisitKind.BREAKFAST)
    staff = [actor, place.users["manager"]] if together else [actor]
    return create_visit(
        actor=actor, started_at=start, ended_at=start + timedelta(minutes=50), enterprises=guests, kind=kind,
        staff=staff, parts=listener.parts(kind, guests, start) if listener else {},
        topic="重点企业座谈会" if together else rng.choice(TOPICS), summary=rng.choice(SUMMARIES),
        place="园区会议中心" if together else guests[0].registered_address, at=start + timedelta(hours=1),
    )  # fmt: skip


def _life(
    rng: Random,
    enterprise: Enterprise,
    begin: datetime,
    visit: Visit | None,
    ending: Ending,
    weights: tuple[int, int, int],
) -> Life:
    kind = rng.choices((AppealClass.CONSULT, AppealClass.COORDINATE, AppealClass.HARD), weights)[0]
    if ending in (Ending.OVERDUE, Ending.CLOSED_LATE, Ending.HANDLING, Ending.TO_REVIEW):
        kind = AppealClass.COORDINATE
    around = _around(begin, SAME_MATTER_DAYS)
    known = set(enterprise.appeals.filter(created_at__range=around).values_list("content", flat=True))
    matters = [matter for matter in APPEALS if matter[1] == kind]
    category, _, asked, settled = rng.choice([m for m in matters if f"{m[2]}。" not in known] or matters)
    return Life(
        enterprise=enterprise, visit=visit, begin=begin, ending=ending, category=category, appeal_class=kind,
        source=AppealSource.VISIT if visit else rng.choice(OTHER_SOURCES), asked=asked, settled=settled,
    )  # fmt: skip


def last_working_moment(now: datetime) -> datetime:
    """Now, or the last minute at which somebody was at work."""
    working, minute = current(), timedelta(minutes=1)
    ends = (working.end_of_day(timezone.localdate(now) - timedelta(days=n)) - minute for n in range(30))
    return next(at for at in (now, *ends) if at <= now and working.is_working_time(at))
