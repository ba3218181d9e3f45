"""The files of an issued report: rendered from its frozen data, stored with their hashes, never made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from reports.actions.guard import ReportRefused
from reports.documents.copy import Copy
from reports.issuing.frozen import sha256
from reports.issuing.proof import Proof, address_of, fingerprint_of, new_code
from reports.models import IssuedFile, ReportIssue
from reports.pdf import FontsMissing
from reports.renderers import RENDERERS


@dataclass(slots=True)
class Rendered:
    """Contents by format, the proof printed in them, and the edition that they were made of."""

    contents: dict[str, bytes]
    proof: Proof
    edition: int
    stored: list[str] = field(default_factory=list)


def rendered(issue: ReportIssue, at: datetime) -> Rendered:
    """Every format, from what is frozen; raises ReportRefused where the machine has no Chinese font."""
    proof = new_proof(issue, at)
    report = issue.to_print(at)
    copy = Copy(proof=proof, site=settings.SITE_ADDRESS.rstrip("/"))
    try:
        contents = {name: renderer.render(report, copy) for name, renderer in RENDERERS.items()}
    except FontsMissing as problem:
        raise ReportRefused(f"没有印发：{problem}") from problem
    return Rendered(contents, proof, issue.edition)


def new_proof(issue: ReportIssue, at: datetime) -> Proof:
    code = new_code()
    return Proof(code, current_fingerprint(issue), address_of(code), timezone.localdate(at), issue.version)


def current_fingerprint(issue: ReportIssue) -> str:
    """Over what the row and its frozen rows hold now; of an issued report the same for ever."""
    rows = issue.frozen_rows.values_list("figure", "part", "model", "packed")
    about = f"{issue.kind}|{issue.query}|{issue.version}|{issue.organisation_id}"
    kept = ((figure, part, model, bytes(packed)) for figure, part, model, packed in rows)
    return fingerprint_of(about, issue.data, issue.rules, issue.words, kept)


def keep_files(issue: ReportIssue, files: Rendered) -> None:
    for name, content in files.contents.items():
        row = IssuedFile(issue=issue, format=name, size=len(content), sha256=sha256(content))
        row.file.save(f"{issue.code}.{name}", ContentFile(content), save=False)
        files.stored.append(str(row.file.name))
        row.save()


@contextmanager
def thrown_away(files: Rendered | None) -> Iterator[None]:
    """Around the transaction: what was stored goes again when it fails."""
    try:
        yield
    except BaseException:
        for name in files.stored if files else ():
            default_storage.delete(name)
        raise
