"""What of an uploaded file survives: the pixels, and nothing else."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.visits.factories import picture
from visits import photos


def test_exif_and_comments_are_gone():
    kept = photos.clean_photo(picture())
    for file in (kept.image, kept.thumbnail):
        data = file.read()
        assert b"SecretCam" not in data
        assert b"secret comment" not in data
        assert not Image.open(BytesIO(data)).getexif()


def test_a_photo_taken_upright_stays_upright():
    image = Image.new("RGB", (400, 200))
    exif = image.getexif()
    exif[0x0112] = 6
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    kept = photos.clean_photo(SimpleUploadedFile("a.jpg", buffer.getvalue()))
    assert Image.open(kept.image).size == (200, 400)


def test_large_photos_become_smaller():
    kept = photos.clean_photo(picture(size=(4000, 3000)))
    assert Image.open(kept.image).size == (2000, 1500)
    assert max(Image.open(kept.thumbnail).size) == photos.SMALL_SIDE


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA"])
def test_transparent_and_grey_pictures_are_kept_on_white(mode):
    buffer = BytesIO()
    Image.new(mode, (30, 30)).save(buffer, "PNG")
    kept = photos.clean_photo(SimpleUploadedFile("a.png", buffer.getvalue()))
    assert Image.open(kept.image).mode == "RGB"


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00 this program", b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0 not really a jpeg", b"GIF89a"],
)
def test_a_program_named_jpg_is_refused_by_name(content):
    with pytest.raises(ValidationError, match=r"“木马\.jpg”不是可读的图片"):
        photos.clean_photo(SimpleUploadedFile("木马.jpg", content))


def test_too_many_pixels_are_refused_before_they_are_unpacked(monkeypatch):
    monkeypatch.setattr(photos, "MAX_PIXELS", 100 * 100)
    with pytest.raises(ValidationError, match="像素过大"):
        photos.clean_photo(picture())


def test_a_picture_built_to_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(ValidationError, match="不是可读的图片"):
        photos.clean_photo(picture())


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr(photos, "MAX_BYTES", 100)
    with pytest.raises(ValidationError, match="请压缩后再传"):
        photos.clean_photo(picture())
