"""Bases of all forms: choices limited to what the user may see, and the browser's own date pickers."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm, ModelChoiceField

from crm.models import Organisation, User
from crm.roles import role_choices
from crm.scoping import ScopedQuerySet

BLANK = "---------"
_M = TypeVar("_M", bound=models.Model)


def limit_choices(form: BaseForm, user: User) -> None:
    """Let every choice of a scoped model offer only the rows that the user may see."""
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField) and isinstance(field.queryset, ScopedQuerySet):
            field.queryset = field.queryset.visible_to(user)


def name_the_blank_choice(form: BaseForm) -> None:
    """Django's own blank choice is a row of hyphens."""
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField) and field.empty_label == BLANK:
            field.empty_label = "请选择"
        elif isinstance(field, forms.ChoiceField) and not isinstance(field, ModelChoiceField):
            choices: Any = field.choices
            field.choices = [(key, "请选择" if label == BLANK else label) for key, label in choices]


def use_native_pickers(form: BaseForm) -> None:
    """`<input type=date>` needs ISO values, whatever the display format."""
    for field in form.fields.values():
        if isinstance(field, forms.DateTimeField):
            field.widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        elif isinstance(field, forms.DateField):
            field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ScopedForm(forms.Form):
    """A plain form that knows its user."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        limit_choices(self, user)
        name_the_blank_choice(self)
        use_native_pickers(self)


class ScopedModelForm(forms.ModelForm[_M]):
    """A model form that knows its user."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        limit_choices(self, user)
        name_the_blank_choice(self)
        use_native_pickers(self)


class UserForm(ScopedModelForm[User]):
    """Opening and changing an account; the password is set by the system and shown once."""

    class Meta:
        model = User
        fields = ["username", "name", "organisation", "role", "scope", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ModelChoiceField(
            # Choices elsewhere reach upwards (an appeal may go to the district); an account must not.
            Organisation.objects.visible_to(self.user).at_or_below(self.user),
            label="所属单位",
            empty_label="请选择",
        )
        self.fields["role"].widget = forms.Select(choices=role_choices())
        self.fields["username"].help_text = "登录时用，字母或数字。"
        self.fields["is_active"].label = "在用"
        self.fields["is_active"].help_text = "取消后此人立即不能登录，记录仍保留。"

    def clean_is_active(self) -> bool:
        is_active = bool(self.cleaned_data["is_active"])
        if self.instance.pk == self.user.pk and not is_active:
            raise ValidationError("不能停用自己的账号，请由另一位系统管理员办理。")
        return is_active

    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        if self.instance.pk == self.user.pk and role != self.user.role:
            raise ValidationError("不能更改自己的角色，请由另一位系统管理员办理。")
        return role
