"""New rows that may speak of something on the register though neither code nor name says so: a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crm.imports.resource import ImportResource
from crm.models import Organisation, User
from crm.models.imports import Verdict

if TYPE_CHECKING:
    from crm.imports.matching import Matched


def note_suspects(
    results: Iterable[Matched],
    found: dict[int, int],
    taken: dict[int, int],
    resource: ImportResource,
    organisation: Organisation,
    user: User,
    decisions: Mapping[str, str],
) -> None:
    """Warn on new rows; where a person said which row of the register is meant, it counts as found.

    ``taken`` holds which row of the register was found by which row of the file, earlier parts of it included.
    """
    new = [item for item in results if item.verdict == Verdict.NEW and item.draft.number not in found]
    suspects = resource.suspects([(item.draft.number, item.draft.values) for item in new], organisation, user)
    for item in new:
        number = item.draft.number
        decision = decisions.get(str(number), "")
        for one in suspects.get(number, ()):
            if decision == f"update:{one.pk}":
                _take(item, one.pk, found, taken, resource)
            elif not decision:
                message = f"可能与“{one.name}”是同一{resource.measure}（{one.why}）"
                item.draft.add("warning", message, more={"suspects": [[one.pk, one.name]]})


def _take(item: Matched, pk: int, found: dict[int, int], taken: dict[int, int], resource: ImportResource) -> None:
    number = item.draft.number
    first = taken.setdefault(pk, number)
    if first == number:
        found[number] = pk
    else:
        item.verdict = Verdict.DUPLICATE
        message = f"与第 {first} 行对应名册中的同一{resource.measure}，只导入第 {first} 行"
        item.draft.add("duplicate", message)
