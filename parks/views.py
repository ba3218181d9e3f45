"""Pages of the register."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from crm.conflicts import KEEP, choose, is_stale, printed, settle
from crm.http import typed, user_of
from crm.scoping import visible
from crm.search import best
from crm.views import CappedPaginator, GatedView, ScopedCreate, ScopedDetail, ScopedUpdate
from parks import uscc as codes
from parks.actions import last_editor
from parks.completeness import completeness_of
from parks.duplicates import TYPED, Typed, candidates
from parks.forms import ContactForm, EnterpriseForm
from parks.forms_qualifications import QualificationForm
from parks.models import Contact, Enterprise, Industry, Qualification
from parks.names import normalise_name
from parks.querysets import on_date
from parks.records import changes_of
from parks.views_conflicts import ChecksHistory
from parks.views_duplicates import FollowsMerge
from parks.views_list import around

MATCHES_SHOWN = 6
CHANGES_PER_PAGE = 50


class EnterpriseDetail(FollowsMerge, ScopedDetail):
    model = Enterprise
    permission_required = "parks.view_enterprise"
    template_name = "parks/enterprise_detail.html"

    def get_queryset(self) -> QuerySet[Enterprise]:
        return super().get_queryset().select_related("industry", "park", "organisation", "created_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        enterprise: Enterprise = self.object
        qualifications = list(enterprise.qualifications.select_related("kind"))
        renewed = _renewed(qualifications)
        for q in qualifications:
            q.is_renewed = q.pk in renewed  # type: ignore[attr-defined]
            q.is_current, q.left = q.is_valid_on(today), q.days_left(today)  # type: ignore[attr-defined]
        stewards = list(enterprise.stewardships.filter(on_date(today)).select_related("user"))
        contacts = list(enterprise.contacts.all())
        return super().get_context_data(**kwargs) | {
            "qualifications": qualifications,
            "badges": [q for q in qualifications if q.is_current and not q.is_renewed],  # type: ignore[attr-defined]
            "stewards": stewards,
            "tier": enterprise.service_tiers.filter(on_date(today)).first(),
            "contacts": contacts,
            "completeness": completeness_of(
                enterprise, has_contact=bool(contacts), has_steward=any(s.is_primary for s in stewards)
            ),
            "former_names": enterprise.former_names.all(),
            "tags": enterprise.tags.all(),
            "around": around(self.request, enterprise),
        }


class EnterpriseHistory(FollowsMerge, ScopedDetail):
    """历史: every field that changed, old → new, by whom and how."""

    model = Enterprise
    permission_required = "parks.view_enterprise"
    template_name = "parks/enterprise_history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = changes_of(self.object, user_of(self.request))
        page = CappedPaginator(changes, CHANGES_PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {"page_obj": page}


class _StoresEnterprise:
    """Mixin: the form writes; what only the database or the version check can know comes back as an error."""

    def form_valid(self, form: EnterpriseForm) -> HttpResponse:
        try:
            enterprise = form.store()
        except ValidationError as problem:
            if is_stale(problem):
                return self.ask(form)
            form.add_error(None, problem)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        except IntegrityError:
            form.add_error("uscc", "名册中刚刚登记了同一代码的企业，请返回列表搜索该代码。")
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        return redirect(enterprise)

    def ask(self, form: EnterpriseForm) -> HttpResponse:
        """Someone was faster: show both values of what both changed. What was sent twice is saved already."""
        current, theirs = form.as_stored()
        found = settle(form, theirs, form.as_seen())
        if found.is_same:
            return redirect(current)
        found.data["version"] = str(current.version)
        again = EnterpriseForm(found.data, instance=current, user=form.user)
        again.conflicts = found.conflicts
        again.add_error(None, found.tell(last_editor(current)))
        return self.render_to_response(self.get_context_data(form=again))  # type: ignore[attr-defined, no-any-return]


class EnterpriseCreate(_StoresEnterprise, ScopedCreate):
    model = Enterprise
    permission_required = "parks.add_enterprise"
    form_class = EnterpriseForm
    template_name = "parks/enterprise_form.html"


class EnterpriseUpdate(FollowsMerge, _StoresEnterprise, ScopedUpdate):
    model = Enterprise
    permission_required = "parks.change_enterprise"
    form_class = EnterpriseForm
    template_name = "parks/enterprise_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the other's value wherever the person chose it."""
        kwargs = super().get_form_kwargs()
        if any(name.startswith(KEEP) for name in kwargs.get("data") or ()):
            shown = EnterpriseForm(instance=self.object, user=kwargs["user"])
            kwargs["data"] = choose(kwargs["data"], printed(shown, EnterpriseForm.compared()))
        return kwargs


