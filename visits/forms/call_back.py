"""What the enterprise is asked on the page of its link: the same three questions as on the phone."""

from __future__ import annotations

from typing import Any

from django import forms

from visits.forms.step import question_fields

LONGEST_COMMENT = 2000


class PublicAnswerForm(forms.Form):
    """Three questions, a comment and a name; nobody is logged in, so nothing depends on a user."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = question_fields(is_required=True)
        questions["is_contacted"] = _asked("承办单位联系过您吗？", questions["is_contacted"])
        questions["is_contacted"].required = True
        questions["is_contacted"].error_messages["required"] = "请选择承办单位是否联系过您。"
        questions["solved"] = _asked("问题解决了吗？", questions["solved"])
        questions["satisfaction"] = _asked("您对办理满意吗？", questions["satisfaction"])
        self.fields.update(questions)
        self.fields["comment"] = forms.CharField(
            label="还想说的话", required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"max_length": f"最多 {LONGEST_COMMENT} 个字，现在有 %(show_value)d 个，请删减后再交。"},
        )  # fmt: skip
        self.fields["respondent"] = forms.CharField(
            label="怎么称呼您", required=False, max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"})
        )


def _asked(label: str, question: forms.Field) -> forms.Field:
    question.label = label
    return question
