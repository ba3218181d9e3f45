"""How static files are stored for a release."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as Base

# Django can do this for all files or none; packages from npm import names that no folder holds.
_, MODULE_IMPORTS = Base._js_module_import_aggregation_patterns


class HashedFiles(Base):
    """Names carry a hash, in the import lines of our own modules too: a page never mixes the files of two releases."""

    patterns = (*Base.patterns, ("visits/*.js", MODULE_IMPORTS))
