"""The page of a call-back link: one enterprise answers for one appeal, without an account, and learns nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from crm import throttling
from visits import actions
from visits.actions.call_backs import LinkClosed
from visits.actions.guard import StepRefused
from visits.forms.call_back import PublicAnswerForm
from visits.models import CallBackLink, LinkState
from visits.public_text import excerpt

ASKED_SHOWN, ANSWER_SHOWN = 120, 300
# What is said on a page that asks nothing: heading and text.
CLOSED: dict[str, tuple[str, str]] = {
    "unknown": ("没有这个链接", "链接可能没有复制完整。请从收到的消息里重新打开，或联系给您链接的工作人员。"),
    LinkState.EXPIRED: ("链接已过期", "评价的时间已经过了。如仍想评价，请联系给您链接的工作人员重新发一个。"),
    LinkState.REVOKED: ("链接已停用", "工作人员已停用这个链接，可能另发了新的。请打开最近收到的那一个。"),
    LinkState.NEW_ROUND: ("正在重新办理", "这件诉求正在重新办理，办完后会再请您评价。"),
    LinkState.FINISHED: ("评价已结束", "这件诉求已经归档，不再收集评价。如仍有问题，请联系服务单位。"),
    LinkState.GONE: ("不需要评价", "这件诉求目前不需要评价。如有疑问，请联系服务单位。"),
}


@method_decorator(login_not_required, name="dispatch")
class PublicAnswer(FormView[PublicAnswerForm]):
    """GET shows the questions or the thanks; POST takes the answer. CSRF is checked as everywhere.

    The referrer policy stays "same-origin": "no-referrer" would send `Origin: null`, which the CSRF check refuses.
    """

    http_method_names = ["get", "head", "post"]
    form_class = PublicAnswerForm
    template_name = "visits/public_answer.html"
    link: CallBackLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: Any = self._stopped(request) or super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response  # type: ignore[no-any-return]

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        if throttling.is_used_up(request, "link_miss", peek=True):
            return throttling.too_often(request)
        link = actions.find_link(self.kwargs["token"])
        if link is None:
            throttling.is_used_up(request, "link_miss")
            return self._closed("unknown", 404)
        self.link, state = link, link.state(timezone.now())
        return None if state in (LinkState.OPEN, LinkState.ANSWERED) else self._closed(state, 410)

    def _closed(self, why: str, status: int) -> HttpResponse:
        heading, text = CLOSED[why]
        return render(self.request, "visits/public_closed.html", {"heading": heading, "text": text}, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            actions.note_opened(self.link)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            # Staff may look at what the enterprise sees; they answer under their own name, on the appeal's page.
            return self.render_to_response(self.get_context_data(form=self.get_form()), status=403)
        if throttling.is_used_up(request, "link_answer"):
            return throttling.too_often(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PublicAnswerForm) -> HttpResponse:
        try:
            actions.answer_link(self.link, **form.cleaned_data)
        except LinkClosed as closed:
            return self._closed(closed.state, 410)
        except StepRefused as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal = self.link.appeal
        is_answered = self.link.state(timezone.now()) == LinkState.ANSWERED
        return super().get_context_data(**kwargs) | {
            "number": appeal.number,
            "asked": excerpt(appeal.content, ASKED_SHOWN),
            "answer": excerpt(appeal.result_text, ANSWER_SHOWN),
            "unit": appeal.lead_unit or appeal.organisation,
            "is_answered": is_answered,
            "asks": not is_answered or "again" in self.request.GET or self.request.method == "POST",
            "is_staff": self.request.user.is_authenticated,
            "expires_at": self.link.expires_at,
        }
