"""Putting rows right in the review: cells, suggestions, decisions on duplicates, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.imports import corrections, review
from crm.imports.errors import ImportStateError
from crm.imports.resource import get_resource
from crm.models import ImportBatch, ImportRow
from crm.models.imports import BatchState
from crm.views_imports import ImportView, place_in, stage_now_or_later

SUGGESTIONS_SHOWN = 200


class ImportCorrect(ImportView):
    """Whatever the buttons of the review say; afterwards one is where one was."""

    http_method_names = ["post", "options"]

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        place = request.POST.get("place", "")
        try:
            changed, words = _change(batch, request.POST)
        except ImportStateError as error:
            messages.error(request, str(error))
            return redirect(batch)
        except (ValueError, KeyError):
            messages.error(request, "更正的内容无法识别，什么也没有改。请在核对页重新操作")
            return redirect(place_in(batch, place))
        if (changed.fixes, changed.decisions) == (batch.fixes, batch.decisions):
            messages.info(request, "没有改动。")
            return redirect(place_in(batch, place))
        messages.success(request, words)
        return stage_now_or_later(request, changed, batch.counts.get("rows", 0), place or "tab=")


def _change(batch: ImportBatch, data: Any) -> tuple[ImportBatch, str]:
    """The batch as changed, and what to say of it."""
    if "all" in data:
        return corrections.correct(batch.pk, corrections.suggestions_of(batch)), "已采用全部建议。"
    if "undo" in data:
        cell = () if data["undo"] == "all" else _numbers(data["undo"])
        return corrections.take_back(batch.pk, *cell), "已恢复文件中的原文。"
    fixes = _typed(data)
    if "take" in data:
        number, index = _numbers(data["take"])
        fixes.setdefault(number, {})[index] = corrections.suggestions_of(batch)[number][index]
    decisions = {int(name.removeprefix("row-")): str(data[name]) for name in data if name.startswith("row-")}
    if "decide" in data:
        number, _, decision = data["decide"].partition(":")
        decisions[int(number)] = decision
    changed = corrections.correct(batch.pk, fixes)
    if decisions:
        changed = corrections.decide(batch.pk, decisions)
    return changed, "已保存，并重新核对。"


def _typed(data: Any) -> dict[int, dict[int, str]]:
    """Fields named ``cell-<row>-<column>``."""
    fixes: dict[int, dict[int, str]] = {}
    for name in data:
        if name.startswith("cell-"):
            number, index = _numbers(name.removeprefix("cell-"))
            fixes.setdefault(number, {})[index] = str(data[name])
    return fixes


def _numbers(text: str) -> tuple[int, int]:
    number, index = (int(part) for part in text.split("-"))
    if number >= 2**31:
        raise ValueError(text)
    return number, index


class ImportRowForm(ImportView):
    """All cells of a row: a sheet beside the review, or a page of its own without scripts."""

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        batch = self.batch()
        row = batch.rows.filter(number=number).first() if number < 2**31 else None
        if row is None or batch.state != BatchState.STAGED:
            raise Http404
        template = "_row_form" if getattr(request, "htmx", False) else "row"
        place = review.Place.read(request.GET)
        return self.page(template, step=4, place=place, back=place_in(batch, str(place)), **self._about(batch, row))

    def _about(self, batch: ImportBatch, row: ImportRow) -> dict[str, Any]:
        cells = review.cells_of(batch, row)
        placed = {cell.index for cell in cells}
        return {
            "batch": batch,
            "row": row,
            "cells": cells,
            "other": [message for message in row.messages if message["index"] not in placed],
            "resource": get_resource(batch.resource),
        }


class ImportSuggestions(ImportView):
    """What accepting every suggestion would change; the button is below the list."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state != BatchState.STAGED:
            return redirect(batch)
        place = review.Place.read(request.GET)
        return self.page(
            "suggestions",
            batch=batch,
            suggested=corrections.suggested(batch, SUGGESTIONS_SHOWN),
            place=place,
            back=place_in(batch, str(place)),
            resource=get_resource(batch.resource),
            step=4,
        )
