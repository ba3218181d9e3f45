"""`manage.py draft_reports`: draft the scheduled reports that are due, and send what waits. Exit code 1 on failures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports import actions


class Command(BaseCommand):
    help = "起草到期的定期报告并发出通知；漏跑的补上，重复运行不重复起草，有失败时退出码为 1"

    def handle(self, *args: Any, **options: Any) -> None:
        ran = actions.run_due()
        if options["verbosity"]:
            told = f"起草 {ran.made} 份，已有报告 {ran.existed} 份，发出通知 {ran.sent} 条。"
            self.stdout.write(told)
        if not ran.is_well:
            raise CommandError(
                f"{ran.failed} 份没有生成，{ran.unsent} 条通知没有发出。原因见“定期报告”页面。", returncode=1
            )
