"""Visits: list, record page, the phone-first form, suggestions and photos."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from crm.conflicts import KEEP, choose, is_stale, printed, settle
from crm.http import user_of
from crm.views import CappedPaginator, GatedForm, GatedView, ScopedAction, ScopedDetail, ScopedList
from parks.models import Enterprise
from visits import actions
from visits.choices import VisitKind, VisitStatus
from visits.filters import VisitFilter
from visits.forms import VisitForm
from visits.forms.fields import suggestions
from visits.forms.visit import COMPARED, PLAIN
from visits.models import Appeal, Photo, Suggestion, Visit, VisitEnterprise, WarningFlag
from visits.querysets import told_pairs
from visits.views import replies
from visits.views.offline import unheard


class VisitList(ScopedList):
    model = Visit
    permission_required = "visits.view_visit"
    filterset_class = VisitFilter
    template_name = "visits/visit_list.html"
    fragment_name = "visits/_visit_rows.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Visit.objects.visible_to(user_of(self.request)).for_list()
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        pairs = (
            VisitEnterprise.objects.living().counted().filter(visit__in=context["filter"].qs.order_by().values("pk"))
        )
        # No further than the visits themselves are counted: of all the years of a district there are millions.
        counted = CappedPaginator(pairs, self.paginate_by)
        return context | {"pair_count": counted.count, "pair_count_text": counted.count_text}


class VisitDetail(ScopedDetail):
    model = Visit
    restore_url = "visits:visit_restore"
    permission_required = "visits.view_visit"
    template_name = "visits/visit_detail.html"

    def get_queryset(self) -> QuerySet[Any]:
        user = user_of(self.request)
        appeals = Appeal.objects.visible_to(user).select_related("enterprise", "lead_unit")
        suggestions = Suggestion.objects.visible_to(user).select_related("enterprise")
        flags = WarningFlag.objects.visible_to(user).select_related("enterprise").by_level()
        rows = super().get_queryset().select_related("created_by", "organisation")
        return rows.prefetch_related(
            told_pairs(), "staff", "photos", Prefetch("appeals", appeals), Prefetch("suggestions", suggestions),
            Prefetch("flags", flags),
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        seen = Enterprise.objects.visible_to(user).filter(visit_pairs__visit=self.object)
        return super().get_context_data(**kwargs) | {
            "linked": set(seen.values_list("pk", flat=True)),
            "may_change": self.object.may_be_changed_by(user),
            "is_planned": self.object.status == VisitStatus.PLANNED,
        }


class _VisitForm(GatedForm):
    """What making and correcting a visit share: search without JavaScript, photos, one press one visit."""

    form_class = VisitForm
    template_name = "visits/visit_form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if "search" in request.POST:
            form.hold()
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_invalid(self, form: VisitForm) -> HttpResponse:
        return replies.refused(form) if replies.is_for_outbox(self.request) else super().form_invalid(form)

    def facts(self, form: VisitForm) -> dict[str, Any]:
        names = "kind started_at place topic summary next_visit_on enterprises staff photos"
        heard = {"parts": form.told, "appeals": form.new_appeals, "suggestions": form.new_suggestions}
        return {name: form.cleaned_data[name] for name in names.split()} | heard


class VisitCreate(_VisitForm):
    permission_required = "visits.add_visit"

    def get_initial(self) -> dict[str, Any]:
        user = user_of(self.request)
        asked = self.request.GET.get("enterprise", "")
        keys = [int(asked)] if asked.isdecimal() and len(asked) < 19 else []
        return {
            "started_at": timezone.localtime().replace(second=0, microsecond=0),
            "kind": VisitKind.VISIT,
            "staff": [user.pk],
            "enterprises": list(Enterprise.objects.visible_to(user).filter(pk__in=keys)),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | unheard(self.request)

    def form_valid(self, form: VisitForm) -> HttpResponse:
        user, client_id = user_of(self.request), form.cleaned_data["client_id"]
        is_repeat = Visit.objects.filter(created_by=user, client_id=client_id).exists()
        visit = actions.create_visit(actor=user, client_id=client_id, **self.facts(form))
        messages.success(self.request, _saved(visit, len(form.new_appeals)))
        return replies.saved(self.request, visit, is_repeat=is_repeat)


def _saved(visit: Visit, appeals: int) -> str:
    if visit.status == VisitStatus.PLANNED:
        return "已记下走访计划，到时补记谈了什么。"
    text = f"已保存走访，计 {visit.pairs.filter(has_attended=True).count()} 家次"
    return f"{text}，提出诉求 {appeals} 件。" if appeals else f"{text}。"


class VisitUpdate(_VisitForm):
    permission_required = "visits.change_visit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.visit: Visit | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_permission():
            user = user_of(request)
            self.visit = get_object_or_404(Visit.objects.visible_to(user), pk=kwargs["pk"])
            if not self.visit.may_be_changed_by(user):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs() | {"visit": self.visit}
        if any(name.startswith(KEEP) for name in kwargs.get("data") or ()):
            now = self.form_of(self._the_visit)
            parts = {name: values for part in now.parts for name, values in part.printed().items()}
            kwargs["data"] = choose(kwargs["data"], printed(now, COMPARED) | parts)
        return kwargs

    @property
    def _the_visit(self) -> Visit:
        assert self.visit is not None
        return self.visit

    def get_initial(self) -> dict[str, Any]:
        facts, now = _facts_of(self._the_visit), timezone.localtime().replace(second=0, microsecond=0)
        if self._the_visit.status == VisitStatus.PLANNED and facts["started_at"] > now:
            # Written up ahead of its time it took place now; a plan that only changes is moved by hand.
            facts["started_at"] = now if facts["started_at"].date() == now.date() else facts["started_at"]
        return facts

    def form_of(self, visit: Visit) -> VisitForm:
        """An untouched form of the visit."""
        return VisitForm(initial=_facts_of(visit), visit=self._the_visit, user=user_of(self.request))

    def form_valid(self, form: VisitForm) -> HttpResponse:
        return self.store(form, form.cleaned_data["version"])

    def store(self, form: VisitForm, seen: int | None) -> HttpResponse:
        facts = self.facts(form) | {name: form.cleaned_data[name] for name in ("dropped_photos", "client_id")}
        try:
            visit = actions.update_visit(self._the_visit, actor=user_of(self.request), seen_version=seen, **facts)
        except ValidationError as problem:
            if is_stale(problem):
                return self.ask(form)
            form.add_error(None, problem)
            return self.form_invalid(form)
        messages.success(self.request, "已保存修改。")
        return replies.saved(self.request, visit)

    def ask(self, form: VisitForm) -> HttpResponse:
        """Someone was faster: show both values of what both changed. What was sent twice is saved again as it is."""
        current = Visit.objects.get(pk=self._the_visit.pk)
        versions = Visit.history.filter(id=current.pk)
        seen = versions.filter(version=form.cleaned_data["version"]).first()
        now, sent = self.form_of(current), {part.key: part for part in form.parts if part.was_on_the_page}
        theirs = printed(now, COMPARED)
        base = printed(self.form_of(seen.instance), PLAIN) if seen else {}
        for part in (part for part in now.parts if part.key in sent):
            theirs |= part.printed(form.kind_now)
            base |= sent[part.key].base
        found = settle(form, theirs, base, [*sent.values()])
        if found.is_same:
            return self.store(form, current.version)
        if replies.is_for_outbox(self.request):
            return replies.contested("别人刚刚也修改了这次走访，请打开核对后保存。")
        found.data["version"] = str(current.version)
        for part in now.parts:
            found.data[part.add_prefix("was")] = part.initial["was"]
        again = VisitForm(found.data, initial=_facts_of(current), visit=current, user=form.user)
        again.conflicts = found.conflicts
        last = versions.select_related("history_user").first()
        again.add_error(None, found.tell(str(last.history_user) if last and last.history_user else "别人"))
        return self.render_to_response(self.get_context_data(form=again))


def _facts_of(visit: Visit) -> dict[str, Any]:
    """What the form starts from."""
    return {name: getattr(visit, name) for name in (*PLAIN, "version")} | {
        "staff": list(visit.staff.values_list("pk", flat=True)),
        "enterprises": list(Enterprise.objects.living().filter(visit_pairs__visit=visit)),
    }


class VisitCancel(ScopedAction):
    model = Visit
    permission_required = "visits.change_visit"

    def act(self, record: Visit) -> HttpResponse:
        try:
            actions.cancel_visit(record, actor=user_of(self.request), reason=self.request.POST.get("reason", ""))
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return redirect(record)
        return self.done("已取消这次走访计划。", record)


class EnterpriseSuggestions(GatedView, View):
    """Fragment: enterprises for the typed text, to tick (several) or choose (one)."""

    permission_required = "parks.view_enterprise"

    def get(self, request: HttpRequest) -> HttpResponse:
        is_single = request.GET.get("single") == "1"
        context = {
            "found": suggestions(user_of(request), request.GET.get("find", "")),
            "find": request.GET.get("find", "").strip(),
            "input_type": "radio" if is_single else "checkbox",
            "input_name": "enterprise" if is_single else "enterprises",
        }
        return render(request, "visits/_suggestions.html", context)


class PhotoFile(GatedView, View):
    """The picture itself, for those who may see its visit; never a public address."""

    permission_required = "visits.view_photo"
    is_small = False

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        photo = get_object_or_404(Photo.objects.visible_to(user_of(request)), pk=pk)
        file = photo.thumbnail if self.is_small else photo.image
        response = FileResponse(file.open("rb"), content_type="image/jpeg", filename=f"photo-{photo.pk}.jpg")
        response["Cache-Control"] = "private, max-age=86400"
        return response
