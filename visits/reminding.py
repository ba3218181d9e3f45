"""The ladder of reminders and who is told: one table. Writes nothing; visits.actions.reminders does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crm.models import User
from visits.choices import AppealStatus, ReminderKind
from visits.models import Appeal

MANAGER, LEADER, DESK, UNIT = "manager", "leader", "desk", "unit"


@dataclass(frozen=True, slots=True)
class Rung:
    """From so much of the limit used up, whose turn it is hears of it, and these roles of the institution besides."""

    kind: ReminderKind
    percent: int
    also: tuple[str, ...] = ()


# Domain §1.3: 50 % yellow, 80 % with the chief, overdue with the leader.
LADDER = (
    Rung(ReminderKind.HALF, 50),
    Rung(ReminderKind.NEARLY, 80, (MANAGER,)),
    Rung(ReminderKind.OVERDUE, 100, (MANAGER, LEADER)),
)
# A step that presses for an appeal, and who else hears of it.
PRESSED: dict[str, tuple[ReminderKind, tuple[str, ...]]] = {
    "urge": (ReminderKind.URGED, ()),
    "chase": (ReminderKind.URGED, ()),
    "supervise": (ReminderKind.SUPERVISED, (MANAGER,)),
}
ALSO: dict[str, tuple[str, ...]] = {rung.kind.value: rung.also for rung in LADDER} | {
    kind.value: also for kind, also in PRESSED.values()
}


def rungs_reached(percent: int) -> list[Rung]:
    """All of them: a run that was missed is made up for, each rung once. Overdue is past the limit, not at it."""
    return [rung for rung in LADDER if percent >= rung.percent and (rung.percent < 100 or percent > 100)]


@dataclass(slots=True)
class People:
    """Everybody who may be told, read once for any number of appeals."""

    by_role: dict[str, list[User]] = field(default_factory=dict)

    @classmethod
    def of_today(cls) -> People:
        people = cls()
        found = User.objects.filter(is_active=True, role__in=(MANAGER, LEADER, DESK, UNIT), organisation__isnull=False)
        for user in found.select_related("organisation").order_by("pk"):
            people.by_role.setdefault(user.role, []).append(user)
        return people

    def for_appeal(self, appeal: Appeal, also: Iterable[str]) -> list[User]:
        """Whose turn it is, then the roles named; nobody twice.

        The turn is the desk's while no unit leads, and again once the unit has answered.

        Wants `organisation` and `lead_unit` selected.
        """
        unit = None if appeal.status == AppealStatus.ANSWERED else appeal.lead_unit
        turn = self._of_unit(unit.path) if unit else []
        turn = turn or self._of_institution(appeal, DESK)
        rest = [user for role in also for user in self._of_institution(appeal, role)]
        return list(dict.fromkeys([*turn, *rest]))

    def _of_unit(self, path: str) -> list[User]:
        return [user for user in self.by_role.get(UNIT, []) if _path(user).startswith(path)]

    def _of_institution(self, appeal: Appeal, role: str) -> list[User]:
        path = appeal.organisation.path
        return [
            user
            for user in self.by_role.get(role, [])
            if user.organisation is not None and user.organisation.institution_path == path
        ]


def _path(user: User) -> str:
    return user.organisation.path if user.organisation else ""
