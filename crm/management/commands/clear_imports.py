"""`manage.py clear_imports [--days N]`: files and rows of lists that were uploaded long ago and never imported."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.imports.clearing import clear


class Command(BaseCommand):
    help = "清理很久以前上传而没有导入的名单：删除文件和核对结果，批次记录保留。已导入的不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        days = settings.YQT["UNFINISHED_IMPORT_DAYS"]
        parser.add_argument("--days", type=int, default=days, help=f"上传超过多少天（默认 {days}）")

    def handle(self, *args: Any, **options: Any) -> None:
        cleared = clear(options["days"])
        for batch in cleared:
            self.stdout.write(str(batch))
        self.stdout.write(f"共清理 {len(cleared)} 批。")
