"""The register over the API: read-only, the same rows and filters as the page."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from crm.api import ScopedReadOnlyViewSet
from parks.filters import EnterpriseFilter
from parks.models import Enterprise


class EnterpriseSerializer(serializers.ModelSerializer[Enterprise]):
    park = serializers.StringRelatedField[Any](read_only=True)
    industry = serializers.StringRelatedField[Any](read_only=True)
    tags = serializers.SlugRelatedField[Any](slug_field="name", many=True, read_only=True)

    class Meta:
        model = Enterprise
        fields = [
            "id", "name", "uscc", "legal_representative", "registered_capital", "registered_capital_currency",
            "established_on", "status", "enterprise_type", "industry", "park", "stage", "joined_on", "left_on", "tags",
            "registered_address", "updated_at",
        ]  # fmt: skip


class EnterpriseViewSet(ScopedReadOnlyViewSet):
    queryset = Enterprise.objects.select_related("park", "industry").prefetch_related("tags")
    serializer_class = EnterpriseSerializer
    filterset_class = EnterpriseFilter
    permission_required = "parks.view_enterprise"
