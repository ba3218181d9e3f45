"""Changing many enterprises from the list, and taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.forms import ScopedForm
from crm.http import undoable, user_of
from crm.models import User
from crm.views import GatedView, ScopedRows
from parks.actions.bulk import Done, stage_enterprises, steward_enterprises, stewards_for, tag_enterprises, undo_bulk
from parks.choices import Stage
from parks.models import Enterprise

MOST_AT_ONCE = 500
UNDO_KEY = "bulk_undo"


class BulkForm(ScopedForm):
    """Which change; only its own field must be filled."""

    action = forms.ChoiceField(choices=[("steward", "分配管家"), ("tag", "打标签"), ("stage", "改阶段")])
    steward = forms.ModelChoiceField(User.objects.none(), required=False, label="管家", empty_label="选择管家")
    tag = forms.CharField(max_length=30, required=False, label="标签")
    stage = forms.ChoiceField(
        choices=[("", "选择阶段"), *((s.value, s.label) for s in (Stage.REGISTERED, Stage.SETTLED))],
        required=False,
        label="阶段",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steward"].queryset = stewards_for(self.user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("action") and not data.get(data["action"]):
            raise forms.ValidationError("请先选好要分配的管家、要打的标签或要改成的阶段。")
        return data


class EnterpriseBulk(ScopedRows, GatedView):
    """The chosen enterprises, one change, said with its count and an undo."""

    model = Enterprise
    permission_required = "parks.change_enterprise"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = [int(key) for key in request.POST.getlist("pk") if key.isdecimal() and len(key) < 19][:MOST_AT_ONCE]
        form = BulkForm(request.POST, user=user_of(request))
        if not keys:
            messages.error(request, "请先在列表中勾选企业。")
        elif not form.is_valid():
            messages.error(
                request,
                "；".join(str(error) for error in form.non_field_errors()) or "没有修改：所选的管家或阶段不可用。",
            )
        else:
            self._change(form, self.get_queryset().filter(pk__in=keys))
        return redirect(f"{reverse('parks:enterprise_list')}?{request.POST.get('query', '')[:2000]}")

    def _change(self, form: BulkForm, rows: Any) -> None:
        actor, data = user_of(self.request), form.cleaned_data
        if data["action"] == "steward":
            done, what = steward_enterprises(rows, actor=actor, user=data["steward"]), f"分配给{data['steward']}"
        elif data["action"] == "tag":
            done, what = (
                tag_enterprises(rows, actor=actor, name=data["tag"].strip()),
                f"打上标签“{data['tag'].strip()}”",
            )
        else:
            label = Stage(data["stage"]).label
            done, what = stage_enterprises(rows, actor=actor, stage=data["stage"]), f"改为{label}"
        self._say(done, what)

    def _say(self, done: Done, what: str) -> None:
        left = f"；{done.left} 家未改（本来就是、已离开或不在其范围）" if done.left else ""
        if not done.changed:
            messages.warning(self.request, f"没有企业需要{what}{left}。")
            return
        self.request.session[UNDO_KEY] = done.undo
        undoable(self.request, f"已将 {done.changed} 家企业{what}{left}。", reverse("parks:bulk_undo"))


class BulkUndo(ScopedRows, GatedView):
    """Takes back the last change of this session."""

    model = Enterprise
    permission_required = "parks.change_enterprise"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        undo = request.session.pop(UNDO_KEY, None)
        if undo is None:
            messages.info(request, "这次批量修改已经撤销过了。")
        else:
            rows: Any = self.get_queryset()
            done = undo_bulk(rows, undo, actor=user_of(request))
            left = f"；{done.left} 家此后又有变化，保持现状" if done.left else ""
            messages.success(request, f"已撤销 {done.changed} 家企业的批量修改{left}。")
        return redirect(reverse("parks:enterprise_list"))
