"""Enterprises as other lists name them: by code, by name, by a former name, several in one cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.imports.cells import Cell, CellError, text_of
from crm.imports.columns import Column, Reading, Values, Writer, Written
from crm.models import Organisation, User
from parks import uscc
from parks.models import Enterprise, FormerName
from parks.names import normalise_name

_BETWEEN = re.compile(r"[、;；\n\r|]+|[,，](?!\s*(?:ltd|inc|llc)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Firm:
    pk: int
    name: str


class Firms:
    """Every enterprise that the importing user may see, held in memory; two queries."""

    def __init__(self, organisation: Organisation, user: User) -> None:
        below = Enterprise.objects.visible_to(user).filter(organisation__path__startswith=organisation.path)
        self._by_code: dict[str, Firm] = {}
        self._by_name: dict[str, list[Firm]] = defaultdict(list)
        self._owners: dict[int, int] = {}
        firms: dict[int, Firm] = {}
        # Own rows come last and win.
        rows = below.order_by("-organisation__path", "pk").values_list(
            "pk", "name", "organisation_id", "normalised_name", "uscc"
        )
        for pk, name, owner, key, code in rows:
            firms[pk] = firm = Firm(pk, name)
            self._owners[pk] = owner
            self._by_name[key].append(firm)
            if code:
                self._by_code[code] = firm
        former = FormerName.objects.filter(enterprise__in=below.order_by().values("pk"))
        for pk, key in former.values_list("enterprise_id", "normalised_name"):
            self._by_name.setdefault(key, []).append(firms[pk])

    def find(self, text: str) -> Firm:
        """Raises ``CellError`` when the register has none, or several, of that code or name."""
        if firm := self._by_code.get(uscc.clean(text)):
            return firm
        found = list(dict.fromkeys(self._by_name.get(normalise_name(text), ())))
        if len(found) == 1:
            return found[0]
        if found:
            raise CellError(f"名册中有 {len(found)} 家“{text[:30]}”，请改填统一社会信用代码")
        raise CellError(f"名册中没有“{text[:30]}”，或不在您的数据范围内；请先导入企业名单")

    def owner_of(self, firm: Firm) -> int:
        """Key of the organisation on whose register it is."""
        return self._owners[firm.pk]

    def find_all(self, text: str) -> list[Firm]:
        """Several in one cell; a name that holds a separator itself is tried whole first."""
        try:
            return [self.find(text)]
        except CellError:
            parts = [part for piece in _BETWEEN.split(text) if (part := piece.strip())]
            if len(parts) < 2:
                raise
        return list(dict.fromkeys(self.find(part) for part in parts))


def parse_firms(cell: Cell, reading: Reading) -> Values:
    return {"_firm_names": text_of(cell)}


def parse_codes(cell: Cell, reading: Reading) -> Values:
    return {"_firm_codes": text_of(cell)}


def resolve(values: Values, firms: Firms) -> list[Firm]:
    """The enterprises of a row. The code decides; a name that speaks of another one is an error, not a guess."""
    names, codes = values.get("_firm_names", ""), values.get("_firm_codes", "")
    by_code = _found(firms, codes, "uscc") if codes and _are_known(firms, codes, names) else []
    by_name = _found(firms, names, "firm") if names and not by_code else []
    found = by_code or by_name
    if by_code and names:
        _check_agreement(firms, by_code, names)
    return found


def _are_known(firms: Firms, codes: str, names: str) -> bool:
    """A code that the register lacks is no obstacle where the name is enough."""
    if not names:
        return True
    try:
        firms.find_all(codes)
    except CellError:
        return False
    return True


def _check_agreement(firms: Firms, found: Sequence[Firm], names: str) -> None:
    try:
        named = firms.find_all(names)
    except CellError:
        return
    if {firm.pk for firm in named} != {firm.pk for firm in found}:
        raise CellError(f"代码是“{found[0].name}”的，与名称不是同一家，请核对", column="firm")


def _found(firms: Firms, text: str, column: str) -> list[Firm]:
    try:
        return firms.find_all(text)
    except CellError as error:
        raise CellError(error.message, column=column) from None


def _name(row: Any) -> Written:
    return str(row.enterprise.name)


def _code(row: Any) -> Written:
    return str(row.enterprise.uscc)


def firm_columns(*, several: bool, write: Writer = _name, write_code: Writer = _code) -> tuple[Column, Column]:
    """The two columns by which a row says of which enterprise it speaks."""
    hint = "名册中已有的企业" + ("；几家用顿号分开" if several else "")
    names = (
        "企业名称 公司名称 单位名称 企业全称 走访企业 被走访企业 企业 诉求企业 诉求单位 反映企业 参会企业"
        " 企业(单位)名称 市场主体名称 经营主体名称 纳税人名称 公司全称 单位全称 填报单位名称"
    )
    return (
        Column(
            key="firm",
            write=write,
            label="企业名称",
            parse=parse_firms,
            strong=tuple(names.split()),
            weak=("公司", "单位", "名称", "走访对象"),
            example="北京某某科技有限公司",
            hint=hint,
        ),
        Column(
            key="uscc",
            write=write_code,
            label="统一社会信用代码",
            parse=parse_codes,
            strong=("统一社会信用代码", "统一信用代码", "社会信用代码", "信用代码", "统一代码", "纳税人识别号", "税号"),
            hint="与企业名称填一个即可",
            recognises=lambda text: uscc.has_valid_check_digit(uscc.clean(text)),
        ),
    )


def subject(values: Values) -> str:
    return str(values.get("_firm_label") or values.get("_firm_names") or values.get("_firm_codes") or "")


def labelled(found: Sequence[Firm]) -> dict[str, Any]:
    return {"_firm_label": "、".join(firm.name for firm in found)[:200]}
