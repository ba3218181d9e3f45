"""Reckon all due times anew from the events: after a restore, or to prove that what is stored is what happened."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from visits.actions.rebuild import rebuild_due_times
from visits.models import Appeal

SHOWN = 20


class Command(BaseCommand):
    help = "按办理过程重新计算全部诉求的时限，只写入有变的"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不写入；有差异时以错误结束")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        count = 0
        for count, one in enumerate(rebuild_due_times(Appeal.objects.all(), write=not check), 1):
            if count <= SHOWN:
                self.stdout.write(f"{one.number}：{_text(one.old.due_at)} → {_text(one.new.due_at)}")
        if check and count:
            raise CommandError(f"{count} 件诉求的时限与办理过程不一致；运行 manage.py rebuild_due_times 修正。")
        self.stdout.write(f"{count} 件诉求的时限有变，已写入。" if count else "全部诉求的时限与办理过程一致。")


def _text(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "—"
