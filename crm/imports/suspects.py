"""New rows that may speak of something known already though neither code nor name says so: a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crm.imports.resource import ImportResource, Suspect
from crm.models import Organisation, User
from crm.models.imports import Verdict

if TYPE_CHECKING:
    from crm.imports.matching import Matched

# A person's word that a row repeats an earlier one of the file.
SKIP = "skip"


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
            if one.row and decision == SKIP:
                item.verdict = Verdict.DUPLICATE
                item.draft.add("duplicate", f"与第 {one.row} 行“{one.name}”重复（{one.why}），按您的认定不导入")
            elif one.pk and decision == f"update:{one.pk}":
                _take(item, one.pk, found, taken, resource)
            elif not decision:
                item.draft.add("warning", _words(one, resource), more={"suspects": [[one.pk, one.name, one.row]]})


def _words(one: Suspect, resource: ImportResource) -> str:
    where = f"第 {one.row} 行" if one.row else ""
    return f"疑似重复：可能与{where}“{one.name}”是同一{resource.measure}（{one.why}）"


def _take(item: Matched, pk: int, found: dict[int, int], taken: dict[int, int], resource: ImportResource) -> None:
    number = item.draft.number
    first = taken.setdefault(pk, number)
    if first == number:
        found[number] = pk
    else:
        item.verdict = Verdict.DUPLICATE
        message = f"与第 {first} 行对应名册中的同一{resource.measure}，只导入第 {first} 行"
        item.draft.add("duplicate", message)
