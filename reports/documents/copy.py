"""One printed copy of a report: what belongs to who prints it and not to the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from crm.models import User
from reports.issuing.proof import Proof


@dataclass(frozen=True, slots=True)
class Copy:
    """`mark` is the watermark; `site` the address that links of the copy begin with, empty for none; an issued report
    has a `proof`."""

    mark: str = ""
    site: str = ""
    proof: Proof | None = None


PLAIN = Copy()


def mark_of(user: User, now: datetime) -> str:
    return f"{user}（{user.organisation}）{timezone.localtime(now):%Y-%m-%d %H:%M} 打印，仅供内部工作使用"
