"""What was said of words of lists, remembered for the next one: found, looked through, forgotten."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from crm.http import typed, user_of
from crm.imports.resource import ImportResource, get_resource, resource_keys
from crm.imports.staging import institution_of
from crm.models import ImportWord
from crm.views import CappedPaginator
from crm.views_imports import ImportView

WORDS_PER_PAGE = 50


class RememberedWords(ImportView):
    """Forgetting needs no way back: the next list with that word asks again."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kinds = self._kinds()
        rows = self._rows(kinds)
        total = rows.count()
        wanted, kind = typed(request, "q").strip()[:100], request.GET.get("kind", "")
        if wanted:
            rows = rows.filter(Q(text__icontains=wanted) | Q(replacement__icontains=wanted))
        if kind in kinds:
            rows = rows.filter(resource=kind)
        shown = rows.select_related("chosen_by", "organisation").order_by("resource", "column", "text", "pk")
        page = CappedPaginator(shown, WORDS_PER_PAGE).get_page(request.GET.get("page"))
        return self.page(
            "remembered",
            page_obj=page,
            items=[_line(word, kinds[word.resource]) for word in page],
            kinds=kinds.values(),
            kind=kind,
            wanted=wanted,
            total=total,
            own=institution_of(user_of(request)),
            query=urlencode({name: text for name, text in (("q", wanted), ("kind", kind)) if text}),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        pk = request.POST.get("forget", "")
        word = get_object_or_404(self._rows(self._kinds()), pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
        word.delete()
        messages.success(request, f"已忘掉“{word.text}”，下次遇到会再问一次。")
        return redirect(f"{reverse('crm:import_remembered')}?{request.GET.urlencode()}")

    def _kinds(self) -> dict[str, ImportResource]:
        every = (get_resource(key) for key in resource_keys())
        return {resource.key: resource for resource in every if self.request.user.has_perm(resource.permission)}

    def _rows(self, kinds: dict[str, ImportResource]) -> Any:
        return ImportWord.objects.visible_to(user_of(self.request)).filter(resource__in=[*kinds])


def _line(word: ImportWord, resource: ImportResource) -> dict[str, Any]:
    labels = {column.key: column.label for column in resource.columns}
    return {"word": word, "kind": resource.label, "column": labels.get(word.column, word.column)}
