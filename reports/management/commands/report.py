"""`report --period 2023-11 --user NAME --out FILE.pdf`: writes 诉求办结与满意情况报告."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.audit import record
from crm.models.audit import AuditAction
from reports.documents.build import build_report
from reports.management.asking import scope_for
from reports.pdf import FontsMissing, render
from reports.period import HELP


class Command(BaseCommand):
    help = "生成诉求办结与满意情况报告（PDF）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True, help=HELP)
        parser.add_argument("--user", required=True, help="以哪个账号的数据范围统计")
        parser.add_argument("--out", required=True, type=Path, help="写入的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = scope_for(options["user"], options["period"], "reports.download_report")
        report = build_report(scope)
        try:
            options["out"].write_bytes(render(report))
        except (FontsMissing, OSError) as problem:
            raise CommandError(f"没有生成报告：{problem}") from problem
        record(AuditAction.DOWNLOAD, f"{report.title}（{report.period_label}）", actor=scope.user)
        self.stdout.write(f"已写入 {options['out']}")
