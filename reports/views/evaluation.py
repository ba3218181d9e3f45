"""考评 pages: the ranking, what would move it, the schemes, and the official results."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from crm.http import user_of
from crm.views import GatedView, ScopedAction
from reports.evaluation import actions, official
from reports.evaluation.forms import ItemForms, ResultForm, SchemeForm
from reports.evaluation.ranking import build_ranking, points_text
from reports.evaluation.schemes import entered_target, scheme_for
from reports.evaluation.what_if import Effect, WhatIf, build_what_if
from reports.figures.address import query_of, scope_from
from reports.figures.linking import linked
from reports.models import OfficialResult, ScoreScheme
from reports.rows.scope import Scope
from reports.views.dashboard import ScopedReport, linked_table, picker_context

SCHEMES_SHOWN = 20


class RankingPage(ScopedReport):
    """Units by 考评得分; each cell leads to the rows behind it."""

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        ranking = build_ranking(scope)
        context = {
            "report": scope.period,
            "linked": linked_table(linked(scope, ranking.table, "unit")),
            "ranking": ranking,
            "query": query_of(scope),
            **picker_context(scope),
        }
        return render(self.request, "reports/ranking.html", context)


class WhatIfPage(ScopedReport):
    """Which answers cost points: the appeals to see to again."""

    permission_required = "reports.view_report"

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        ranking = build_ranking(scope)
        found = build_what_if(scope, ranking)
        context = {
            "ranking": ranking,
            "total": points_text(ranking.total.score.points, 1),
            "found": found,
            "levers": [{"call": one.call, **effect_texts(one.effect)} for one in found.levers],
            "units": unit_lines(found),
            "query": query_of(scope),
            **picker_context(scope),
        }
        return render(self.request, "reports/what_if.html", context)


def effect_texts(effect: Effect) -> dict[str, str]:
    return {"own": f"+{points_text(effect.own, 2)}", "all": f"+{points_text(effect.all, 2)}"}


def unit_lines(found: WhatIf) -> list[dict[str, Any]]:
    return [
        {
            "name": one.line.name,
            "number": one.number,
            "now": points_text(one.line.score.points, 1),
            "then": points_text((one.line.score.points or 0) + one.effect.own, 1),
            **effect_texts(one.effect),
        }
        for one in found.units
    ]


class SchemeList(GatedView):
    """The scheme in force, those entered, and the form for one from a day on."""

    permission_required = "reports.view_scorescheme"

    def get(self, request: HttpRequest) -> HttpResponse:
        scheme = scheme_for(user_of(request), timezone.localdate())
        begin = [
            {
                "kind": item.kind,
                "metric": item.metric.key,
                "points": item.points,
                "target": entered_target(item),
                "most": item.most,
            }
            for item in scheme.items
        ]
        return self.page(SchemeForm(initial={"name": scheme.name}), ItemForms(initial=begin, prefix="item"))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("reports.change_scorescheme"):
            raise Http404
        form, items = SchemeForm(request.POST), ItemForms(request.POST, prefix="item")
        if not (form.is_valid() & items.is_valid()):
            return self.page(form, items, status=422)
        entered = [item for one in items if (item := one.item)]
        try:
            scheme = actions.set_scheme(actor=user_of(request), items=entered, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.page(form, items, status=422)
        said = f"考评方案“{scheme}”自 {scheme.valid_from:%Y-%m-%d} 起执行。" if scheme else "没有变化。"
        messages.success(request, said)
        return redirect("reports:scheme_list")

    def page(self, form: SchemeForm, items: Any, status: int = 200) -> HttpResponse:
        user = user_of(self.request)
        rows = ScoreScheme.objects.visible_to(user).select_related("organisation", "created_by")
        context = {
            "form": form,
            "items": items,
            "scheme": scheme_for(user, timezone.localdate()),
            "rows": rows[:SCHEMES_SHOWN],
            "may_change": user.has_perm("reports.change_scorescheme"),
        }
        return render(self.request, "reports/scheme_list.html", context, status=status)


class ResultList(GatedView):
    """Official results month by month beside the computed score; the form enters or corrects one."""

    permission_required = "reports.view_officialresult"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(ResultForm(user=user_of(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("reports.change_officialresult"):
            raise Http404
        form = ResultForm(request.POST, user=user_of(request))
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            row, is_new = actions.enter_result(actor=user_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.page(form, status=422)
        messages.success(request, f"已登记：{row}。" if is_new else "没有变化。")
        return redirect(f"{reverse('reports:result_list')}?period={row.month:%Y}")

    def page(self, form: ResultForm, status: int = 200) -> HttpResponse:
        user = user_of(self.request)
        scope = scope_from({"period": self.year()}, user)
        context = {
            "form": form,
            "year": scope.period,
            "lines": [one for one in official.trend(scope) if one.period.start <= scope.cutoff],
            "years": [str(timezone.localdate().year - back) for back in range(5)],
            "may_change": user.has_perm("reports.change_officialresult"),
        }
        return render(self.request, "reports/result_list.html", context, status=status)

    def year(self) -> str:
        typed = self.request.GET.get("period", "")
        this = timezone.localdate().year
        return typed if typed.isascii() and typed.isdigit() and 1990 <= int(typed[:6]) <= this else str(this)


class ResultRemove(ScopedAction):
    """Takes back what was entered by mistake."""

    model = OfficialResult
    permission_required = "reports.change_officialresult"

    def act(self, record: OfficialResult) -> HttpResponse:
        actions.remove_result(record, actor=user_of(self.request))
        return self.done(f"已删除：{record}。", f"{reverse('reports:result_list')}?period={record.month:%Y}")
