"""Attempts to reach an enterprise by phone: how many, on how many days, and what 无效回访 still needs. No models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Attempts:
    """Those of one round in which nobody was reached."""

    tries: int
    days: int

    @classmethod
    def at(cls, moments: Iterable[datetime]) -> Attempts:
        dates = [timezone.localtime(moment).date() for moment in moments]
        return cls(len(dates), len(set(dates)))

    @property
    def is_out_of_reach(self) -> bool:
        """无效回访: enough tries on enough different days."""
        return not self._tries_left and not self._days_left

    @property
    def missing(self) -> str:
        """What is still to be tried before the call-back is invalid; empty when nothing is."""
        if self.is_out_of_reach:
            return ""
        if self._tries_left <= self._days_left:
            return "还需在另一天再拨一次" if self._days_left == 1 else f"还需在另外 {self._days_left} 天各拨一次"
        elsewhere = "其中至少一次在另一天" if self._days_left == 1 else f"分在另外 {self._days_left} 天"
        return f"还需再拨 {self._tries_left} 次{f'，{elsewhere}' if self._days_left else ''}"

    @property
    def _tries_left(self) -> int:
        return max(0, int(settings.YQT["CALL_BACK_TRIES"]) - self.tries)

    @property
    def _days_left(self) -> int:
        return max(0, int(settings.YQT["CALL_BACK_DAYS"]) - self.days)


def rule() -> str:
    """What makes a call-back invalid, in words."""
    return f"在{settings.YQT['CALL_BACK_DAYS']}个不同日期共{settings.YQT['CALL_BACK_TRIES']}次未接通"
