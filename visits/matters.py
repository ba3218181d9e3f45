"""共性问题: appeals of a month in which several enterprises raise the same matter, among what a reader may see.

Groups are made anew for every reader from the rows of that reader, so that no count tells of a row that is hidden.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from crm.models import User
from crm.search import plain
from visits.choices import AppealCategory, AppealStatus, MatterState
from visits.models import Appeal, CommonMatter
from visits.months import Month, month_of
from visits.similar import cut, likeness, share_of

# The newest of a month that are compared; of one category on an appeal's own page.
ROWS, ROWS_OF_CATEGORY = 3_000, 500
# A text is compared with the groups that share most with it; a piece leads to so many groups at most.
COMPARED, GROUPS_OF_PIECE, MOST_PLACES = 10, 60, 2
# What most appeals of a group say is what they share.
SHARED, WORDS = 0.6, 4


@dataclass(frozen=True, slots=True)
class Line:
    """What is compared and shown of an appeal."""

    pk: int
    number: str
    enterprise_id: int
    enterprise: str
    category: str
    content: str
    status: str
    created_at: datetime
    matter_id: int | None

    @property
    def status_label(self) -> str:
        return str(AppealStatus(self.status).label)


@dataclass(slots=True)
class Group:
    """Appeals about one matter, the first that was raised leading."""

    leader: frozenset[str]
    lines: list[Line] = field(default_factory=list)
    matter: CommonMatter | None = None

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def category(self) -> str:
        return str(AppealCategory(self.first.category).label)

    @property
    def firms(self) -> int:
        return len({line.enterprise_id for line in self.lines})

    @property
    def is_common(self) -> bool:
        return bool(self.firms >= settings.YQT["COMMON_MATTER_FIRMS"])

    @property
    def is_listed(self) -> bool:
        return self.matter is not None and self.matter.state == MatterState.LISTED

    @property
    def is_dismissed(self) -> bool:
        return self.matter is not None and self.matter.state == MatterState.DISMISSED

    @property
    def matter_id(self) -> int | None:
        return next((line.matter_id for line in self.lines if line.matter_id), None)

    @property
    def words(self) -> str:
        """What they share, as the first of them spells it."""
        return shared_words(self.lines)


def groups_of_month(user: User, month: Month) -> list[Group]:
    """Common matters of the month with what was decided on them; two queries. The more enterprises, the earlier."""
    groups = list(find_groups(_lines(_of_month(user, month)[:ROWS])))
    _tell_decisions(user, groups)
    # What was decided stays to be seen by who decides, even if one of the appeals was merged or taken back since.
    shown = [group for group in groups if group.is_common or group.matter]
    return sorted(shown, key=lambda group: (-group.firms, group.first.pk))


def group_of(appeal: Appeal, user: User) -> Group | None:
    """The common matter to which an appeal belongs; two queries at most."""
    month = month_of(timezone.localdate(appeal.created_at))
    rows = _of_month(user, month).filter(category=appeal.category)
    for group in find_groups(_lines(rows[:ROWS_OF_CATEGORY])):
        if group.is_common and any(line.pk == appeal.pk for line in group.lines):
            _tell_decisions(user, [group])
            return group
    return None


def _of_month(user: User, month: Month) -> QuerySet[Any]:
    rows: Any = Appeal.objects.visible_to(user).counted()
    return rows.filter(created_at__gte=month.start_at, created_at__lt=month.end_at).order_by("-created_at", "-pk")  # type: ignore[no-any-return]


def _lines(rows: Any) -> list[Line]:
    names = ("pk", "number", "enterprise_id", "enterprise__name", "category", "content", "status", "created_at")
    lines = [Line(*values) for values in rows.values_list(*names, "matter_link__matter_id")]
    return lines[::-1]


def find_groups(lines: Iterable[Line]) -> Iterator[Group]:
    """Each line goes to the group of its category whose first line is most like it, or begins one; in their order."""
    by_category: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_category[line.category].append(line)
    for _, same in sorted(by_category.items()):
        yield from _groups_of_category(same)


def _groups_of_category(lines: Sequence[Line]) -> list[Group]:
    groups: list[Group] = []
    known: dict[frozenset[str], Group] = {}
    holding: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        pieces = cut(line.content, [line.enterprise])
        group = known.get(pieces) or _nearest(pieces, groups, holding)
        if group is None:
            group = Group(pieces)
            for piece in pieces:
                if len(holding[piece]) < GROUPS_OF_PIECE:
                    holding[piece].append(len(groups))
            groups.append(group)
        known[pieces] = group
        group.lines.append(line)
    return groups


def _nearest(pieces: frozenset[str], groups: list[Group], holding: dict[str, list[int]]) -> Group | None:
    """By how many pieces are shared it is known of most groups that they are too far off; the rest are compared."""
    common = Counter(number for piece in pieces for number in holding.get(piece, ()))
    near = [(share_of(count + MOST_PLACES, len(pieces), len(groups[n].leader)), n) for n, count in common.items()]
    most = sorted((-share, n) for share, n in near if share >= settings.YQT["SIMILAR_FROM"])[:COMPARED]
    best = max(((likeness(pieces, groups[n].leader), -n) for _, n in most), default=(0.0, 0))
    return groups[-best[1]] if best[0] >= settings.YQT["SIMILAR_FROM"] else None


def _tell_decisions(user: User, groups: list[Group]) -> None:
    keys = {group.matter_id for group in groups if group.matter_id}
    matters = CommonMatter.objects.visible_to(user).select_related("owner", "decided_by").in_bulk(keys) if keys else {}
    for group in groups:
        group.matter = matters.get(group.matter_id or 0)


def shared_words(lines: Sequence[Line]) -> str:
    """Runs of characters of the first line of which most lines hold every piece."""
    held = Counter(piece for line in lines for piece in cut(line.content, [line.enterprise]))
    enough, text = SHARED * len(lines), plain(lines[0].content[:200])
    runs, run = [], ""
    for n in range(len(text)):
        is_shared = n + 1 < len(text) and held[text[n : n + 2]] >= enough
        run += text[n] if is_shared else ""
        if not is_shared:
            runs.append(run + text[n] if run else "")
            run = ""
    return "、".join(sorted(dict.fromkeys(filter(None, runs)), key=lambda one: (-len(one), text.index(one)))[:WORDS])
