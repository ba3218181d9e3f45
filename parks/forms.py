"""What a person types about an enterprise and its contacts."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from crm.conflicts import Conflict, printed
from crm.forms import ScopedModelForm
from crm.templatetags.ui import wan
from parks import duplicates
from parks import uscc as codes
from parks.actions import create_enterprise, update_enterprise
from parks.capital import HeaderUnit, parse_capital
from parks.choices import Currency
from parks.models import Contact, Enterprise, FormerName, Industry, Tag
from parks.names import normalise_name, split_former_names
from parks.search import index_contact

_M = TypeVar("_M", bound=models.Model)

IN_WAN = HeaderUnit(10_000)
CAPITALS = ("registered_capital", "paid_in_capital")


class EnterpriseForm(ScopedModelForm[Enterprise]):
    """Create and edit. A doubtful code or a name that exists asks for one more tick, it never locks out."""

    industry_text = forms.CharField(
        label="行业",
        required=False,
        help_text="输入代码或名称，如 6513 或 应用软件开发",
        widget=forms.TextInput(attrs={"list": "industry-options", "autocomplete": "off"}),
    )
    registered_capital_text = forms.CharField(
        label="注册资本", required=False, help_text="单位万元；外币请写明，如 500万美元"
    )
    paid_in_capital_text = forms.CharField(label="实缴资本", required=False, help_text="单位万元")
    former_names_text = forms.CharField(
        label="曾用名", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="一行一个"
    )
    tags_text = forms.CharField(label="标签", required=False, help_text="用逗号或空格分开，如 网安 信创")
    is_confirmed = forms.BooleanField(label="我已核对，仍按此保存", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Enterprise
        fields = [
            "name", "uscc", "uscc_note", "legal_representative", "established_on", "status", "enterprise_type", "park",
            "building", "room", "stage", "joined_on", "left_on", "registered_address", "actual_address", "phone",
            "email", "website", "reg_no", "english_name", "insured_count", "insured_year", "employee_count",
            "business_scope", "remark",
        ]  # fmt: skip
        widgets = {
            "business_scope": forms.Textarea(attrs={"rows": 3}),
            "remark": forms.Textarea(attrs={"rows": 2}),
            "uscc": forms.TextInput(attrs={"maxlength": 40, "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pasted codes carry blanks: cleaned first, measured then.
        self.fields["uscc"] = forms.CharField(
            label="统一社会信用代码", required=False, widget=self.fields["uscc"].widget
        )
        self.questions: list[str] = []
        self.conflicts: list[Conflict] = []
        enterprise = self.instance
        if enterprise.pk is None:
            self.initial.setdefault("joined_on", timezone.localdate())
        else:
            self._show_current(enterprise)

    def _show_current(self, enterprise: Enterprise) -> None:
        self.initial["version"] = enterprise.version
        self.initial["industry_text"] = str(enterprise.industry) if enterprise.industry else ""
        for name in CAPITALS:
            self.initial[f"{name}_text"] = _capital_text(enterprise, name)
        self.initial["former_names_text"] = "\n".join(n.name for n in enterprise.former_names.all())
        self.initial["tags_text"] = " ".join(t.name for t in enterprise.tags.all())

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        key = normalise_name(name)
        if len(key) < 2:
            raise ValidationError("这不像企业名称，请填写营业执照上的全称。")
        _refuse_long(key, "企业名称", Enterprise, "normalised_name")
        return name

    def clean_former_names_text(self) -> list[str]:
        names = split_former_names(self.cleaned_data["former_names_text"])
        for name in names:
            # Half-width spelling can be longer: ㈱ becomes three characters.
            _refuse_long(max(name, normalise_name(name), key=len), "曾用名", FormerName, "name")
        return names

    def clean_tags_text(self) -> list[str]:
        tags = [tag for tag in re.split(r"[\s,，、;；]+", self.cleaned_data["tags_text"]) if tag]
        for tag in tags:
            _refuse_long(tag, "标签", Tag, "name")
        return tags

    def clean_uscc(self) -> str:
        text = self.cleaned_data["uscc"]
        code = codes.clean(text)
        if not code:
            return ""
        if codes.is_personal_id(code):
            raise ValidationError("这是公民身份号码，不能登记在信用代码栏。")
        if len(code) != 18:
            raise ValidationError(f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请对照营业执照补全。")
        if not codes.has_code_shape(code):
            hint = codes.suggestion(code)
            better = f"，是否应为 {hint}" if hint else ""
            raise ValidationError(f"代码中不会出现 I、O、Z、S、V 和符号{better}，请对照营业执照。")
        if (doubt := codes.doubt(code)) and code != self.initial.get("uscc"):
            self.questions.append(f"{doubt}。")
        return code

    def clean_industry_text(self) -> Industry | None:
        text = str(self.cleaned_data["industry_text"]).strip()
        if not text:
            return None
        digits = re.match(r"[A-T]?-?\s*(\d{2,4})\b", text.upper())
        code = digits[1] if digits else text.upper()
        found = Industry.objects.filter(code=code).first() or Industry.objects.filter(name=text).order_by("code").last()
        if found is None:
            raise ValidationError("没有这个行业，请输入国民经济行业代码（如 6513）或完整名称。")
        return found

    def clean_registered_capital_text(self) -> str:
        return self._clean_capital("registered_capital")

    def clean_paid_in_capital_text(self) -> str:
        return self._clean_capital("paid_in_capital")

    def _clean_capital(self, name: str) -> str:
        text = str(self.cleaned_data[f"{name}_text"]).strip()
        if text and text == self.initial.get(f"{name}_text"):
            return text
        try:
            capital = parse_capital(text, IN_WAN)
        except ValueError as problem:
            raise ValidationError(f"{problem}。") from problem
        setattr(self.instance, name, capital.amount if capital else None)
        setattr(self.instance, f"{name}_currency", capital.currency if capital else Currency.CNY)
        setattr(self.instance, f"{name}_raw", text[:60])
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self._ask_about_duplicates(data)
        self.instance.industry = data.get("industry_text")
        if self.questions and not data.get("is_confirmed") and not self.errors:
            self.add_error("is_confirmed", ValidationError([*self.questions, "核对无误请勾选后再保存。"]))
        return data

    def _ask_about_duplicates(self, data: dict[str, Any]) -> None:
        """Once for a new enterprise, and again when its name or code is changed to another's."""
        if self.instance.pk and not {"name", "uscc"} & set(self.changed_data):
            return
        typed = duplicates.Typed(**{name: data.get(name) or "" for name in duplicates.TYPED})
        for one, sign in duplicates.candidates(self.user, typed, self.instance.pk):
            if sign != duplicates.Sign.CODE:
                self.questions.append(f"名册中已有“{one.name}”（{one.uscc or '未登记代码'}），{sign}。")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self._refuse_taken_code()

    def _refuse_taken_code(self) -> None:
        code = self.cleaned_data.get("uscc")
        if not code:
            return
        taken = Enterprise.objects.visible_to(self.user).filter(uscc=code).exclude(pk=self.instance.pk).first()
        if taken:
            self.add_error("uscc", f"名册中已有此代码的企业：{taken.name}，请打开该企业修改。")

    @classmethod
    def compared(cls) -> list[str]:
        """The fields that hold facts of the enterprise."""
        return [name for name in cls.base_fields if name not in ("is_confirmed", "version")]

    def as_stored(self) -> tuple[Enterprise, dict[str, list[str]]]:
        """The enterprise as it now is, and what an untouched form would show of it."""
        current = Enterprise.objects.select_related("industry").get(pk=self.instance.pk)
        return current, printed(EnterpriseForm(instance=current, user=self.user), self.compared())

    def as_seen(self) -> dict[str, list[str]]:
        """What the form showed when it was opened, as far as the history tells; names and tags are not in there."""
        seen = Enterprise.history.filter(id=self.instance.pk, version=self.cleaned_data.get("version") or 0).first()
        if seen is None:
            return {}
        names = [name for name in self.compared() if name not in ("former_names_text", "tags_text")]
        return printed(EnterpriseForm(instance=seen.instance, user=self.user), names)

    def store(self) -> Enterprise:
        """Write through the action that fits; raises ValidationError when someone else was faster."""
        names, tags = self.cleaned_data["former_names_text"], self.cleaned_data["tags_text"]
        if self.instance.pk is None:
            return create_enterprise(self.instance, actor=self.user, former_names=names, tags=tags)
        seen = self.cleaned_data["version"] or 0
        return update_enterprise(self.instance, actor=self.user, seen_version=seen, former_names=names, tags=tags)


