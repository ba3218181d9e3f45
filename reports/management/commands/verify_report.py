"""`verify_report FILE`: whether a file is a report as it was issued; exit code 1 when it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reports.models import ReportIssue
from reports.screens.verifying import verify


class Command(BaseCommand):
    help = "核验一个文件是不是本系统印发的报告；不是或被改动过时退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="PDF、Word 或 Excel 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as problem:
            raise CommandError(f"读不出文件：{problem}", returncode=2) from problem
        verdict = verify(content)
        if verdict.issue:
            self.tell(verdict.issue)
        if not verdict.is_true:
            raise CommandError("".join(verdict.problems), returncode=1)
        assert verdict.file is not None
        self.stdout.write(f"一致：与印发的 {verdict.file.format} 文件完全相同。")

    def tell(self, issue: ReportIssue) -> None:
        assert issue.issued_at is not None
        later = ReportIssue.objects.issued().filter(supersedes=issue).first()
        self.stdout.write(f"{issue}{issue.version_label}，核验码 {issue.code}")
        self.stdout.write(f"印发于 {timezone.localtime(issue.issued_at):%Y-%m-%d %H:%M}，数据指纹 {issue.fingerprint}")
        if later:
            self.stdout.write(f"已被更正版取代：核验码 {later.code}")
