"""Runs the topics named, or all, in a database made for it and dropped afterwards (BENCH_KEEP=1 keeps it)."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

TOPICS = ("search", "imports", "appeals", "figures", "documents")


def main(topics: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    settings.SECURE_SSL_REDIRECT = False
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    setup_test_environment(debug=False)
    if connection.vendor == "sqlite":
        # A file, as in use, and not the memory that tests take.
        connection.settings_dict["TEST"]["NAME"] = str(settings.VAR_DIR / "bench.sqlite3")
    usual = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        from bench.table import print_table

        for topic in topics or TOPICS:
            print_table(f"{topic} on {connection.vendor}", import_module(f"bench.{topic}").run())
    finally:
        if not os.environ.get("BENCH_KEEP"):
            connection.creation.destroy_test_db(str(usual), verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main(sys.argv[1:])
