"""What the dashboard shows to whom: one table of boards, chosen by what the reader may do, through one scope."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from crm.models import User
from reports.figures.address import rows_address
from reports.figures.breakdown import Part, breakdown
from reports.figures.tally import figure, tallies, text_of
from reports.formats import EMPTY
from reports.metrics import (
    ANSWERS,
    APPEALS,
    ATTENTION,
    ECONOMY,
    HOTLINE,
    METRIC_BY_KEY,
    METRICS,
    REGISTER,
    VISITS,
    Metric,
)
from reports.report import Column, Figure, Row, Table
from reports.rows.scope import Scope
from visits.models import Appeal
from visits.queues import BY_KEY, Queue, queue_counts, shown

STEWARD = "steward"


@dataclass(frozen=True, slots=True)
class Board:
    """`headlines` are the big figures; `queues` those of appeals that wait for somebody on this board."""

    key: str
    label: str
    permission: str
    headlines: tuple[str, ...]
    queues: tuple[str, ...] = ()
    has_workloads: bool = False
    # Only what hangs on the enterprises of the reader.
    is_own: bool = False


# The first whose permission the reader holds is the reader's own; any other that is allowed can be chosen.
BOARDS = (
    Board(
        "desk",
        "主管",
        "visits.dispatch_appeal",
        ("enterprise_visits", "closing_rate_due", "satisfaction_rate", "valid_call_backs"),
        ("submitted", "accepted", "today", "answered", "asked", "closed", "review"),
        has_workloads=True,
    ),
    Board(
        "leader",
        "领导",
        "visits.supervise_appeal",
        ("enterprise_visits", "closing_rate_due", "satisfaction_rate", "cyber_enterprises"),
        ("supervised", "asked", "review"),
    ),
    Board(
        STEWARD,
        "我的企业",
        "visits.add_visit",
        ("registered_enterprises", "enterprise_visits", "visits_in_time", "closing_rate_due"),
        ("mine",),
        is_own=True,
    ),
    Board(
        "reader",
        "全部",
        "reports.view_report",
        ("enterprise_visits", "closing_rate_due", "satisfaction_rate", "cyber_enterprises"),
    ),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """All figures of one section, which the page asks for after it is shown."""

    key: str
    section: str


PIECES = (
    Piece("visits", VISITS),
    Piece("appeals", APPEALS),
    Piece("answers", ANSWERS),
    Piece("register", REGISTER),
    Piece("hotline", HOTLINE),
    Piece("economy", ECONOMY),
)
PIECE_BY_KEY = {piece.key: piece for piece in PIECES}
WORKLOADS = (
    "registered_enterprises", "enterprise_visits", "enterprises_visited", "visits_in_time", "appeals_received",
    "closing_rate_due", "satisfaction_rate",
)  # fmt: skip


def boards_of(user: User) -> list[Board]:
    """Those that the user may look at, the own one first; 全部 only where no other shows everything."""
    allowed = [board for board in BOARDS if user.has_perm(board.permission)]
    if allowed[0].is_own:
        return [allowed[0], allowed[-1]]
    return [board for board in allowed if board.key != "reader"] or allowed


def board_for(user: User, wanted: str) -> Board:
    offered = boards_of(user)
    return next((board for board in offered if board.key == wanted), offered[0])


def scope_on(board: Board, scope: Scope) -> Scope:
    """A steward's own board is about the enterprises that the steward looks after."""
    return replace(scope, by=STEWARD, value=str(scope.user.pk)) if board.is_own else scope


def attention(scope: Scope) -> list[Figure]:
    """What needs attention, as it stands: the page does not compare it, so nothing else is counted."""
    metrics = [metric for metric in METRICS if metric.section == ATTENTION]
    found = tallies(scope, metrics)
    return [replace(figure(m, found[m.key], found[m.key]), address=rows_address(scope, m.key)) for m in metrics]


def pieces_of(scope: Scope) -> list[Piece]:
    """Sections that have something to tell of the rows that the scope is about."""
    return [piece for piece in PIECES if metrics_of(piece, scope)]


def metrics_of(piece: Piece, scope: Scope) -> list[Metric]:
    """Of one part of a breakdown only figures that can be parted so."""
    return [m for m in METRICS if m.section == piece.section and (not scope.by or scope.by in m.dimensions)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue of appeals with its count, and where it is."""

    queue: Queue
    count: str
    address: str
    is_empty: bool


def waiting(board: Board, user: User) -> list[Waiting]:
    """One query for all of them."""
    if not board.queues or not user.has_perm("visits.view_appeal"):
        return []
    queues = [BY_KEY[key] for key in board.queues]
    counts = queue_counts(Appeal.objects.visible_to(user), user, queues)
    address = reverse("visits:appeal_list")
    return [
        Waiting(queue, shown(counts[queue.key]), f"{address}?queue={queue.key}", not counts[queue.key])
        for queue in queues
    ]


def workloads(scope: Scope) -> Table:
    """What each steward looks after and has done, each cell with its rows."""
    metrics = [METRIC_BY_KEY[key] for key in WORKLOADS]
    found = breakdown(scope, metrics, STEWARD)
    names = {part.key: part.label for key in WORKLOADS for part in found[key]}
    by_steward = {key: {part.key: part for part in parts} for key, parts in found.items()}
    columns = (Column("name", "管家"), *(Column(m.key, m.label, "end", m.key) for m in metrics))
    rows = tuple(
        Row(
            (names[steward], *(printed(key, by_steward[key].get(steward)) for key in WORKLOADS)),
            steward,
            addresses=("", *(address(by_steward[key].get(steward)) for key in WORKLOADS)),
        )
        for steward in ordered(names)
    )
    note = "注：走访按走访当日的管家，其余按截止日的主管家；企业没有管家的列在最后。"
    return Table("workloads", "管家工作量", columns, rows, None, "还没有企业，也没有走访。", note)


def ordered(names: dict[str, str]) -> list[str]:
    """By name, those of nobody last."""
    return sorted(names, key=lambda key: (not key.isdigit(), names[key]))


def printed(key: str, part: Part | None) -> str:
    return EMPTY if part is None else text_of(METRIC_BY_KEY[key], part.tally)


def address(part: Part | None) -> str:
    return "" if part is None else part.address
