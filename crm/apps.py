"""App configuration."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "基础"

    def ready(self) -> None:
        from crm import checks, lookups  # noqa: F401  (registers them)
