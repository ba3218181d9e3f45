"""`figures --period 2023 --user NAME [--json]`: all figures of a period as one user sees them."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports.documents.build import build_figures
from reports.figures.exact import json_number
from reports.management.asking import scope_for
from reports.period import HELP


class Command(BaseCommand):
    help = "按期间列出全部统计指标：数值、环比、同比、口径"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True, help=HELP)
        parser.add_argument("--user", required=True, help="以哪个账号的数据范围统计")
        parser.add_argument("--json", action="store_true", help="输出精确值：比率为 1 的分数，没有记录为 null")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = build_figures(scope_for(options["user"], options["period"], "reports.view_report"))
        if options["json"]:
            self.stdout.write(json.dumps({one.key: json_number(one.value) for one in figures}, indent=2))
            return
        for one in figures:
            changes = [change.text for change in (one.change, one.last_year) if change]
            self.stdout.write("\t".join([one.label, f"{one.text}{one.shown_unit}", *changes, one.definition]))
