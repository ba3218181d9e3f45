"""From an uploaded file to evidence that may be kept: what it is, is told by its content and never by its name."""

from __future__ import annotations

import zipfile
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from visits.actions import NewFile
from visits.photos import clean_photo

MAX_FILES = 9
MAX_BYTES = 20 * 1024 * 1024
# What a document of each kind unpacks to at most; a few kilobytes can hold gigabytes of nothing.
MAX_UNPACKED = 200 * 1024 * 1024
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"
PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
# The part that only a file of this kind has.
_PARTS = {
    "word/document.xml": (".docx", f"{_OFFICE}.wordprocessingml.document"),
    "xl/workbook.xml": (".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def clean_evidence(upload: UploadedFile[Any]) -> NewFile:
    """A file that may be kept; pictures are written anew without their EXIF data."""
    name = (upload.name or "材料").replace("/", "_").replace("\\", "_")[-150:]
    if not upload.size:
        raise ValidationError(f"“{name}”是空的，请重新选择。")
    if upload.size > MAX_BYTES:
        raise ValidationError(f"“{name}”超过 {MAX_BYTES // 1024 // 1024} MB，请压缩后再传。")
    head = upload.read(16)
    upload.seek(0)
    if head.startswith(_PICTURES):
        return NewFile(_named(name, ".jpg"), "image/jpeg", clean_photo(upload).image)
    if head.startswith(b"%PDF-"):
        return NewFile(_named(name, ".pdf"), PDF, ContentFile(upload.read()))
    if head.startswith(b"PK\x03\x04"):
        ending, content_type = _office_kind(upload, name)
        upload.seek(0)
        return NewFile(_named(name, ending), content_type, ContentFile(upload.read()))
    raise _unknown(name)


def _office_kind(upload: UploadedFile[Any], name: str) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(upload) as packed:
            parts = {info.filename: info.file_size for info in packed.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as broken:
        raise ValidationError(f"“{name}”已损坏，打不开，请重新导出后再传。") from broken
    if sum(parts.values()) > MAX_UNPACKED:
        raise ValidationError(f"“{name}”解开后过大，请精简后再传。")
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise ValidationError(f"“{name}”带有宏，请另存为不带宏的文件后再传。")
    for part, kind in _PARTS.items():
        if part in parts:
            return kind
    raise _unknown(name)


def _named(name: str, ending: str) -> str:
    """The name with the ending of what the file is."""
    stem, dot, _ = name.rpartition(".")
    return f"{stem if dot and stem else name}{ending}"


def _unknown(name: str) -> ValidationError:
    return ValidationError(f"“{name}”不是可以上传的材料，请上传 PDF、JPG、PNG、Word（docx）或 Excel（xlsx）文件。")