def _refuse_long(text: str, label: str, model: type[models.Model], field: str) -> None:
    """Texts that become rows of their own pass no model form that would measure them."""
    limit: int | None = getattr(model._meta.get_field(field), "max_length", None)
    if limit and len(text) > limit:
        raise ValidationError(f"{label}“{text[:20]}…”超过 {limit} 个字。")


def _capital_text(enterprise: Enterprise, name: str) -> str:
    amount = getattr(enterprise, name)
    if amount is None:
        return ""
    currency = getattr(enterprise, f"{name}_currency")
    label = "" if currency == Currency.CNY else f"万{Currency(currency).label}"
    return f"{wan(amount)}{label}"


class OfEnterpriseForm(ScopedModelForm[_M]):
    """Checks the constraints that name the enterprise, although the form does not ask for it."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or getattr(self.instance, "enterprise_id", None) is None:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as problem:
            self.add_error(None, problem)


class SeenForm(ScopedModelForm[_M]):
    """Remembers which version was on the screen: the latest entry of the record's history, 0 where there is none."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            history: Any = self.instance.history  # type: ignore[attr-defined]
            entries = history.order_by("-history_id").values_list("history_id", flat=True)
            self.initial["seen"] = entries.first() or 0


class ContactForm(SeenForm[Contact], OfEnterpriseForm[Contact]):
    """A person of the enterprise; name, post and work numbers only."""

    class Meta:
        model = Contact
        fields = ["name", "post", "mobile", "phone", "email", "is_primary", "remark"]

    def clean_mobile(self) -> str:
        mobile = re.sub(r"[\s-]", "", self.cleaned_data["mobile"])
        if mobile and not re.fullmatch(r"(\+?86)?1[3-9]\d{9}", mobile):
            raise ValidationError("手机号应为 11 位数字；座机请填在“座机”栏。")
        return mobile[-11:]

    def save(self, commit: bool = True) -> Contact:
        index_contact(self.instance)
        contact: Contact = super().save(commit)
        return contact
