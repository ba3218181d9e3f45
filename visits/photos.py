"""From an uploaded file to a photo that may be kept: checked, turned upright, made smaller, freed from EXIF data."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from visits.actions import NewPhoto

MAX_PHOTOS = 9
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONG_SIDE, SMALL_SIDE = 2000, 320
FORMATS = ("JPEG", "PNG", "WEBP")


def clean_photo(upload: UploadedFile[Any]) -> NewPhoto:
    """Read the pixels and write them anew, so that nothing else in the file (place, device, scripts) survives."""
    name = upload.name or "照片"
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(f"“{name}”超过 {MAX_BYTES // 1024 // 1024} MB，请压缩后再传。")
    picture = _read(upload, name)
    return NewPhoto(_jpeg(picture, LONG_SIDE), _jpeg(picture, SMALL_SIDE))


def _read(upload: UploadedFile[Any], name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(f"“{name}”像素过大（{picture.width}×{picture.height}），请缩小后再传。")
            return _on_white(ImageOps.exif_transpose(picture))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as broken:
        raise ValidationError(f"“{name}”不是可读的图片，请上传 JPG、PNG 或 WebP 照片。") from broken


def _on_white(picture: Image.Image) -> Image.Image:
    """The bare pixels: a new image carries none of the old one's metadata."""
    clean = Image.new("RGB", picture.size, "white")
    if picture.mode in ("RGBA", "LA", "P"):
        picture = picture.convert("RGBA")
        clean.paste(picture, mask=picture.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean


def _jpeg(picture: Image.Image, longest: int) -> ContentFile[bytes]:
    small = picture.copy()
    small.thumbnail((longest, longest))
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=85, optimize=True)
    return ContentFile(buffer.getvalue())
