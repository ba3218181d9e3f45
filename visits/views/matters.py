"""共性问题（每月一题）: the month's list, deciding on one, changing that and taking it back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from crm.http import typed, undoable, user_of
from crm.views import GatedForm, GatedView, ScopedAction
from visits import actions
from visits.actions.guard import AlreadyDone
from visits.choices import MatterState
from visits.forms.matter import MatterForm
from visits.matters import Group, groups_of_month
from visits.models import Appeal, CommonMatter
from visits.months import Month, month_named, month_of

COUNT_KEPT_SECONDS = 600


def _list_of(month: Month) -> str:
    return f"{reverse('visits:matter_list')}?month={month.key}"


class MatterList(GatedView, TemplateView):
    permission_required = "visits.view_commonmatter"
    template_name = "visits/matter_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = month_of(timezone.localdate())
        month = month_named(typed(self.request, "month")) or today
        groups = groups_of_month(user_of(self.request), month)
        return super().get_context_data(**kwargs) | {
            "month": month,
            "firms": settings.YQT["COMMON_MATTER_FIRMS"],
            "is_latest": month == today,
            "groups": sorted((one for one in groups if not one.is_dismissed), key=lambda one: not one.is_listed),
            "dismissed": [one for one in groups if one.is_dismissed],
        }


class MatterCount(GatedView):
    """Fragment of the leaders' page: how many this month, loaded after the page itself."""

    permission_required = "visits.view_commonmatter"

    def get(self, request: HttpRequest) -> HttpResponse:
        user, month = user_of(request), month_of(timezone.localdate())
        # A number beside a link may be some minutes old.
        count = cache.get_or_set(
            f"matters:{user.pk}:{month.key}",
            lambda: sum(one.is_common and not one.is_dismissed for one in groups_of_month(user, month)),
            COUNT_KEPT_SECONDS,
        )
        return HttpResponse(str(count), content_type="text/plain")


class _MatterPage(GatedForm):
    """Base: the form beside the appeals it is about."""

    permission_required = "visits.change_commonmatter"
    form_class = MatterForm
    template_name = "visits/matter_form.html"
    month: Month

    def form_valid(self, form: MatterForm) -> HttpResponse:
        try:
            matter = self.decide(form.cleaned_data)
        except AlreadyDone as done:
            messages.info(self.request, " ".join(done.messages))
            return redirect(_list_of(self.month))
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        undo = reverse("visits:matter_undo", args=[matter.pk])
        undoable(self.request, f"“{matter}”已{matter.get_state_display()}。", undo)
        return redirect(_list_of(self.month))

    def decide(self, data: dict[str, Any]) -> CommonMatter:
        raise NotImplementedError


class MatterDecide(_MatterPage):
    """On the group to which an appeal belongs, for this reader and this month."""

    @cached_property
    def group(self) -> Group:
        user = user_of(self.request)
        appeal = get_object_or_404(Appeal.objects.visible_to(user), pk=self.kwargs["pk"])
        self.month = month_of(timezone.localdate(appeal.created_at))
        for group in groups_of_month(user, self.month):
            if any(line.pk == appeal.pk for line in group.lines):
                return group
        raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.group.matter) if self.group.matter else super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.group.words[:100] or self.group.first.content[:30]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = self.group
        return super().get_context_data(**kwargs) | {"group": group, "month": self.month}

    def decide(self, data: dict[str, Any]) -> CommonMatter:
        keys = [line.pk for line in self.group.lines]
        return actions.decide_matter(keys, actor=user_of(self.request), month_starts_on=self.month.start, **data)


class MatterUpdate(_MatterPage):
    @cached_property
    def matter(self) -> CommonMatter:
        rows = CommonMatter.objects.visible_to(user_of(self.request)).select_related("decided_by")
        matter: CommonMatter = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.month = month_of(matter.month_starts_on)
        return matter

    def get_initial(self) -> dict[str, Any]:
        matter = self.matter
        return {"state": matter.state, "title": matter.title, "owner": matter.owner_id, "note": matter.note}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matter = self.matter
        groups = groups_of_month(user_of(self.request), self.month)
        group = next((one for one in groups if one.matter == matter), None)
        return super().get_context_data(**kwargs) | {"matter": matter, "group": group, "month": self.month}

    def decide(self, data: dict[str, Any]) -> CommonMatter:
        return actions.change_matter(self.matter, **data)


class MatterUndo(ScopedAction):
    model = CommonMatter
    permission_required = "visits.change_commonmatter"

    def act(self, record: CommonMatter) -> HttpResponse:
        month = month_of(record.month_starts_on)
        actions.undo_matter(record)
        word = MatterState(record.state).label
        return self.done(f"已撤销“{record}”的“{word}”。", _list_of(month))
