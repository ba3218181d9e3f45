"""Which cells of a money table a reader without the right must not see: amounts that tell of a single firm or two.

A hidden cell can be worked out from the total when it hides alone; then another one is hidden with it. No queries here.
"""

from __future__ import annotations

from collections.abc import Sequence

HIDDEN = "*"
FEWEST_FIRMS = 3
PERMISSION = "reports.view_sensitive"


def is_sensitive(firms: int) -> bool:
    """An amount of one or two firms; of none there is nothing to tell."""
    return 0 < firms < FEWEST_FIRMS


def hidden_groups(firms: Sequence[int], *, has_total: bool = True) -> frozenset[int]:
    """Positions of the groups whose amounts are hidden, given how many firms stand behind each.

    With a total printed beside them, what is hidden together has at least FEWEST_FIRMS firms in two groups or more.
    """
    hidden = {place for place, count in enumerate(firms) if is_sensitive(count)}
    if not hidden or not has_total:
        return frozenset(hidden)
    others = sorted((count, place) for place, count in enumerate(firms) if count and place not in hidden)
    for _, place in others:
        if len(hidden) > 1 and sum(firms[one] for one in hidden) >= FEWEST_FIRMS:
            break
        hidden.add(place)
    return frozenset(hidden)


def hides_total(firms: Sequence[int]) -> bool:
    """The total itself tells of one firm or two."""
    return is_sensitive(sum(firms))


def shown(texts: Sequence[str], firms: Sequence[int], *, may_see: bool, has_total: bool = True) -> tuple[str, ...]:
    """The amounts as this reader sees them, one a group."""
    if may_see:
        return tuple(texts)
    hidden = hidden_groups(firms, has_total=has_total)
    return tuple(HIDDEN if place in hidden else text for place, text in enumerate(texts))
