"""The parts about visits: by steward, and over time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from django.db.models import Count, OuterRef, Subquery

from crm.models import User
from parks.models import Stewardship
from parks.querysets import on_date
from reports import rows
from reports.documents.material import Material
from reports.figures import tables
from reports.figures.linking import linked
from reports.formats import percent
from reports.report import Column, Part, Row, Table
from reports.rows.dimensions import NONE
from reports.rows.scope import Scope

COLUMNS = (
    Column("name", "服务管家"),
    Column("unit", "所在单位"),
    Column("listed", "应走访", "end", "visit_coverage"),
    Column("visited", "已走访", "end", "visit_coverage", "visited"),
    Column("coverage", "覆盖率", "end", "visit_coverage"),
    Column("pairs", "走访家次", "end", "enterprise_visits"),
)
NO_STEWARD = "未分配管家"
NOTE = (
    "注：应走访、已走访和覆盖率按截止日的主管家和“服务包”名单计（口径见走访覆盖率），单位为家；"
    "走访家次按走访当时的管家计，包括名单以外的企业，所以家次不等于已走访家数。"
)


def by_steward(material: Material) -> Part:
    counted = counts(material.scope)
    people = {
        one.pk: one for one in User.objects.filter(pk__in=[k for k in counted if k]).select_related("organisation")
    }
    ordered = sorted(counted, key=lambda key: (key is None, place(people, key), -counted[key]["pairs"], key or 0))
    table = Table(
        "visits_by_steward",
        "走访情况",
        COLUMNS,
        tuple(Row(line(*naming(people, key), counted[key]), str(key or NONE)) for key in ordered),
        Row(line("合计", "", sum(counted.values(), Counter()))) if counted else None,
        empty="没有“服务包”企业，期内也没有走访。",
        note=NOTE,
    )
    return Part("visits", table.title, (linked(material.scope, table, "steward"),))


def counts(scope: Scope) -> dict[int | None, Counter[str]]:
    """By steward: two queries. Coverage is counted over the rows of its figure."""
    found: dict[int | None, Counter[str]] = defaultdict(Counter)
    held = Stewardship.objects.filter(on_date(scope.cutoff), enterprise_id=OuterRef("pk"))
    first = held.order_by("-is_primary", "-starts_on", "pk").values("user_id")[:1]
    listed = scope.enterprises().on_register(scope.cutoff).filter(rows.listed_for_some_time(scope))
    visited = rows.visited(scope)["visited"]
    by_steward = listed.order_by().annotate(held_by=Subquery(first)).values("held_by")
    for row in by_steward.annotate(n=Count("pk"), seen=Count("pk", filter=visited)):
        found[row["held_by"]].update(listed=row["n"], visited=row["seen"])
    pairs = scope.visit_pairs().order_by().values_list("steward").annotate(Count("pk"))
    for steward, number in pairs:
        found[steward].update(pairs=number)
    return found


def place(people: Mapping[int, User], key: int | None) -> str:
    person = people.get(key or 0)
    return person.organisation.path if person and person.organisation else ""


def naming(people: Mapping[int, User], key: int | None) -> tuple[str, str]:
    if key is None:
        return NO_STEWARD, ""
    person = people[key]
    return str(person), person.organisation.name if person.organisation else ""


def line(name: str, unit: str, counted: Counter[str]) -> tuple[str, ...]:
    values = {key: str(counted[key]) for key in ("listed", "visited", "pairs")}
    coverage = percent(counted["visited"], counted["listed"])
    return tables.cells(COLUMNS, {"name": name, "unit": unit, "coverage": coverage} | values)