class EnterpriseMatches(GatedView, View):
    """Fragment for the form: enterprises that have the typed code or a name like the typed one."""

    permission_required = "parks.view_enterprise"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Enterprise.objects.visible_to(user_of(request)).exclude(pk=_number(request.GET.get("except")))
        name = normalise_name(typed(request, "name"))
        code = codes.clean(typed(request, "uscc"))
        found: list[Enterprise] = []
        if len(code) >= 8:
            found += rows.filter(uscc__startswith=code)[:MATCHES_SHOWN]
        if len(name) >= 2:
            found += best(rows, name, MATCHES_SHOWN)
        matches = {e.pk: (e, "") for e in found}
        typed_so_far = Typed(**{name: typed(request, name) for name in TYPED} | {"uscc": code})
        except_pk = _number(request.GET.get("except")) or None
        matches |= {e.pk: (e, sign) for e, sign in candidates(user_of(request), typed_so_far, except_pk)}
        # Those with a sign first: they are the ones to look at.
        unique = sorted(matches.values(), key=lambda match: not match[1])[:MATCHES_SHOWN]
        doubt = codes.doubt(code) if codes.has_code_shape(code) else ""
        return render(request, "parks/_matches.html", {"matches": unique, "doubt": doubt})


class IndustryOptions(GatedView, View):
    """Fragment for the form: entries of GB/T 4754 for a typed code or name."""

    permission_required = "parks.view_enterprise"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = typed(request, "industry_text").strip()
        found = Industry.objects.none()
        if text:
            found = Industry.objects.filter(code__startswith=text) | Industry.objects.filter(name__contains=text)
        return render(request, "parks/_industry_options.html", {"industries": found[:20]})


class _OfEnterprise:
    """Mixin for records added on an enterprise's page: the enterprise is in the address and must be visible."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        if kwargs.get("instance") is None:
            rows = visible(Enterprise, user_of(self.request))
            enterprise = get_object_or_404(rows, pk=self.kwargs["enterprise_pk"])
            kwargs["instance"] = self.model(enterprise=enterprise)  # type: ignore[attr-defined]
        return kwargs

    def get_success_url(self) -> str:
        enterprise: Enterprise = self.object.enterprise  # type: ignore[attr-defined]
        return enterprise.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"enterprise": context["form"].instance.enterprise}


class ContactCreate(_OfEnterprise, ScopedCreate):
    model = Contact
    permission_required = "parks.add_contact"
    form_class = ContactForm
    template_name = "parks/contact_form.html"


class ContactUpdate(ChecksHistory, _OfEnterprise, ScopedUpdate):
    model = Contact
    permission_required = "parks.change_contact"
    form_class = ContactForm
    template_name = "parks/contact_form.html"


class QualificationCreate(_OfEnterprise, ScopedCreate):
    model = Qualification
    permission_required = "parks.add_qualification"
    form_class = QualificationForm
    template_name = "parks/qualification_form.html"


class QualificationUpdate(ChecksHistory, _OfEnterprise, ScopedUpdate):
    model = Qualification
    permission_required = "parks.change_qualification"
    form_class = QualificationForm
    template_name = "parks/qualification_form.html"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _renewed(awards: list[Qualification]) -> set[int]:
    """Those that another award of the same kind, not withdrawn, outlasts."""
    standing = [q for q in awards if q.withdrawn_on is None]
    return {
        q.pk
        for q in awards
        for other in standing
        if other.kind_id == q.kind_id and q.valid_to and (other.valid_to is None or other.valid_to > q.valid_to)
    }
