"""Bases of the API: rows through visible_to, actions by declared permission."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """50 rows unless asked, never more than 500: nobody draws the whole register in one request."""

    max_limit = 500


class ScopedReadOnlyViewSet(viewsets.ReadOnlyModelViewSet[Any]):
    """List and detail of what the user may see; a subclass names its rows, serializer and permission."""

    permission_required: ClassVar[str]
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()  # type: ignore[no-any-return]
        return rows.visible_to(self.request.user)  # type: ignore[no-any-return]
