"""Fields of these forms: choosing enterprises by search, and several photos at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from crm.forms import ScopedForm
from crm.models import User
from crm.search import best
from parks.models import Enterprise
from parks.names import normalise_name
from visits.actions import NewFile, NewPhoto
from visits.evidence import ACCEPT, MAX_FILES, clean_evidence
from visits.photos import LONG_SIDE, MAX_PHOTOS, clean_photo

SUGGESTIONS_SHOWN = 8


def suggestions(user: User, text: str) -> list[Enterprise]:
    """Enterprises the user may see that are found by the text, best first."""
    return best(Enterprise.objects.visible_to(user), text, SUGGESTIONS_SHOWN)


class PickerForm(ScopedForm):
    """A form that chooses enterprises by search; a register of thousands is never printed as options.

    Without JavaScript the search button sends the form, which comes back as typed with what was found.
    """

    picker_name = "enterprise"

    def hold(self) -> None:
        """Show what was typed without judging it: the search button was pressed, not the save button."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    @property
    def chosen(self) -> list[Enterprise]:
        """The enterprises now chosen, for the chips."""
        keys = self._picked_keys()
        return list(Enterprise.objects.visible_to(self.user).filter(pk__in=keys)) if keys else []

    @property
    def found(self) -> list[Enterprise]:
        """What the search without JavaScript has found."""
        return suggestions(self.user, self.data.get("find", "")) if self.is_bound else []

    @property
    def find(self) -> str:
        return str(self.data.get("find", "")) if self.is_bound else ""

    def find_named(self, names: list[str]) -> list[Enterprise]:
        """The enterprises of exactly these names; says which name is not one enterprise of the register."""
        keys = {name: normalise_name(name) for name in names}
        rows = list(Enterprise.objects.visible_to(self.user).filter(normalised_name__in=list(keys.values())))
        found: dict[str, list[Enterprise]] = {name: [row for row in rows if row.normalised_name == key]
                                              for name, key in keys.items()}  # fmt: skip
        for name, firms in found.items():
            if len(firms) != 1:
                self.add_error(self.picker_name, f"请选择企业：名册中{'有几家' if firms else '没有'}“{name}”。")
        return [firms[0] for firms in found.values() if len(firms) == 1]

    def _picked_keys(self) -> list[int]:
        if self.is_bound:
            texts = self.data.getlist(self.picker_name) if hasattr(self.data, "getlist") else []
            return [int(text) for text in texts if text.isdecimal() and len(text) < 19]
        first = self.initial.get(self.picker_name) or []
        return [one.pk for one in (first if isinstance(first, list) else [first])]


class NamesField(forms.Field):
    """Names of enterprises typed without a network; the form looks for them when they arrive."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [text for one in value or [] if (text := str(one).strip()[:200])]


class DroppedPhotosField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Photos ticked to be deleted; one that is gone already (the same correction sent again) is no error."""

    def clean(self, value: Any) -> Any:
        keys = [int(key) for key in value or [] if str(key).isdecimal() and len(str(key)) < 19]
        assert self.queryset is not None
        return self.queryset.filter(pk__in=keys)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files up to `most`; every one that cannot be kept is named."""

    widget: type[FilesInput] = FilesInput
    most: int
    what: str

    def clean_one(self, upload: Any) -> Any:
        raise NotImplementedError

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(uploads) > self.most:
            raise ValidationError(f"一次最多 {self.most} {self.what}，现在选了 {len(uploads)} {self.what[0]}。")
        kept, errors = [], []
        for upload in uploads:
            try:
                kept.append(self.clean_one(upload))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        if self.required and not kept:
            raise ValidationError(self.error_messages["required"])
        return kept


class PhotosInput(FilesInput):
    def __init__(self) -> None:
        attrs = {"accept": "image/jpeg,image/png,image/webp", "class": "visually-hidden-focusable"}
        # The browser makes pictures as small as they will be kept, before they are sent.
        super().__init__(attrs=attrs | {"data-long-side": str(LONG_SIDE)})


class PhotosField(ManyFilesField):
    widget = PhotosInput
    most, what = MAX_PHOTOS, "张照片"

    def clean_one(self, upload: Any) -> NewPhoto:
        return clean_photo(upload)


class EvidenceInput(FilesInput):
    def __init__(self) -> None:
        super().__init__(attrs={"accept": ACCEPT})


class EvidenceField(ManyFilesField):
    widget = EvidenceInput
    most, what = MAX_FILES, "个文件"

    def clean_one(self, upload: Any) -> NewFile:
        return clean_evidence(upload)
