"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "统计与报告"

    def ready(self) -> None:
        from reports.issuing.triggers import put_back

        # What the database itself must hold, not a rule of business: those are in the actions.
        post_migrate.connect(put_back, sender=self, dispatch_uid="reports.issuing.triggers")
