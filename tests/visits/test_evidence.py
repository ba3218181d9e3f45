"""Files that come with a step: what may be kept, who may read them, and that a failed step leaves none."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.visits.factories import picture, receipt
from visits import evidence
from visits.actions import StepRefused
from visits.actions.needs import NO_EVIDENCE
from visits.choices import AppealStatus as S
from visits.evidence import clean_evidence
from visits.models import AppealFile

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\n%%EOF"


def packed(*parts: str, name: str = "材料.docx", content: bytes = b"<x/>") -> SimpleUploadedFile:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, content)
    return SimpleUploadedFile(name, buffer.getvalue())


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("given", "name", "content_type"),
    [
        (upload("批复.pdf", PDF), "批复.pdf", "application/pdf"),
        (upload("其实是PDF.docx", PDF), "其实是PDF.pdf", "application/pdf"),
        (picture("现场.jpeg"), "现场.jpg", "image/jpeg"),
        (packed("word/document.xml"), "材料.docx", evidence._PARTS["word/document.xml"][1]),
        (packed("xl/workbook.xml", name="台账"), "台账.xlsx", evidence._PARTS["xl/workbook.xml"][1]),
        (upload("../../etc/批复.pdf", PDF), "批复.pdf", "application/pdf"),
    ],
)
def test_a_file_is_what_its_content_says_and_gets_the_ending_of_it(given, name, content_type):
    kept = clean_evidence(given)
    assert (kept.name, kept.content_type) == (name, content_type)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (upload("网页.pdf", b"<html><script>alert(1)</script></html>"), "不是可以上传的材料"),
        (upload("程序.jpg", b"MZ\x90\x00"), "不是可以上传的材料"),
        (upload("空.pdf", b""), "是空的"),
        (upload("坏.docx", b"PK\x03\x04 broken"), "已损坏"),
        (upload("坏.png", b"\x89PNG\r\n\x1a\n broken"), "不是可读的图片"),
        (packed("任意.xml", name="压缩包.docx"), "不是可以上传的材料"),
        (packed("word/document.xml", "word/vbaProject.bin"), "带有宏"),
    ],
)
def test_anything_else_is_refused_with_its_name_and_the_reason(given, message):
    with pytest.raises(ValidationError, match=message) as refused:
        clean_evidence(given)
    assert f"“{given.name}”" in refused.value.messages[0]


def test_what_is_too_large_packed_or_unpacked_is_refused(monkeypatch):
    monkeypatch.setattr(evidence, "MAX_BYTES", 10)
    with pytest.raises(ValidationError, match="超过"):
        clean_evidence(upload("大.pdf", PDF))
    monkeypatch.undo()
    monkeypatch.setattr(evidence, "MAX_UNPACKED", 5)
    with pytest.raises(ValidationError, match="解开后过大"):
        clean_evidence(packed("word/document.xml"))


def test_a_picture_is_kept_without_where_and_with_what_it_was_taken():
    kept = clean_evidence(picture("现场.jpg"))
    assert not Image.open(kept.content).getexif()
    kept.content.seek(0)
    assert b"SecretCam" not in kept.content.read()


def answered_with_files(client, cast, *files: SimpleUploadedFile):
    appeal = cast.at(S.HANDLING)
    client.force_login(cast.handler)
    data = {"result": "solved", "result_text": "已办", "files": list(files)}
    return appeal, client.post(reverse("visits:appeal_step", args=[appeal.pk, "answer"]), data)


@pytest.mark.django_db
def test_evidence_hangs_on_its_step_and_is_saved_never_shown(client, cast):
    appeal, _ = answered_with_files(client, cast, upload("批复.pdf", PDF), picture())
    kept = appeal.files.get(content_type="application/pdf")
    assert (kept.event.step, kept.uploaded_by, kept.size) == ("answer", cast.handler, len(PDF))
    page = client.get(appeal.get_absolute_url()).text
    assert kept.get_absolute_url() in page
    response = client.get(kept.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_who_may_not_see_the_appeal_does_not_get_its_files(client, cast, others, users):
    appeal, _ = answered_with_files(client, cast, upload("批复.pdf", PDF))
    url = appeal.files.get().get_absolute_url()
    for user, status in ((others.manager, 404), (others.handler, 404), (users["sysadmin"], 403), (cast.desk, 200)):
        client.force_login(user)
        response = client.get(url)
        # Read to its end, the file is closed, and the connection to the database is not.
        b"".join(response)
        assert response.status_code == status
    cast.manager.refresh_from_db()
    client.force_login(cast.manager)
    client.post(reverse("visits:appeal_delete", args=[appeal.pk]))
    assert client.get(url).status_code == 404


@pytest.mark.django_db
def test_one_bad_file_keeps_the_step_from_being_taken_and_names_itself(client, cast):
    appeal, response = answered_with_files(client, cast, upload("批复.pdf", PDF), upload("程序.exe", b"MZ"))
    assert "“程序.exe”不是可以上传的材料" in response.text
    appeal.refresh_from_db()
    assert appeal.status == S.HANDLING
    assert not AppealFile.objects.exists()


@pytest.mark.django_db
def test_a_step_that_is_refused_leaves_no_file_behind(cast, settings):
    def stored() -> list[Path]:
        return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

    appeal = cast.at(S.CLOSED)
    before = stored()
    with pytest.raises(StepRefused):
        cast.take(appeal, "answer", files=[clean_evidence(upload("批复.pdf", PDF))])
    assert stored() == before


def answer_without_a_file(client, cast, appeal):
    client.force_login(cast.handler)
    url = reverse("visits:appeal_step", args=[appeal.pk, "answer"])
    response = client.post(url, {"result": "solved", "result_text": "已办"})
    appeal.refresh_from_db()
    return appeal.status, response


@pytest.mark.django_db
def test_an_answer_without_evidence_is_refused_on_the_page_and_by_the_step_itself(client, cast):
    appeal = cast.at(S.HANDLING)
    status, response = answer_without_a_file(client, cast, appeal)
    assert status == S.HANDLING
    assert NO_EVIDENCE in response.text
    assert "已办" in response.text
    with pytest.raises(StepRefused, match="请附上佐证材料"):
        cast.take(appeal, "answer", files=[])
    assert not appeal.events.filter(step="answer").exists()


@pytest.mark.django_db
def test_what_was_uploaded_earlier_in_the_same_round_is_evidence_and_that_of_the_round_before_is_not(client, cast):
    appeal = cast.at(S.HANDLING)
    cast.take(appeal, "progress", files=[receipt()])
    assert answer_without_a_file(client, cast, appeal)[0] == S.ANSWERED
    for step in ("close", "call_back", "redo"):
        appeal = cast.take(appeal, step, cast.desk if step == "call_back" else None)
    assert answer_without_a_file(client, cast, appeal)[0] == S.HANDLING
    assert cast.take(appeal, "answer").status == S.ANSWERED


@pytest.mark.django_db
@pytest.mark.parametrize("free", ["a class that words settle", "not asked for anywhere"])
def test_an_answer_needs_no_evidence_where_the_settings_say_so(client, cast, settings, free):
    if free == "not asked for anywhere":
        settings.YQT = settings.YQT | {"EVIDENCE_REQUIRED": False}
        appeal = cast.at(S.HANDLING)
    else:
        appeal = cast.take(cast.at(S.SUBMITTED), "accept", appeal_class="consult")
        appeal = cast.take(cast.take(appeal, "dispatch"), "sign")
    assert answer_without_a_file(client, cast, appeal)[0] == S.ANSWERED
