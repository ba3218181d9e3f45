"""The API's own description and its page."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated


class Schema(SpectacularAPIView):
    """OpenAPI document; shows shapes, no records, so any signed-in user may read it."""

    permission_classes = [IsAuthenticated]


class Docs(SpectacularSwaggerSplitView):
    """Swagger page from local files, without inline script (strict CSP)."""

    permission_classes = [IsAuthenticated]
    template_name = "crm/swagger.html"
    url_name = "schema"
