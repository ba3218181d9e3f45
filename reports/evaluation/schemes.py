"""Which scheme of scores counts for whom on a day: the nearest institution's own, else the one of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.conf import settings

from crm.models import User
from reports.evaluation.choices import ItemKind
from reports.evaluation.querysets import steps_of
from reports.evaluation.scoring import FULL, Item
from reports.formats import chinese_date, half_up, weighted
from reports.metrics import METRIC_BY_KEY, METRICS, Metric
from reports.models import ScoreItem, ScoreScheme

THREE_RATES = ("response_rate", "solving_rate", "satisfaction_rate")
DEFAULT_NAME = "三率综合成绩"


@dataclass(frozen=True, slots=True)
class Scheme:
    name: str
    items: tuple[Item, ...]
    valid_from: date | None = None
    owner: str = ""

    @property
    def metrics(self) -> list[Metric]:
        return list({item.metric.key: item.metric for item in self.items}.values())

    @property
    def words(self) -> str:
        """The formula, as it is printed under every ranking."""
        since = f"（{self.owner}，自{chinese_date(self.valid_from)}起）" if self.valid_from else "（系统设置）"
        return f"考评方案“{self.name}”{since}：{'；'.join(item_words(item) for item in self.items)}。"


def item_words(item: Item) -> str:
    points = f"{weighted(item.points)}分"
    if item.is_weighted:
        return f"{item.metric.label}{points}，达到{target_text(item)}得满分，不足按比例"
    verb = "加" if item.kind == ItemKind.BONUS else "扣"
    if item.metric.parts is None:
        limit = f"，最多{weighted(item.most)}分" if item.most is not None else ""
        return f"{item.metric.label}每{item.metric.unit}{verb}{points}{limit}"
    return f"{item.metric.label}{'达到' if item.kind == ItemKind.BONUS else '低于'}{target_text(item)}{verb}{points}"


def target_text(item: Item) -> str:
    return f"{weighted(entered_target(item) or 100)}{item.metric.unit if item.metric.parts is None else '%'}"


def entered_target(item: Item) -> Decimal | None:
    """As it was entered, with two decimals: that of a rate in percent."""
    if item.target is None:
        return None
    return half_up(item.target * (1 if item.metric.parts is None else 100), 2)


def can_be_scored(metric: Metric) -> bool:
    """A score is no item of another."""
    return metric.style != "score"


CHOICES = tuple((metric.key, metric.label) for metric in METRICS if can_be_scored(metric))


def default_scheme() -> Scheme:
    """The weights of the settings (domain §2.3), with which every installation begins."""
    shares = zip(THREE_RATES, settings.YQT["SCORE_WEIGHTS"], strict=True)
    weight = ItemKind.WEIGHT
    return Scheme(
        DEFAULT_NAME, tuple(Item(weight, METRIC_BY_KEY[key], share * FULL, Fraction(1)) for key, share in shares)
    )


def scheme_for(user: User, day: date) -> Scheme:
    """In force on a day; a metric that no longer exists is left out of an old scheme."""
    return schemes_for(user, [day])[0]


def schemes_for(user: User, days: Sequence[date]) -> list[Scheme]:
    """Of several days, at the price of one."""
    rows = ScoreScheme.objects.visible_to(user).in_force(max(days)).select_related("organisation")
    found = list(rows.prefetch_related("items"))
    return [scheme_of(nearest(user, [row for row in found if row.valid_from <= day])) for day in days]


def scheme_of(row: ScoreScheme | None) -> Scheme:
    if row is None:
        return default_scheme()
    items = tuple(item_of(one) for one in row.items.all() if one.metric in METRIC_BY_KEY)
    return Scheme(row.name, items, row.valid_from, row.organisation.name)


def nearest(user: User, rows: Iterable[ScoreScheme]) -> ScoreScheme | None:
    """Of the own institution, else of the next above that has one, else of the only one below that has."""
    newest: dict[int, ScoreScheme] = {}
    for row in rows:
        newest.setdefault(row.organisation_id, row)
    above = steps_of(user.organisation.institution_path)[::-1] if user.organisation else []
    for step in above:
        if step in newest:
            return newest[step]
    return next(iter(newest.values())) if len(newest) == 1 else None


def item_of(row: ScoreItem) -> Item:
    metric = METRIC_BY_KEY[row.metric]
    scale = 1 if metric.parts is None else 100
    target = None if row.target is None else Fraction(row.target) / scale
    return Item(row.kind, metric, row.points, target, row.most)
