"""`manage.py send_reminders`: rungs of the ladder that were reached, and today's digests."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from visits.actions import remind


class Command(BaseCommand):
    help = (
        "提醒时限过半、即将到期和已超期的诉求，每人每天汇总一次；只在工作时间内发出，漏跑的补上，重复运行不重复提醒。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = remind()
        if options["verbosity"] and not done.is_working_time:
            self.stdout.write("现在不是工作时间，没有发出提醒。")
        elif options["verbosity"]:
            self.stdout.write(f"新提醒 {done.reminders} 条，汇总发给 {done.digests} 人。")
