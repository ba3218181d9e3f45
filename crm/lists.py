"""Lists that page by key, show what they are filtered by, let columns be chosen and views be saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from crm.http import user_of
from crm.keyset import Column, KeysetPage, Sort
from crm.models import SavedView
from crm.views import CappedPaginator, ScopedList

# Parts of an address that say how rows are shown, not which.
NOT_FILTERS = ("page", "after", "before", "ordering", "columns", "count")


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, and the address without it."""

    label: str
    address: str


class KeysetList(ScopedList):
    """A list in one of its `sorts`; the first is the usual one. `view_key` names it among saved views."""

    sorts: ClassVar[Sequence[Sort]]
    columns: ClassVar[Sequence[Column]] = ()
    view_key: ClassVar[str] = ""
    page_size = 30
    paginate_by = None  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With ``count`` only the number of rows, which the page does not wait for."""
        if "count" in request.GET:
            rows = self.get_filterset(self.get_filterset_class()).qs
            return HttpResponse(CappedPaginator(rows, self.page_size).count_text)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = self.request.GET
        page = self.page_of(context["object_list"], asked.get("after", ""), asked.get("before", ""))
        query = without(asked, "page", "after", "before")
        return context | {
            "page_obj": page,
            "count_text": f"{len(page)}+" if page.has_other_pages else str(len(page)),
            "count_address": f"?{without(asked, 'page', 'after', 'before')}&count=1" if page.has_other_pages else "",
            "query": query,
            "is_filtered": any(value for name, value in asked.items() if name not in NOT_FILTERS),
            "chips": chips(context["filter"].form, asked),
            "columns": chosen_columns(self.columns, asked),
            "all_columns": self.columns,
            "saved_views": saved_views(self.request, self.view_key),
            "view_key": self.view_key,
        }

    def page_of(self, rows: QuerySet[Any], after: str, before: str) -> KeysetPage:
        return KeysetPage(rows, sort_of(self.sorts, self.request.GET), self.page_size, after, before)


def sort_of(sorts: Sequence[Sort], asked: QueryDict) -> Sort:
    return next((sort for sort in sorts if sort.key == asked.get("ordering")), sorts[0])


def chosen_columns(columns: Sequence[Column], asked: QueryDict) -> set[str]:
    known = {column.key for column in columns}
    return known & set(asked.getlist("columns")) or {column.key for column in columns if column.is_usual}


def without(asked: QueryDict, *names: str) -> str:
    query = asked.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


def chips(form: Any, asked: QueryDict) -> list[Chip]:
    """A chip for each filter that was understood."""
    shown = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) if hasattr(form, "cleaned_data") else None
        if name in NOT_FILTERS or not asked.get(name) or value in (None, ""):
            continue
        label = dict(getattr(field, "choices", ())).get(value, value) if isinstance(value, str) else value
        text = str(label) if field.label in (None, str(label)) else f"{field.label.split('、')[0]}：{label}"
        shown.append(Chip(text, f"?{without(asked, name, 'page', 'after', 'before')}"))
    return shown


def saved_views(request: HttpRequest, key: str) -> list[SavedView]:
    """Own views of this list and those that colleagues share."""
    if not key:
        return []
    user = user_of(request)
    rows = SavedView.objects.visible_to(user).filter(Q(owner=user) | Q(is_shared=True), list_key=key)
    return list(rows.select_related("owner"))
