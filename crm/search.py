"""Chinese search by two-character pieces, on PostgreSQL by a GIN index, on SQLite by the same column.

A searchable row keeps its texts cut into overlapping pieces in their order: 图维天下 → ``图维 维天 天下``.
Pieces that follow one another in the column are one run of text, so a word is found by its run of pieces: exactly,
in any database.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Lookup, OuterRef, Subquery
from django.utils.module_loading import import_string

from crm.pinyin import sort_key

if TYPE_CHECKING:
    from crm.models import User

BETWEEN_SOURCES = " / "
# More rows than this match a word that is no search any more: the list's order finds a page of them soon.
SEARCH_CAP = 500
# Of more matches than this the best are not looked for any further.
RANKED = 100
# So many matches of any organisation are looked at; all that are within reach only where these few yield too little.
LOOKED_AT = 200
# After every key that begins with another: no reading goes on so.
AFTER_ALL = "zzz"
# What this share of the rows holds is soon met by reading rows; collecting them all from the index takes longer.
COMMON = 0.05
# What the index leaves of the rows is read; of so few, reading is quicker than comparing with one more common piece.
FEW = 0.002
SECONDS_SHARES_ARE_KEPT = 3600
SAMPLED = 2000
_SPACED_CODE = re.compile(r"[0-9A-Za-z\s-]*\d[0-9A-Za-z\s-]*")


def plain(text: str) -> str:
    """One spelling: width, case, no blanks, brackets of one kind."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def pieces(text: str) -> str:
    """Overlapping pieces of two characters, in order; a single character is its own piece."""
    return " ".join(map(add, text, text[1:])) if len(text) > 1 else text


def index_text(sources: Iterable[str]) -> str:
    """What the column holds for these texts."""
    return BETWEEN_SOURCES.join(pieces(text) for text in dict.fromkeys(map(plain, sources)) if text)


def is_search(query: str) -> bool:
    """Whether there is something to look for: one character finds half the register."""
    return any(len(word) > 1 for word in words_of(query))


def words_of(query: str) -> list[str]:
    """The words of a query, all of which must occur; a code or number typed in groups is one word."""
    query = query.strip()
    if _SPACED_CODE.fullmatch(query):
        return [plain(query.replace("-", ""))]
    return list(dict.fromkeys(plain(word) for word in query.split()))


class SearchText(models.TextField[str, str]):
    """The column of pieces. Written by the functions that change what it is made of; its lookup is ``holds``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        derived: dict[str, Any] = {"default": "", "blank": True, "editable": False}
        super().__init__(*args, **(derived | kwargs))


@SearchText.register_lookup
class Holds(Lookup[str]):
    """``search_text__holds="图维 北京"``: every word occurs."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return self._runs(words_of(str(self.rhs)), compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """By bytes: LIKE there folds the case of every character of the column, which takes many times as long."""
        column, column_params = self.process_lhs(compiler, connection)
        words = words_of(str(self.rhs))
        conditions = [f"instr({column}, %s) > 0" for _ in words]
        return f"({' AND '.join(conditions) or '1 = 1'})", [p for word in words for p in (*column_params, pieces(word))]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        words = words_of(str(self.rhs))
        wanted = _worth_asking(words, getattr(self.lhs, "target", None), connection)
        # A word of one piece is found exactly by the index; a longer one must also be one run.
        runs, params = self._runs(
            [word for word in words if len(word) != 2 or word not in wanted], compiler, connection
        )
        if not wanted:
            return runs, params
        column, column_params = self.process_lhs(compiler, connection)
        return f"(string_to_array({column}, ' ') @> %s::text[] AND {runs})", [*column_params, sorted(wanted), *params]

    def _runs(self, words: list[str], compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, column_params = self.process_lhs(compiler, connection)
        conditions, params = ["1 = 1"], []
        for word in words:
            conditions.append(f"{column} LIKE %s ESCAPE '\\'")
            params += [*column_params, f"%{connection.ops.prep_for_like_query(pieces(word))}%"]
        return f"({' AND '.join(conditions)})", params


def _worth_asking(words: list[str], column: Any, connection: Any) -> set[str]:
    """The pieces to ask the index for: the rarest, until few rows are left; none where many rows hold them all."""
    cut = {piece for word in words if len(word) > 1 for piece in pieces(word).split(" ")}
    if not cut or column is None:
        return cut
    table, hour = column.model._meta.db_table, int(time.time() // SECONDS_SHARES_ARE_KEPT)
    known = shares_of_pieces(connection.alias, table, hour)
    shares = {piece: known.get(piece, 0.0) for piece in cut}
    # Pieces of one word seldom stand apart: where each is common, the share of all is not their product.
    if min(shares.values()) >= COMMON and _sampled(connection.alias, table, tuple(words), hour) >= COMMON:
        return set()
    wanted, left = set(), 1.0
    for share, piece in sorted((share, piece) for piece, share in shares.items()):
        if left > FEW or share <= FEW:
            wanted.add(piece)
            left *= share
    return wanted


def _is_common(rows: Any, text: str) -> bool:
    connection, column = connections[rows.db], rows.model._meta.get_field("search_text")
    return connection.vendor == "postgresql" and not _worth_asking(words_of(text), column, connection)


@lru_cache(maxsize=16)
def shares_of_pieces(alias: str, table: str, hour: int) -> dict[str, float]:
    """Pieces of a table that many rows hold, with the share of rows, as the database last counted them."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
            " WHERE schemaname = current_schema() AND attname = 'string_to_array' AND most_common_elems IS NOT NULL"
            " AND tablename IN (SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid"
            " WHERE indrelid = to_regclass(%s))",
            [table],
        )
        found = cursor.fetchone()
    return dict(zip(*found, strict=False)) if found else {}


