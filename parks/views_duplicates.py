"""One enterprise, once: suspected duplicates, “不是重复”, merging side by side and taking a merge back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import ListView, TemplateView, View

from crm.http import typed, undoable, user_of
from crm.models import User
from crm.search import best
from crm.views import CappedPaginator, GatedView, ScopedAction, TellsDeleted
from parks import actions
from parks.duplicates import VALUES_PER_SIGN, Pairs, find_pairs
from parks.merging import CHOICE_BY_KEY, compare, what_moves
from parks.models import Enterprise, MergeRecord

LONGEST_CHAIN = 20
COUNT_KEPT_SECONDS = 300
OTHERS_SHOWN = 20


class FollowsMerge(TellsDeleted):
    """Mixin: the old address of a merged enterprise leads to the one that took its place."""

    request: HttpRequest
    restore_url = "parks:enterprise_restore"

    def deleted(self, pk: int) -> HttpResponse | None:
        user = user_of(self.request)
        merged = Enterprise.objects.merged_away(user).filter(pk=pk).first()
        if merged is None:
            return super().deleted(pk)
        survivor = merged
        for _ in range(LONGEST_CHAIN):
            if survivor.merged_into is None:
                break
            survivor = survivor.merged_into
        if not Enterprise.objects.visible_to(user).filter(pk=survivor.pk).exists():
            return super().deleted(survivor.pk)
        messages.info(self.request, f"“{merged}”已合并到这家企业。")
        return redirect(survivor)


class DuplicateList(GatedView, ListView[Any]):
    """疑似重复: pairs with their signs, the surest first."""

    permission_required = "parks.change_enterprise"
    template_name = "parks/duplicate_list.html"
    paginate_by = 20
    paginator_class = CappedPaginator

    def get_queryset(self) -> Pairs:  # type: ignore[override]
        return find_pairs(user_of(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"capped": context["paginator"].object_list.capped, "most": VALUES_PER_SIGN}


class DuplicateCount(GatedView, View):
    """Fragment of the list's queue: how many pairs, loaded after the list itself."""

    permission_required = "parks.change_enterprise"

    def get(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        # Seconds on a register of a million; a number beside a link may be some minutes old.
        count = cache.get_or_set(_count_key(user), lambda: len(find_pairs(user)), COUNT_KEPT_SECONDS)
        return HttpResponse(str(count), content_type="text/plain")


def _count_key(user: User) -> str:
    return f"duplicates:{user.pk}"


class _OfPair(ScopedAction):
    """Base: the enterprise in the address and the `other` one, both visible."""

    model = Enterprise
    permission_required = "parks.change_enterprise"

    def other(self) -> Enterprise:
        other: Enterprise = get_object_or_404(self.get_queryset(), pk=self.kwargs["other"])
        return other


class DismissPair(_OfPair):
    def act(self, record: Enterprise) -> HttpResponse:
        other = self.other()
        if other.pk == record.pk:
            raise Http404
        actions.dismiss_pair(record, other, actor=user_of(self.request))
        cache.delete(_count_key(user_of(self.request)))
        undo = reverse("parks:duplicate_recall", args=[record.pk, other.pk])
        undoable(self.request, f"已记下“{record}”与“{other}”不是重复，以后不再提示。", undo)
        return redirect("parks:duplicate_list")


class RecallPair(_OfPair):
    def act(self, record: Enterprise) -> HttpResponse:
        actions.recall_pair(record, self.other())
        cache.delete(_count_key(user_of(self.request)))
        return self.done("已恢复提示。", "parks:duplicate_list")


class EnterpriseMerge(GatedView, TemplateView):
    """并列核对: the enterprise in the address stays, the other one goes into it."""

    permission_required = "parks.change_enterprise"
    template_name = "parks/enterprise_merge.html"

    def pair(self) -> tuple[Enterprise, Enterprise]:
        rows = Enterprise.objects.visible_to(user_of(self.request)).select_related("industry", "park", "organisation")
        survivor = get_object_or_404(rows, pk=self.kwargs["pk"])
        source = get_object_or_404(rows.exclude(pk=survivor.pk), pk=self.kwargs["other"])
        return survivor, source

    def _done_before(self) -> MergeRecord | None:
        """The same merge, of a first press or of a colleague."""
        within_reach = Enterprise.objects.visible_to(user_of(self.request)).filter(pk=self.kwargs["pk"])
        records = MergeRecord.objects.filter(survivor__in=within_reach, source=self.kwargs["other"], undone_at=None)
        return records.select_related("survivor", "source").first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        survivor, source = self.pair()
        lines = compare(survivor, source)
        if "take" in kwargs:
            lines = [replace(line, takes_theirs=line.choice.key in kwargs["take"]) for line in lines]
        return super().get_context_data(**kwargs) | {
            "survivor": survivor,
            "source": source,
            "lines": [line for line in lines if line.differs],
            "same_lines": [line for line in lines if not line.differs and line.ours],
            "moving": what_moves(survivor, source),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if done := self._done_before():
            messages.info(request, f"“{done.source}”已并入这家企业，不用再合并。")
            return redirect(done.survivor)
        survivor, source = self.pair()
        take = {key for key in CHOICE_BY_KEY if request.POST.get(f"take-{key}") == "theirs"}
        seen = _number(request.POST.get("seen")), _number(request.POST.get("seen_other"))
        try:
            record = actions.merge_enterprises(survivor, source, actor=user_of(request), take=take, seen=seen)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return self.render_to_response(self.get_context_data(take=take))
        cache.delete(_count_key(user_of(request)))
        count = sum(len(rows) for rows in record.moved.values())
        text = f"已把“{source}”并入这家企业，移动 {count} 条记录。"
        undoable(request, text, reverse("parks:enterprise_unmerge", args=[record.pk]))
        return redirect(survivor)


class EnterpriseUnmerge(GatedView, View):
    """撤销合并: by POST; refused, the reasons are told on the survivor's page or in the bin."""

    permission_required = "parks.change_enterprise"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = user_of(request)
        within_reach = Enterprise.objects.in_bin_of(user).values("pk")
        record = get_object_or_404(MergeRecord.objects.filter(source__in=within_reach), pk=pk)
        try:
            source = actions.unmerge_enterprises(record, actor=user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("parks:enterprise_bin")
        messages.success(request, f"已撤销合并，“{source}”恢复为单独的企业。")
        return redirect(source)


class EnterpriseFind(GatedView, View):
    """Choose the other enterprise of a merge by a part of its name or code."""

    permission_required = "parks.change_enterprise"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Enterprise.objects.visible_to(user_of(request))
        enterprise = get_object_or_404(rows, pk=pk)
        text = typed(request, "q").strip()
        others = best(rows.filter(organisation=enterprise.organisation_id).exclude(pk=pk), text, OTHERS_SHOWN)
        return render(request, "parks/merge_find.html", {"object": enterprise, "q": text, "others": others})


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
