"""Forms of one record that two people may have open: the slower one sees both values (crm/conflicts.py)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect

from crm.conflicts import KEEP, choose, printed, settle
from crm.http import user_of


class AsksTheSlower:
    """Mixin of an update page: `seen_by` is the hidden field that says which version was seen."""

    seen_by = "seen"

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the other's value wherever the person chose it."""
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        if any(name.startswith(KEEP) for name in kwargs.get("data") or ()):
            shown = self.shown(kwargs["instance"])
            kwargs["data"] = choose(kwargs["data"], printed(shown, self.compared(shown)))
        return kwargs

    def shown(self, record: Any) -> ModelForm[Any]:
        """The form as it would be opened now."""
        form: ModelForm[Any] = self.form_class(instance=record, user=user_of(self.request))  # type: ignore[attr-defined]
        return form

    def compared(self, form: ModelForm[Any]) -> list[str]:
        return [name for name, field in form.fields.items() if name != self.seen_by and not field.disabled]

    def ask(self, form: Any, current: Any, seen: Any) -> HttpResponse:
        """Show both values of what both changed; `seen` is the record as it was then, None where nobody knows."""
        now = self.shown(current)
        names = self.compared(now)
        found = settle(form, printed(now, names), printed(self.shown(seen), names) if seen else {})
        if found.is_same:
            return redirect(self.get_success_url())  # type: ignore[attr-defined]
        found.data[self.seen_by] = str(now.initial[self.seen_by])
        again = self.form_class(found.data, instance=current, user=user_of(self.request))  # type: ignore[attr-defined]
        again.conflicts = found.conflicts
        last = current.history.select_related("history_user").first()
        again.add_error(None, found.tell(str(last.history_user) if last and last.history_user else "别人"))
        context = self.get_context_data(form=again)  # type: ignore[attr-defined]
        return self.render_to_response(context)  # type: ignore[attr-defined, no-any-return]


class ChecksHistory(AsksTheSlower):
    """For records without a version of their own: what was seen is the latest entry of their history."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        model = self.model  # type: ignore[attr-defined]
        current = model.objects.select_for_update(of=("self",)).get(pk=form.instance.pk)
        seen, last = form.cleaned_data[self.seen_by], current.history.order_by("-history_id").first()
        if seen is None or seen == (last.history_id if last else 0):
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        then = current.history.filter(history_id=seen).first()
        return self.ask(form, current, then.instance if then else None)
