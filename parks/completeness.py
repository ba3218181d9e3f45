"""完整度: which of the things that everybody asks for are known of an enterprise, and which are not."""

from __future__ import annotations

from dataclasses import dataclass

from parks.models import Enterprise

# What is asked for, in the order in which it is told.
FIELDS = (
    ("uscc", "信用代码"),
    ("legal_representative", "法定代表人"),
    ("registered_capital", "注册资本"),
    ("established_on", "成立日期"),
    ("status", "登记状态"),
    ("enterprise_type", "企业类型"),
    ("industry_id", "行业"),
    ("registered_address", "注册地址"),
    ("actual_address", "经营地址"),
    ("phone", "电话"),
    ("business_scope", "经营范围"),
    ("employee_count", "从业人数"),
    ("park_id", "园区"),
)


@dataclass(frozen=True, slots=True)
class Completeness:
    percent: int
    lacking: tuple[str, ...]


def completeness_of(enterprise: Enterprise, *, has_contact: bool, has_steward: bool) -> Completeness:
    """Each thing counts the same; rounded down, so that 100 % means all."""
    known = {label: getattr(enterprise, name) not in (None, "") for name, label in FIELDS}
    known |= {"联系人": has_contact, "主管家": has_steward}
    lacking = tuple(label for label, is_known in known.items() if not is_known)
    return Completeness((len(known) - len(lacking)) * 100 // len(known), lacking)