@lru_cache(maxsize=256)
def _sampled(alias: str, table: str, words: tuple[str, ...], hour: int) -> float:
    """The share of rows that hold these words, of two thousand or so."""
    connection = connections[alias]
    held = " AND ".join(["search_text LIKE %s ESCAPE '\\'"] * len(words))
    runs = [f"%{connection.ops.prep_for_like_query(pieces(word))}%" for word in words]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT avg(({held})::int) FROM {connection.ops.quote_name(table)} TABLESAMPLE SYSTEM"  # noqa: S608
            " ((SELECT least(100, 100.0 * %s / greatest(reltuples, 1)) FROM pg_class WHERE oid = to_regclass(%s)))",
            [*runs, SAMPLED, table],
        )
        (share,) = cursor.fetchone()
    return float(share or 0)


def create_index(schema_editor: BaseDatabaseSchemaEditor, table: str, name: str) -> None:
    """The GIN index over the pieces; other databases read the column itself."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {name} ON {table} USING gin (string_to_array(search_text, ' '))"
            " WITH (gin_pending_list_limit = 512)"
        )


def drop_index(schema_editor: BaseDatabaseSchemaEditor, name: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


def narrowed(rows: Any, text: str) -> Any:
    """Rows of a query set that hold the text: searched first, so that no ordering makes the database walk the table.

    With an ``ORDER BY … LIMIT`` a planner may walk the ordering's index for a rare word; keys found first cannot
    mislead it. The keys are of any organisation: `rows` says which of them may be seen.
    """
    keys = list(_holders(rows, text).values_list("pk", flat=True)[: SEARCH_CAP + 1])
    return rows.filter(pk__among=keys) if len(keys) <= SEARCH_CAP else rows.filter(search_text__holds=text)


def _holders(rows: Any, text: str) -> Any:
    """Rows of any organisation that hold the text."""
    return rows.model._default_manager.filter(search_text__holds=text).order_by()


def best(rows: Any, text: str, size: int) -> list[Any]:
    """The first few of what matches: those that begin with the text, then those that hold it in the name.

    `rows` are searchable rows that have a `name`.
    """
    if not is_search(text):
        return []
    names = rows.order_by().prefetch_related(None).values_list("pk", "name")
    named = {*_beginning(names, text, size), *_holding(names, text, size)}
    start = plain(text)
    found = sorted(named, key=lambda pair: (*_rank(plain(pair[1]), start), pair[0]))[:size]
    by_key = rows.in_bulk([pk for pk, _ in found])
    return [by_key[pk] for pk, _ in found if pk in by_key]


def _holding(names: Any, text: str, size: int) -> list[Any]:
    """Some that hold the text, all if there are few.

    Some of any organisation are looked at first, for the reason that `narrowed` gives; each says whether it is within
    reach by a value, because the planner would turn a condition into a join.
    """
    held = names.filter(search_text__holds=text)
    if _is_common(names, text):
        return list(held[:RANKED])
    within = Subquery(names.filter(pk=OuterRef("pk")).values("pk")[:1])
    looked_at = list(_holders(names, text).values_list("pk", "name", within)[: LOOKED_AT + 1])
    found = [(pk, name) for pk, name, is_within in looked_at if is_within]
    return found if len(looked_at) <= LOOKED_AT or len(found) >= size else list(held[:RANKED])


def _beginning(names: Any, text: str, size: int) -> list[Any]:
    """Names that begin so, where the model keeps them in order: the best must not be missing among many others."""
    key = sort_key(plain(text))
    if not key or not hasattr(names.model, "name_key"):
        return []
    return list(names.filter(name_key__gte=key, name_key__lt=key + AFTER_ALL).order_by("name_key", "pk")[:size])


def found_first(rows: Any) -> Any:
    """Rows under rare conditions, by their keys if these are few: the same trap as that of `narrowed`.

    A query set that already asks for few keys is not asked twice.
    """
    keys = list(rows.order_by().values_list("pk", flat=True)[: SEARCH_CAP + 1])
    return rows.filter(pk__among=keys) if len(keys) <= SEARCH_CAP else rows


def _rank(name: str, text: str) -> tuple[int, int, str]:
    place = name.find(text)
    return (0 if place == 0 else 1 if place > 0 else 2, len(name), name)


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a result."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of record in the search of everything; `find` asks visible_to and returns no more than it was asked for.

    `is_quick` groups are offered while typing.
    """

    label: str
    permission: str
    find: Callable[[User, str, int], list[Hit]]
    list_url: str = ""
    is_quick: bool = False


def groups_for(user: User) -> list[Group]:
    """What this user may search, in the order of the settings; crm may not import the apps that have the records."""
    groups: list[Group] = [import_string(path) for path in settings.SEARCH_GROUPS]
    return [group for group in groups if user.has_perm(group.permission)]
