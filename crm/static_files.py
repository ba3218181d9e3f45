"""How static files are found, and how they are stored for a release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage as Base

# Django can do this for all files or none; packages from npm import names that no folder holds.
_, MODULE_IMPORTS = Base._js_module_import_aggregation_patterns


class HashedFiles(Base):
    """Names carry a hash, in the import lines of our own modules too: a page never mixes the files of two releases."""

    patterns = (*Base.patterns, ("visits/*.js", MODULE_IMPORTS))


class SingleFiles(BaseFinder):
    """Single files of packages whose folders hold far more than is served (settings.STATIC_FILES)."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = settings.STATIC_FILES.get(path)
        if found is None or not found.is_file():
            return []
        return [str(found)] if find_all or kwargs.get("all") else str(found)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for path, found in settings.STATIC_FILES.items():
            storage = FileSystemStorage(location=found.parent)
            storage.prefix = str(PurePosixPath(path).parent)  # type: ignore[attr-defined]
            yield found.name, storage
