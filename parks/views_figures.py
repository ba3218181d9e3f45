"""经营数据: the yearly figures of an enterprise."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from crm.conflicts import is_stale
from crm.views import ScopedUpdate
from parks.forms_figures import FiguresForm
from parks.models import Enterprise
from parks.views_conflicts import AsksTheSlower


class EnterpriseFigures(AsksTheSlower, ScopedUpdate):
    model = Enterprise
    permission_required = "parks.change_enterprise"
    restore_url = "parks:enterprise_restore"
    form_class = FiguresForm
    template_name = "parks/figures_form.html"
    seen_by = "version"

    def form_valid(self, form: FiguresForm) -> HttpResponse:
        try:
            enterprise = form.store()
        except ValidationError as problem:
            if is_stale(problem):
                current = Enterprise.objects.get(pk=self.object.pk)
                then = Enterprise.history.filter(id=current.pk, version=form.cleaned_data["version"]).first()
                return self.ask(form, current, then.instance if then else None)
            form.add_error(None, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"已保存经营数据，企业规模：{enterprise.size.label}。")
        return redirect(enterprise)
