"""阶段 and the day of leaving as lists bring them: one fact in two columns, neither of which holds alone."""

from __future__ import annotations

from datetime import date

from crm.imports.cells import CellError
from crm.imports.columns import Reading, Values
from crm.imports.resource import Change
from parks.choices import RegistrationStatus, Stage
from parks.models import Enterprise

LEFT = frozenset({Stage.MOVED_OUT.value, Stage.CLOSED.value})
_ENDED = frozenset({RegistrationStatus.CANCELLED.value, RegistrationStatus.REVOKED.value})


def settle(values: Values, reading: Reading) -> None:
    """Make the two columns of a row one fact. Raises ``CellError`` when the firm would leave before it joined."""
    stage, left_on = values.get("stage"), values.get("left_on")
    if left_on is None:
        values.pop("left_on", None)
        if stage in LEFT:
            del values["stage"]
            reading.warn(f"阶段为{Stage(stage).label}，但没有离开园区的日期，阶段未导入")
        return
    if stage is None:
        values["stage"] = (Stage.CLOSED if values.get("status") in _ENDED else Stage.MOVED_OUT).value
        values["_stage_assumed"] = True
    elif stage not in LEFT:
        del values["left_on"]
        reading.warn(f"阶段为{Stage(stage).label}，离开日期未导入")
        return
    joined_on = values.get("joined_on")
    if joined_on is None:
        reading.warn("没有入园日期，新企业的入园日期最晚记为离开日期")
    elif joined_on > left_on:
        raise CellError("离开日期早于入园日期，请核对", column="left_on")


def reconcile(values: Values, target: Enterprise, changes: list[Change], reading: Reading) -> None:
    """The changes of the two columns as one; none when the register says the same."""
    parts = [change for change in changes if change.field in ("stage", "left_on")]
    # Without a day in the file a firm that is back has no day any more.
    if not parts and ("stage" not in values or values.get("left_on") == target.left_on):
        return
    changes[:] = [change for change in changes if change not in parts]
    if values.get("_stage_assumed") and target.left_on is not None:
        values["stage"] = target.stage
    left_on = values.get("left_on")
    if (values["stage"], left_on) == (target.stage, target.left_on):
        return
    if left_on and left_on < target.joined_on:
        reading.warn(f"离开日期早于名册中的入园日期 {target.joined_on}，这一项未导入")
        return
    by_hand = any(part.by_hand for part in parts)
    before, after = described(target.stage, target.left_on), described(values["stage"], left_on)
    changes.append(Change("stage", "阶段", before, after, by_hand))


def described(stage: str, left_on: date | None) -> str:
    label = str(Stage(stage).label)
    return f"{label}（{left_on}）" if left_on else label


def put(enterprise: Enterprise, values: Values) -> None:
    """Set, without saving, what ``settle`` left of the row."""
    enterprise.stage, enterprise.left_on = values["stage"], values.get("left_on")
