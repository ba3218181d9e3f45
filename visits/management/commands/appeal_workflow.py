"""Write the diagram of the appeal's workflow anew from the table of steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from visits.diagram import PAGE, page


class Command(BaseCommand):
    help = "按步骤表重写 docs/appeal-workflow.md。"

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR, PAGE).write_text(page(), encoding="utf-8")
        self.stdout.write(f"已写入 {PAGE}。")
