"""Answering a suggestion, and the questions of the visit form."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from crm.forms import ScopedForm, ScopedModelForm
from visits import actions
from visits.choices import AnswerType, SuggestionStatus
from visits.models import Question, Suggestion


class ReplyForm(ScopedForm):
    status = forms.ChoiceField(label="意见", choices=SuggestionStatus.choices)
    reply = forms.CharField(
        label="答复", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "采纳的写怎么落实，不采纳的写为什么"}),
    )  # fmt: skip

    def store(self, suggestion: Suggestion) -> Suggestion:
        data = self.cleaned_data
        return actions.reply_suggestion(suggestion, actor=self.user, status=data["status"], reply=data["reply"])


class QuestionForm(ScopedModelForm[Question]):
    """A question; which kind of visit it belongs to is given once."""

    class Meta:
        model = Question
        fields = [
            "kind", "text", "answer_type", "choices", "is_required", "position", "flag", "flag_when", "valid_from"
        ]  # fmt: skip
        widgets = {"choices": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"position": "数字小的在前。", "is_required": "计划和缺席的不要求。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].disabled = self.instance.pk is not None
        flag: Any = self.fields["flag"]
        flag.choices = [("", "不触发"), *[choice for choice in flag.choices if choice[0]]]

    def clean_choices(self) -> str:
        """A line each; the same line twice is one."""
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_choice = data.get("answer_type") == AnswerType.CHOICE
        if not is_choice:
            data["choices"] = ""
        elif len(data.get("choices", "").splitlines()) < 2:
            self.add_error("choices", "选择题至少写两个选项，一行一个。")
        if data.get("flag") and not self.errors:
            self._check_condition(data)
        return data

    def _check_condition(self, data: dict[str, Any]) -> None:
        kind, condition = data["answer_type"], data.get("flag_when", "")
        asked = Question(flag_when=condition)
        if kind == AnswerType.CHOICE:
            unknown = [one for one in asked.warning_options if one not in data["choices"].splitlines()]
            if unknown or not asked.warning_options:
                self.add_error(
                    "flag_when",
                    f"写上面选项中触发预警的几个，用“、”隔开{f'；没有选项“{unknown[0]}”' if unknown else ''}。",
                )
        elif kind == AnswerType.DATE and condition and not (condition.isascii() and condition.isdecimal()):
            self.add_error("flag_when", "日期题写提前多少天预警，例如 180。")
        elif kind == AnswerType.NUMBER and not _is_number(condition):
            self.add_error("flag_when", "数字题写一个数，答案不大于它即预警，例如 2。")

    def store(self) -> Question:
        """Write through the action; raises ValidationError when the question may not be changed."""
        names = [name for name in self.Meta.fields if name != "kind" or self.instance.pk is None]
        fields = {name: self.cleaned_data[name] for name in names}
        if self.instance.pk is None:
            return actions.add_question(actor=self.user, **fields)
        return actions.change_question(self.instance, actor=self.user, **fields)

    def _post_clean(self) -> None:
        """The action writes the row; the instance is left as it is stored, for comparing."""
        stored = {name: getattr(self.instance, name) for name in self.Meta.fields}
        super()._post_clean()  # type: ignore[misc]
        for name, value in stored.items():
            setattr(self.instance, name, value)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
