"""Saving and deleting views of lists."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from crm.actions import save_view
from crm.http import user_of
from crm.models import SavedView
from crm.views import GatedView

# Which lists have views, and where they are.
LISTS = {"enterprises": "parks:enterprise_list", "tickets": "visits:ticket_list"}


class SavedViewForm(forms.Form):
    name = forms.CharField(max_length=20, error_messages={"required": "请给视图起个名称。"})
    list_key = forms.ChoiceField(choices=[(key, key) for key in LISTS])
    query = forms.CharField(max_length=2000, required=False)
    is_shared = forms.BooleanField(required=False)


class SaveView(GatedView):
    permission_required = "crm.add_savedview"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SavedViewForm(request.POST)
        if not form.is_valid():
            messages.error(request, "视图没有保存：名称须为 1 至 20 个字。")
            return redirect(reverse(LISTS.get(request.POST.get("list_key", ""), "home")))
        view = save_view(actor=user_of(request), **form.cleaned_data)
        messages.success(request, f"已存为视图“{view.name}”{'，本机构同事都能看到' if view.is_shared else ''}。")
        return redirect(f"{reverse(LISTS[view.list_key])}?{view.address}")


class DeleteView(GatedView):
    """Only own views."""

    permission_required = "crm.add_savedview"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = get_object_or_404(SavedView.objects.visible_to(user_of(request)), pk=pk, owner=user_of(request))
        view.delete()
        messages.success(request, f"已删除视图“{view.name}”。")
        return redirect(reverse(LISTS[view.list_key]))
