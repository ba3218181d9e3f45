"""Call-backs on the staff's side: attempts and answers on the appeal's page, and the link the enterprise is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView

from crm.http import user_of
from crm.models import User
from crm.views import GatedView, ScopedAction
from visits import actions
from visits.choices import AppealStatus
from visits.models import Appeal, CallBack, CallBackLink
from visits.qr import qr_svg
from visits.reaching import Attempts

CALL_BACK = "visits.call_back_appeal"


@dataclass(frozen=True, slots=True)
class Told:
    """A call-back as the page tells it."""

    call: CallBack
    is_replaced: bool

    @property
    def came_later(self) -> bool:
        """An answer by link after the one that counts."""
        return not self.call.stands and not self.is_replaced


def call_back_context(appeal: Appeal, user: User) -> dict[str, Any]:
    """What the appeal's page says of its call-backs; reads the prefetched rows, and one link."""
    calls = list(appeal.call_backs.all())
    replaced = {call.rechecks_id for call in calls}
    waits = appeal.status == AppealStatus.CLOSED
    in_vain = [call.called_at for call in calls if not call.is_reached and call.round == appeal.round]
    return {
        "told": [Told(call, call.pk in replaced) for call in calls],
        "attempts": Attempts.at(in_vain) if in_vain and waits else None,
        "link": actions.link_in_force(appeal, timezone.now()) if waits and user.has_perm(CALL_BACK) else None,
        "may_send_link": waits and user.has_perm(CALL_BACK),
    }


class LinkPage(GatedView, TemplateView):
    """The address to copy, the words to send it with, and the QR code to show or print."""

    permission_required = CALL_BACK
    template_name = "visits/call_back_link.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Appeal.objects.visible_to(user_of(request)).select_related("enterprise", "lead_unit", "organisation")
        appeal = get_object_or_404(rows, pk=kwargs["pk"])
        waits = appeal.status == AppealStatus.CLOSED
        link = actions.link_in_force(appeal, timezone.now()) if waits else None
        if link is None:
            messages.warning(request, "这件诉求现在没有可用的回访链接，待回访时可以重新生成。")
            return redirect(appeal)
        return self.render_to_response(self.get_context_data(appeal=appeal, link=link))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal, link = kwargs["appeal"], kwargs["link"]
        address = self.request.build_absolute_uri(link.get_absolute_url())
        return super().get_context_data(**kwargs) | {
            "address": address,
            "words": _words(appeal, link, address),
            "qr": qr_svg(address, f"{appeal.number} 的回访二维码"),
        }


def _words(appeal: Appeal, link: CallBackLink, address: str) -> str:
    unit = appeal.lead_unit or appeal.organisation
    until = timezone.localtime(link.expires_at)
    return (
        f"【{settings.YQT['SITE_NAME']}】您好，贵企业的诉求（{appeal.number}）已由{unit.name}办结。"
        f"请打开下面的链接评价，3 个问题，约 1 分钟，{until.month} 月 {until.day} 日 {until:%H:%M} 前有效：{address}"
    )


class LinkMake(ScopedAction):
    model = Appeal
    permission_required = CALL_BACK

    def act(self, record: Appeal) -> HttpResponse:
        seen = self.request.POST.get("seen", "")
        try:
            actions.make_link(
                record,
                actor=user_of(self.request),
                seen=int(seen) if seen.isdecimal() and len(seen) < 19 else None,
            )
        except ValidationError as refused:
            messages.warning(self.request, " ".join(refused.messages))
            return redirect(record)
        return redirect("visits:call_back_link", pk=record.pk)


class LinkRevoke(ScopedAction):
    model = Appeal
    permission_required = CALL_BACK

    def act(self, record: Appeal) -> HttpResponse:
        try:
            actions.revoke_link(record, actor=user_of(self.request))
        except ValidationError as refused:
            messages.warning(self.request, " ".join(refused.messages))
            return redirect(record)
        return self.done("已停用回访链接，打开的人会看到“链接已停用”。", record)
