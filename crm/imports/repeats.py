"""Rows of a file that speak of the same thing as an earlier one, by their keys alone; the register is not asked."""

from __future__ import annotations

from crm.imports.columns import Values
from crm.imports.parsing import Draft
from crm.imports.resource import Keys


class Repeats:
    """Rows of the file that speak of the same thing as an earlier one."""

    def __init__(self, identity: str) -> None:
        self._identity = identity
        # (number of the row, what it says); by name also the identifier.
        self._by_identifier: dict[str, tuple[int, int]] = {}
        self._by_name: dict[str, tuple[int, int, str]] = {}
        self.by_target: dict[int, int] = {}

    def note(self, draft: Draft, keys: Keys, decision: str, *, is_certain: bool) -> bool:
        """Remember the row; True, with the reason on the draft, when it repeats an earlier one.

        Firms of one name are no repeats where the register already tells them apart.
        """
        content = _content(draft.values)
        if keys.identifier and (first := self._by_identifier.get(keys.identifier)):
            draft.add("duplicate", _repeat_message(first[0], f"{self._identity}相同", is_same=first[1] == content))
            return True
        if (earlier := self._by_name.get(keys.name)) and decision != "create" and not is_certain:
            how = "名称相同但代码不同" if earlier[2] and keys.identifier else "名称相同"
            draft.add("duplicate", _repeat_message(earlier[0], how, is_same=earlier[1] == content))
            return True
        self._by_name.setdefault(keys.name, (draft.number, content, keys.identifier))
        if keys.identifier:
            self._by_identifier[keys.identifier] = (draft.number, content)
        return False

    def same_target(self, draft: Draft, pk: int) -> int | None:
        """Number of the earlier row that was found to be the same row of the register."""
        first = self.by_target.setdefault(pk, draft.number)
        return None if first == draft.number else first


def _content(values: Values) -> int:
    """The same for rows that say the same: all that is kept of a row to compare later ones with."""
    return hash(frozenset((name, tuple(value) if type(value) is list else value) for name, value in values.items()))


def _repeat_message(first: int, how: str, *, is_same: bool) -> str:
    if is_same:
        return f"与第 {first} 行内容相同，只导入第 {first} 行"
    return f"与第 {first} 行{how}，内容有出入；只导入第 {first} 行，请核对"
