"""Rows of this app's models, looked up late because the models import the query sets."""

from __future__ import annotations

from typing import Any

from django.apps import apps


def rows_of(model: str) -> Any:
    return apps.get_model("visits", model)._default_manager
