"""What the visit form answers: a page to a person, JSON to the outbox of a device (`Accept: application/json`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from visits.forms import VisitForm
from visits.models import Visit

PAGE, DATA = "text/html", "application/json"


def is_for_outbox(request: HttpRequest) -> bool:
    return request.get_preferred_type([PAGE, DATA]) == DATA


def saved(request: HttpRequest, visit: Visit, *, is_repeat: bool = False) -> HttpResponse:
    """`repeated` tells a device that this visit had arrived before, and that what was sent now was not written."""
    if is_for_outbox(request):
        return JsonResponse({"url": visit.get_absolute_url(), "repeated": is_repeat})
    return redirect(visit)


def refused(form: VisitForm) -> HttpResponse:
    """What has to be put right, by the name of the input; the page with errors is no fault of the address either."""
    return JsonResponse({"errors": form.problems})


def contested(message: str) -> HttpResponse:
    """Somebody else was faster; only the page can show both values."""
    return JsonResponse({"conflict": message})
