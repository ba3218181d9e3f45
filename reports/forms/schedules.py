"""The form of a scheduled report."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from crm.forms import ScopedForm
from crm.models import User
from crm.roles import ROLES
from crm.scoping import Scope as Reach
from parks.models import Park
from reports.documents.kinds import KIND_BY_KEY, KINDS
from reports.issuing.bots import bots
from reports.issuing.scheduling import RULES
from reports.models import ReportSchedule
from reports.period import BadPeriod

READERS = [key for key, role in ROLES.items() if "reports.view_reportissue" in role.permissions]


class ScheduleForm(ScopedForm):
    kind = forms.ChoiceField(label="文种")
    rule = forms.ChoiceField(label="何时生成", choices=[(rule.key, rule.label) for rule in RULES.values()])
    day = forms.IntegerField(
        label="几日或周几", required=False, min_value=1, max_value=31,
        help_text="每月 N 日填 1 至 31，当月没有的按最后一天；每周填 1（周一）至 7（周日）；其余不填",
    )  # fmt: skip
    at = forms.TimeField(label="时间", initial=time(9), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    park = forms.ModelChoiceField(Park.objects.all(), label="园区", required=False, empty_label="全部园区")
    people = forms.ModelMultipleChoiceField(
        User.objects.all(), label="通知谁", required=False, widget=forms.CheckboxSelectMultiple
    )
    by_mail = forms.BooleanField(label="同时发邮件给他们", required=False)
    bot = forms.ChoiceField(label="群机器人", required=False)

    def __init__(self, *args: Any, schedule: ReportSchedule | None = None, **kwargs: Any) -> None:
        if schedule:
            kwargs["initial"] = initial_of(schedule)
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(kind.key, kind.label) for kind in KINDS if not kind.is_about_one]
        fields["bot"].choices = [("", "不用"), *((bot.key, bot.name) for bot in bots().values())]
        fields["people"].queryset = readers(self.user)
        if not settings.EMAIL_IS_SET:
            fields["by_mail"].disabled = True
            fields["by_mail"].help_text = "邮件服务器没有设置（EMAIL_URL），不能发邮件"
        if not bots():
            fields["bot"].help_text = "没有设置群机器人（REPORT_BOTS），由系统管理员在服务器上设置"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        rule = RULES.get(data.get("rule", ""))
        if rule is None:
            return data
        day = data.get("day")
        if not rule.most:
            data["day"] = None
        elif not day or day > rule.most:
            self.add_error("day", f"“{rule.label}”请填 1 至 {rule.most}。")
        kind = KIND_BY_KEY.get(data.get("kind", ""))
        if kind and data.get("at"):
            try:
                kind.check(rule.period(timezone.localdate(), data["at"]))
            except BadPeriod:
                self.add_error("rule", f"{kind.label}不能{rule.label.replace('N', '几')}生成，请换文种或时间。")
        return data


def readers(user: User) -> Any:
    """Whoever may read this user's reports: people of the institution, and leaders and managers of those above it."""
    own = user.organisation.institution_path if user.organisation else ""
    steps = own.split("/")
    above = ["/".join([*steps[:count], ""]) for count in range(1, len(steps))]
    reads_all = Q(scope=Reach.ORGANISATION) if user.scope == Reach.ORGANISATION else Q()
    people = User.objects.filter(reads_all, is_active=True, role__in=READERS, organisation__institution_path__in=above)
    return people.exclude(~Q(organisation__institution_path=own) & ~Q(role__in=("leader", "manager"))).order_by("pk")


def initial_of(one: ReportSchedule) -> dict[str, Any]:
    names = ("kind", "rule", "day", "at", "park", "by_mail", "bot")
    return {name: getattr(one, name) for name in names} | {"people": list(one.people.all())}
