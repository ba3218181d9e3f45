"""核验: a page for whoever holds a copy, and a command that proves a file."""

from __future__ import annotations

import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from pypdf import PdfReader, PdfWriter

from crm.models import User
from reports import actions
from reports.documents.copy import PLAIN
from reports.issuing.proof import address_of
from reports.issuing.steps import ISSUED, REVIEWED
from reports.issuing.wording import Words
from reports.models import FrozenRows
from reports.pdf.proof import bars
from reports.renderers import RENDERERS
from reports.report import Definition
from tests.reports.issues import Desk
from tests.reports.world import World, at
from visits.qr import modules

pytestmark = pytest.mark.django_db
NO_CODE = "ZZZZ-ZZZZ-ZZZZ"


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


@pytest.fixture
def desk(full: World) -> Desk:
    return Desk(full)


@pytest.fixture
def issue(desk):
    draft = actions.edit_words(
        desk.draft(), Words(("内部措辞",), (Definition("某公司案例", "需求"),)), actor=desk.manager
    )
    for step in ("submit", "approve", "issue"):
        draft = desk.take(draft, step)
    return draft


def words(response) -> str:
    return re.sub(r"<[^>]+>|\s+", "", response.text.split("<body", 1)[1])


def test_it_says_title_period_hash_and_when_and_nothing_else(client, issue, desk):
    answer = client.get(f"/verify/{issue.code}/")
    assert answer.status_code == 200
    told = words(answer)
    for said in (issue.title, "2023年11月", issue.code, issue.fingerprint, "印发时间2023-12-01", "有效"):
        assert said in told
    secrets = [
        "内部措辞", "某公司案例", desk.world.office.name, desk.world.firm.name, "86.25", "21件",
        *User.objects.values_list("name", flat=True), *User.objects.values_list("username", flat=True),
        *issue.files.values_list("sha256", flat=True),
    ]  # fmt: skip
    assert [secret for secret in secrets if secret in answer.text] == []
    assert re.findall(r'href="(/(?!static)[^"]*)"', answer.text) == []
    assert "<script" not in answer.text


def test_it_is_kept_by_nobody_and_found_by_nobody(client, issue):
    for address in (f"/verify/{issue.code}/", "/verify/"):
        answer = client.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize(
    "typed", [lambda code: code.lower(), lambda code: code.replace("-", ""), lambda code: f" {code} "]
)
def test_a_code_typed_by_hand_is_understood(client, issue, typed):
    answer = client.get("/verify/", {"code": typed(issue.code)})
    assert answer.url == f"/verify/{issue.code}/"


def test_a_hash_is_compared_without_a_file(client, issue):
    address = f"/verify/{issue.code}/"
    file = issue.files.get(format="pdf")
    for given, said in (
        (issue.fingerprint, "一致：与数据指纹的指纹相同"),
        (file.sha256.upper(), "一致：与pdf文件的指纹相同"),
        (f" {file.sha256[:32]} {file.sha256[32:]} ", "一致：与pdf文件"),
        ("0" * 64, "不一致"),
        ("abc", "这不是SHA-256指纹"),
        ("<b>", "这不是SHA-256指纹"),
    ):
        answer = client.get(address, {"sha256": given})
        assert said in words(answer), given
        assert "<b>" not in answer.text


def test_the_hash_of_another_report_does_not_match(client, issue, desk):
    other = desk.at(ISSUED, period="2023-10")
    assert "不一致" in words(client.get(f"/verify/{issue.code}/", {"sha256": other.fingerprint}))


def test_a_superseded_report_says_so_and_does_not_name_the_other(client, issue, desk):
    draft = actions.correct_report(issue, actor=desk.manager)
    assert "有效" in words(client.get(f"/verify/{issue.code}/"))
    for step in ("submit", "approve", "issue"):
        draft = desk.take(draft, step)
    answer = client.get(f"/verify/{issue.code}/")
    assert "已被更正版取代" in words(answer)
    assert draft.code not in answer.text


def test_no_draft_is_verified_and_an_unknown_code_says_so(client, desk):
    desk.at(REVIEWED)
    for code in (NO_CODE, "x", "0000-0000-0000", "汉字", "None"):
        answer = client.get(f"/verify/{code}/")
        assert answer.status_code == 404
        assert "没有这个核验码" in answer.text
    assert "<b>" not in client.get("/verify/", {"code": "<b>"}).text


