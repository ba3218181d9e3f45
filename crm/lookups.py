"""Lookups of the ORM that every model has besides Django's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Lookup
from django.db.models.lookups import In


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class Among(Lookup[Any]):
    """``pk__among=[…]``: as ``in`` of plain numbers or texts, by one parameter however many there are.

    Ten thousand parameters take longer to be put into a statement than their rows to be found.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        values: Iterable[Any] = self.rhs
        return [self.lhs.output_field.get_prep_value(value) for value in values]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        column, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            # Of the column's own type, without which the database compares with one after the other.
            kind = self.lhs.output_field.db_type(connection)
            kind = "text" if kind.startswith("varchar") else kind
            return f"{column} = ANY(%s::{kind}[])", [*params, self.rhs]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]  # noqa: S608


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class AnyOf(In):
    """``pk__any_of=query set`` that finds few: as ``in``, but these few are read first and looked up by index.

    Beside another condition, joined by OR, PostgreSQL puts ``IN (SELECT …)`` to every row of the table. Of many it is
    the better way: what an index did not find is compared with one after the other.
    """

    lookup_name = "any_of"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        found, found_params = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY{found})", [*params, *found_params]
