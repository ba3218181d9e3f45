"""Rows that hold any of some pieces: how candidates for a likeness are found without reading the table."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import Lookup

from crm.search import SECONDS_SHARES_ARE_KEPT, SearchText, shares_of_pieces

# All rows that hold one of the pieces asked for are at most about this share of the table.
ASKED_SHARE = 0.02
MOST_PIECES = 24


@SearchText.register_lookup
class HoldsAny(Lookup[Any]):
    """``search_text__holds_any=["车位", "班车"]``: at least one piece of two characters occurs."""

    lookup_name = "holds_any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        column, params = self.process_lhs(compiler, connection)
        conditions = [f"instr({column}, %s) > 0" for _ in self.rhs]
        return f"({' OR '.join(conditions) or '1 = 0'})", [each for piece in self.rhs for each in (*params, piece)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"(string_to_array({column}, ' ') && %s::text[])", [*params, list(self.rhs)]


def rarest(rows: Any, pieces: Iterable[str]) -> list[str]:
    """The rarest of the pieces, as many as few rows hold; none where each is common."""
    connection, table = connections[rows.db], rows.model._meta.db_table
    shares: dict[str, float] = {}
    if connection.vendor == "postgresql":
        shares = shares_of_pieces(connection.alias, table, int(time.time() // SECONDS_SHARES_ARE_KEPT))
    chosen: list[str] = []
    asked = 0.0
    for share, piece in sorted((shares.get(piece, 0.0), piece) for piece in set(pieces)):
        asked += share
        if asked > ASKED_SHARE or len(chosen) == MOST_PIECES:
            break
        chosen.append(piece)
    return chosen