def test_an_unknown_code_asks_the_database_what_a_known_one_asks(client, issue, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(f"/verify/{issue.code}/")
    with django_assert_max_num_queries(3):
        client.get(f"/verify/{NO_CODE}/")


def test_guessing_stops_after_a_few_and_then_tells_nothing(client, issue):
    codes = [client.get(f"/verify/{NO_CODE}/").status_code for _ in range(12)]
    assert codes == [404] * 10 + [429] * 2
    answer = client.get(f"/verify/{issue.code}/")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert issue.title not in answer.text
    elsewhere = client.get(f"/verify/{issue.code}/", REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 200


def test_reading_true_codes_is_not_counted(client, issue):
    assert {client.get(f"/verify/{issue.code}/").status_code for _ in range(30)} == {200}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_sent_to_it(client, issue, method):
    assert getattr(client, method)(f"/verify/{issue.code}/").status_code == 405


def test_the_qr_code_on_the_page_is_that_of_the_address(desk, settings):
    """The matrix drawn is the encoder's for the address; a reader's own check was made by hand."""
    settings.SITE_ADDRESS = "https://crm.example.cn"
    rows = modules(address_of("ABCD-EFGH-JKMN"))
    drawn = [[False] * len(rows) for _ in rows]
    for y, row in enumerate(rows):
        for first, length in bars(row):
            drawn[y][first : first + length] = [True] * length
    assert drawn == rows
    assert len(rows) <= 37


# The command


def prove(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "副本"
    path.write_bytes(content)
    out = StringIO()
    call_command("verify_report", str(path), stdout=out)
    return out.getvalue()


def content_of(issue, format: str) -> bytes:
    with issue.files.get(format=format).file.open("rb") as file:
        return file.read()


@pytest.mark.parametrize("format", RENDERERS)
def test_a_true_copy_is_proved(issue, tmp_path, format):
    told = prove(content_of(issue, format), tmp_path)
    for said in (
        issue.title,
        "2023年11月",
        issue.code,
        "2023-12-01 09:00",
        issue.fingerprint,
        f"与印发的 {format} 文件完全相同",
    ):
        assert said in told


@pytest.mark.parametrize("format", RENDERERS)
def test_a_changed_copy_is_told_by_its_code_and_where_it_differs(issue, tmp_path, format):
    content = bytearray(content_of(issue, format))
    place = len(content) // 2
    content[place] ^= 1
    with pytest.raises(CommandError, match="被改动过") as refused:
        prove(bytes(content), tmp_path)
    assert refused.value.returncode == 1


def test_a_pdf_saved_anew_by_other_software_is_known_by_its_code(issue, tmp_path):
    writer, target = PdfWriter(clone_from=PdfReader(BytesIO(content_of(issue, "pdf")))), BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(target)
    with pytest.raises(CommandError, match="被改动过"):
        prove(target.getvalue(), tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.4", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, NO_CODE.encode()]
)
def test_what_was_never_issued_is_unknown(issue, tmp_path, content):
    with pytest.raises(CommandError, match="不是本系统印发的报告文件") as refused:
        prove(content, tmp_path)
    assert refused.value.returncode == 1


def test_a_preview_of_a_draft_proves_nothing(desk, tmp_path):
    with pytest.raises(CommandError, match="不是本系统印发"):
        prove(RENDERERS["pdf"].render(desk.draft().to_print(), PLAIN), tmp_path)


def test_a_file_that_is_not_there_has_an_exit_code_of_its_own(tmp_path):
    with pytest.raises(CommandError, match="读不出文件") as refused:
        call_command("verify_report", str(tmp_path / "nothing"))
    assert refused.value.returncode == 2


def test_a_true_copy_of_an_archive_that_was_tampered_with_is_not_vouched_for(issue, tmp_path):
    content = content_of(issue, "pdf")
    FrozenRows.objects.filter(issue=issue, figure="appeals_received", part="").update(model="visits.Visit")
    with pytest.raises(CommandError, match="存档数据与印发时的指纹不一致"):
        prove(content, tmp_path)


def test_a_superseded_copy_is_true_and_says_what_took_its_place(issue, desk, tmp_path):
    draft = actions.correct_report(issue, actor=desk.manager, at=at("2023-12-05"))
    for step in ("submit", "approve", "issue"):
        draft = desk.take(draft, step)
    assert f"已被更正版取代：核验码 {draft.code}" in prove(content_of(issue, "pdf"), tmp_path)
