"""The forms of the import wizard."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from crm.imports.glimpse import Glimpse
from crm.imports.headers import HEADER_SEARCH_ROWS
from crm.imports.mapping import ColumnMap
from crm.imports.reading import ACCEPTED_SUFFIXES, MAX_BYTES, MAX_TEXT_BYTES, MEGABYTE, trouble_with_size
from crm.imports.resource import ImportResource, get_resource
from crm.models import ImportBatch
from crm.models.imports import ImportMode

IGNORED = ""


class UploadForm(forms.Form):
    """The file itself; what holds for all its rows is asked by the resource's own form beside it."""

    file = forms.FileField(
        label="名单文件",
        help_text=(
            f"Excel、WPS 表格不超过 {MAX_BYTES // MEGABYTE} MB，CSV 不超过 {MAX_TEXT_BYTES // MEGABYTE} MB。"
            "表头不必在第一行，不必改列名。"
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED_SUFFIXES)}),
        error_messages={"empty": "文件是空的，请重新选择", "required": "请选择文件"},
    )

    def clean_file(self) -> UploadedFile[Any]:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if trouble := trouble_with_size(upload.name or "", upload.size or 0):
            raise forms.ValidationError(trouble)
        return upload


class HeaderForm(forms.Form):
    """Where the table is, when it was not found or found wrongly."""

    sheet = forms.ChoiceField(label="工作表")
    header_row = forms.IntegerField(label="表头在第几行", min_value=1, max_value=HEADER_SEARCH_ROWS * 5)
    header_rows = forms.TypedChoiceField(label="表头占几行", choices=[(1, "1 行"), (2, "2 行")], coerce=int)

    def __init__(self, sheets: list[tuple[str, int]], batch: ImportBatch, data: Any = None) -> None:
        initial = {"sheet": batch.sheet, "header_row": batch.header_row, "header_rows": batch.header_rows}
        super().__init__(data, initial=initial)
        choices = [(name[:120], f"{name}（{rows} 行）") for name, rows in sheets]
        self.fields["sheet"].choices = choices  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """One choice for each column of the file."""

    def __init__(self, seen: Glimpse, resource: ImportResource, mapping: dict[str, str], data: Any = None) -> None:
        super().__init__(data)
        self.resource, self.seen = resource, seen
        choices = [(IGNORED, "不导入"), *((column.key, column.label) for column in resource.columns)]
        for index, heading in enumerate(seen.headings):
            hidden = "（原表中隐藏）" if index in seen.hidden_columns else ""
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=f"{heading.text or f'第 {index + 1} 列'}{hidden}",
                choices=choices,
                required=False,
                initial=mapping.get(str(index), IGNORED),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = list(self.mapping().values())
        required = self.resource.column(self.resource.required)
        if not self.resource.is_named_by(chosen):
            raise forms.ValidationError(f"请指明哪一列是{required.label}")
        repeating = {column.key for column in self.resource.columns if column.may_repeat}
        if twice := {key for key in chosen if chosen.count(key) > 1 and key not in repeating}:
            labels = "、".join(self.resource.column(key).label for key in sorted(twice))
            raise forms.ValidationError(f"{labels}只能对应一列")
        if not self.seen.rows:
            raise forms.ValidationError(self.trouble)
        return cleaned

    @property
    def trouble(self) -> str:
        """What stands in the way of going on with the columns as they were found; "" when nothing does."""
        if not self.seen.rows:
            return "表头下面没有数据行。请改工作表或表头所在的行，或换一个文件"
        if not self.resource.is_named_by(field.initial for field in self.fields.values()):
            label = self.resource.column(self.resource.required).label
            return f"没有认出表头。请改表头所在的行，或指明哪一列是{label}；如果不是{self.resource.label}，请换一个文件"
        return ""

    def mapping(self) -> ColumnMap:
        return {int(name.removeprefix("column-")): key for name, key in self.cleaned_data.items() if key}


class CommitForm(forms.ModelForm[ImportBatch]):
    """How the staged rows go in."""

    class Meta:
        model = ImportBatch
        fields = ["mode", "accept_doubts", "overwrite_edited"]
        widgets = {"mode": forms.RadioSelect}

    columns = forms.MultipleChoiceField(label="可以覆盖的列", required=False, widget=forms.CheckboxSelectMultiple)
    # Without a tick a browser says nothing of a box; this says that the boxes were there.
    columns_offered = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        noun = get_resource(self.instance.resource).noun
        self.fields["mode"].choices = [(mode.value, mode.about(noun)) for mode in ImportMode]  # type: ignore[attr-defined]
        offered = self.instance.digest.get("columns", ())
        self.fields["columns"].choices = [  # type: ignore[attr-defined]
            (name, f"{label}（{count}）") for name, label, count in offered
        ]
        self.initial["columns"] = [name for name, _, _ in offered if name not in self.instance.spared]
        self.spared: list[str] = list(self.instance.spared)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("columns_offered") and "columns" in cleaned:
            offered = [name for name, _, _ in self.instance.digest.get("columns", ())]
            self.spared = [name for name in offered if name not in cleaned["columns"]]
        self.instance.spared = self.spared
        return cleaned
