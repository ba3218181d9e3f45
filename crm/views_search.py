"""One search for everything: the page of results in groups, and what is offered while typing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.http import user_of
from crm.search import Group, Hit, groups_for, is_search
from crm.views import GatedView

HITS_PER_GROUP = 8
SUGGESTIONS_PER_GROUP = 5


class SearchPage(GatedView):
    """Results by kind; a search that finds one record only opens it."""

    permission_required = "parks.view_enterprise"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:100]
        results = search(groups_for(user_of(request)), request, HITS_PER_GROUP)
        hits = [hit for result in results for hit in result["hits"]]
        if len(hits) == 1:
            return redirect(hits[0].url)
        context = {"text": text, "results": results, "is_search": is_search(text), "found": len(hits)}
        return render(request, "crm/search.html", context)


class SearchSuggestions(GatedView):
    """Fragment under the search box."""

    permission_required = "parks.view_enterprise"

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = [group for group in groups_for(user_of(request)) if group.is_quick]
        results = search(groups, request, SUGGESTIONS_PER_GROUP)
        context = {"text": request.GET.get("q", "").strip()[:100], "results": results}
        return render(request, "crm/_search_suggestions.html", context)


def search(groups: list[Group], request: HttpRequest, size: int) -> list[dict[str, Any]]:
    """The groups in which something was found; one more than shown is asked for, to know whether there is more."""
    text = request.GET.get("q", "").strip()[:100]
    if not is_search(text):
        return []
    results = []
    for group in groups:
        hits: list[Hit] = group.find(user_of(request), text, size + 1)
        if hits:
            results.append({"group": group, "hits": hits[:size], "has_more": len(hits) > size})
    return results
