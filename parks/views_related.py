"""关联企业: a fragment of the enterprise's page, a page of its own without JavaScript."""

from __future__ import annotations

from typing import Any

from crm.http import user_of
from crm.views import ScopedDetail
from parks.models import Enterprise
from parks.related import related_to


class EnterpriseRelated(ScopedDetail):
    model = Enterprise
    permission_required = "parks.view_enterprise"

    def get_template_names(self) -> list[str]:
        is_fragment = getattr(self.request, "htmx", False)
        return ["parks/_related.html" if is_fragment else "parks/enterprise_related.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"related": related_to(self.object, user_of(self.request))}
