"""Step 3 of the import wizard: what words mean that the register does not know, asked once for all rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.http import user_of
from crm.imports import words
from crm.imports.errors import ImportStateError
from crm.imports.resource import ImportResource, get_resource
from crm.imports.staging import open_batch
from crm.imports.words import UnknownWord
from crm.models import ImportBatch, ImportWord
from crm.models.imports import BatchState
from crm.views_imports import ImportView, place_in, stage_now_or_later

# Longer vocabularies are typed with proposals instead of picked from a list.
LONGEST_SELECT = 40
LEFT_OUT, UNTOUCHED = "（留空，不导入）", ""


class ImportWords(ImportView):
    """A word a line: what the list says, how often, and what is meant by it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state != BatchState.STAGED:
            return redirect(batch)
        return self._form(batch, {}, {})

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = request.GET.urlencode() or "tab="
        try:
            batch = open_batch(self.batch().pk)
        except ImportStateError as error:
            messages.error(request, str(error))
            return redirect("crm:import_detail", pk=pk)
        resource = self._prepared(batch)
        typed = {name: str(request.POST[name]).replace("\x00", "").strip() for name in request.POST}
        meanings, errors = _meanings([*words.unknown_words(batch, resource), *words.used_words(batch)], typed, resource)
        if errors:
            return self._form(batch, typed, errors)
        if not meanings:
            return redirect(place_in(batch, place))
        words.remember(batch, meanings, actor=user_of(request))
        messages.success(request, f"已保存 {len(meanings)} 个对应，下次遇到不用再选。")
        return stage_now_or_later(request, batch, batch.counts.get("rows", 0), place)

    def _prepared(self, batch: ImportBatch) -> ImportResource:
        resource = get_resource(batch.resource)
        resource.prepare(batch.organisation, user_of(self.request))
        resource.lookups()
        return resource

    def _form(self, batch: ImportBatch, typed: dict[str, str], errors: dict[str, str]) -> HttpResponse:
        resource = self._prepared(batch)
        unknown, used = words.unknown_words(batch, resource), words.used_words(batch)
        vocabularies = {one.column: list(resource.vocabulary(one.column)) for one in (*unknown, *used)}
        labels = dict(batch.rows.filter(number__in=_rows_of([*unknown, *used])).values_list("number", "label"))
        said = _said(batch) if used else {}
        lines = [_line(one, vocabularies, labels, typed, errors) for one in unknown]
        return self.page(
            "words",
            batch=batch,
            lines=lines,
            used=[
                _line(one, vocabularies, labels, typed, errors) | {"said": said.get((one.column, one.word))}
                for one in used
            ],
            long={column: known for column, known in vocabularies.items() if len(known) > LONGEST_SELECT},
            total=sum(one.count for one in unknown),
            errors=errors,
            left_out=LEFT_OUT,
            resource=resource,
            back=place_in(batch, self.request.GET.urlencode()),
            step=3,
        )


def _meanings(
    asked: list[UnknownWord], typed: dict[str, str], resource: ImportResource
) -> tuple[dict[tuple[str, str], str | None], dict[str, str]]:
    """What was chosen for each word that was asked, None to forget; and what to say of choices that are no words."""
    meanings: dict[tuple[str, str], str | None] = {}
    errors: dict[str, str] = {}
    vocabularies = {column: set(resource.vocabulary(column)) for column in {one.column for one in asked}}
    for one in asked:
        chosen = typed.get(f"word-{one.key}")
        if chosen is None or chosen == (one.meant or (LEFT_OUT if one.is_used else UNTOUCHED)):
            continue
        if chosen not in (UNTOUCHED, LEFT_OUT) and chosen not in vocabularies[one.column]:
            errors[one.key] = f"“{chosen[:40]}”不在{one.title}可选的写法里，请从列表中选"
        else:
            meanings[one.column, one.word] = {UNTOUCHED: None, LEFT_OUT: ""}.get(chosen, chosen)
    return meanings, errors


def _line(
    one: UnknownWord,
    vocabularies: dict[str, list[str]],
    labels: dict[int, str],
    typed: dict[str, str],
    errors: dict[str, str],
) -> dict[str, Any]:
    known = vocabularies[one.column]
    now = one.meant or LEFT_OUT if one.is_used else one.guess
    # What was said may have gone from the vocabulary since; it stays until somebody says otherwise.
    gone = [one.meant] if one.meant and one.meant not in known else []
    return {
        "word": one,
        "choices": [*gone, *known] if len(known) <= LONGEST_SELECT else [],
        "value": typed.get(f"word-{one.key}", now),
        "rows": [(number, labels.get(number, "")) for number in one.rows],
        "error": errors.get(one.key, ""),
    }


def _rows_of(asked: list[UnknownWord]) -> set[int]:
    return {number for one in asked for number in one.rows}


def _said(batch: ImportBatch) -> dict[tuple[str, str], ImportWord]:
    rows = ImportWord.objects.filter(organisation_id=batch.organisation_id, resource=batch.resource)
    return {(row.column, row.text): row for row in rows.select_related("chosen_by")}
