"""The big screen of the visitors' hall: totals and charts behind a secret address, and the page that makes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from crm import throttling
from crm.http import user_of
from crm.views import GatedView
from reports.evaluation import official
from reports.figures import charts
from reports.figures.tally import figure, tallies
from reports.hall.actions import close_screen, open_screen
from reports.metrics import METRIC_BY_KEY
from reports.models import HallScreen
from reports.period import current_month, parts_of, year_period
from reports.report import Chart
from reports.rows.scope import Scope
from reports.screens.charts import data_of, largest

# Numbers of firms, visits and appeals only: no names, no money, no units beside one another.
FIGURES = (
    "registered_enterprises", "cyber_enterprises", "enterprise_visits", "appeals_received", "closing_rate_due",
    "satisfaction_rate",
)  # fmt: skip
REFRESH_SECONDS = 300
KEPT_SECONDS = 120
# As many as can be read from across a hall.
MOST_BARS = 8


class ScreenAddress(GatedView, TemplateView):
    """The address of the own institution's screen; a press makes a new one, another closes it."""

    permission_required = "reports.change_hallscreen"
    template_name = "reports/screen_address.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        screen = HallScreen.objects.visible_to(user_of(self.request)).select_related("made_by").first()
        address = ""
        if screen is not None and screen.is_open:
            address = self.request.build_absolute_uri(reverse("reports:hall_screen", args=[screen.token]))
        return super().get_context_data(**kwargs) | {"screen": screen, "address": address}

    def post(self, request: HttpRequest) -> HttpResponse:
        if "close" in request.POST:
            closed = close_screen(actor=user_of(request))
            messages.success(request, "大屏地址已停用。" if closed else "没有启用的大屏地址。")
        else:
            open_screen(actor=user_of(request))
            messages.success(request, "已生成大屏地址；以前的地址不再有效。")
        return redirect("reports:screen_address")


@method_decorator(login_not_required, name="dispatch")
class HallScreenPage(View):
    """What hangs on the wall: a display cannot log in, so the address is the key."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: Any = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if throttling.is_used_up(request, "link_miss", peek=True) or throttling.is_used_up(request, "screen_open"):
            return throttling.too_often(request)
        screen = HallScreen.of_token(token)
        if screen is None:
            throttling.is_used_up(request, "link_miss")
            return render(request, "reports/screen_closed.html", status=404)
        piece = cache.get_or_set(f"hall:{screen.organisation_id}:{screen.number}", lambda: drawn(screen), KEPT_SECONDS)
        if getattr(request, "htmx", False):
            return HttpResponse(piece)
        context = {"screen": screen, "piece": piece, "refresh": REFRESH_SECONDS}
        return render(request, "reports/screen.html", context)


def drawn(screen: HallScreen) -> str:
    """What stands on the screen, kept for some minutes: whoever asks often gets the same."""
    now = timezone.now()
    # The year of the statistical month: from the 19th of December on that may be the next.
    _, year, _ = parts_of(current_month(timezone.localdate(now)).key)
    scope = Scope(screen.made_by, year_period(str(year)), now)
    found = tallies(scope, [METRIC_BY_KEY[key] for key in FIGURES])
    context = {
        "screen": screen,
        "scope": scope,
        "figures": [figure(METRIC_BY_KEY[key], found[key], found[key]) for key in FIGURES],
        # A visitor has nothing to open, and an address could tell of a record.
        "charts": [{"chart": one, "data": data_of(one, is_linked=False)} for one in charts_of(scope)],
        "official": official.latest_of_all(screen.made_by, scope.cutoff),
    }
    return render_to_string("reports/_screen.html", context)


def charts_of(scope: Scope) -> list[Chart]:
    months = charts.months_until(scope)
    return [
        charts.trend(scope, months, charts.VOLUMES, "trend", "近十二个月走访和诉求", ""),
        charts.steps(scope),
        charts.parted(scope, METRIC_BY_KEY["appeals_received"], "category"),
        largest(charts.parted(scope, METRIC_BY_KEY["registered_enterprises"], "section"), MOST_BARS),
        charts.parted(scope, METRIC_BY_KEY["registered_enterprises"], "capital"),
        charts.gradient(scope),
    ]
