"""Which rows of other tables point at rows of a model: whatever app they belong to, found through the models."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

from django.db import models

from crm.imports.matching import TARGETS_PER_QUERY, chunks


def hanging_on(
    model: type[models.Model], pks: Sequence[int], *, ignoring: Container[tuple[str, int]]
) -> Iterator[tuple[int, str]]:
    """(key, what points at it), a query per relation and ten thousand rows. ``ignoring`` holds (model, key)."""
    for chunk in chunks(sorted(pks), TARGETS_PER_QUERY):
        for relation in _relations(model):
            other = relation.related_model
            pairs = other._base_manager.filter(**{f"{relation.field.attname}__among": chunk})
            for owner, pk in pairs.values_list(relation.field.attname, "pk"):
                if (other._meta.label, pk) not in ignoring:
                    yield owner, _title(relation)


def _relations(model: type[models.Model]) -> list[Any]:
    """Foreign keys of other tables, hidden ones too; a record's history is no reason to keep it."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and not hasattr(relation.related_model, "tracked_fields")
    ]


def _title(relation: Any) -> str:
    """``走访``; of a table that only links two others, what it links to."""
    model = relation.related_model
    if not model._meta.auto_created:
        return str(model._meta.verbose_name)
    ends = [field.related_model for field in model._meta.fields if field.is_relation]
    return str(next(end for end in ends if end is not relation.model)._meta.verbose_name)
