"""The columns of enterprise lists: one table that import, export and template read."""

from parks.import_columns.registration import REGISTRATION_COLUMNS

ENTERPRISE_COLUMNS = REGISTRATION_COLUMNS

__all__ = ["ENTERPRISE_COLUMNS"]
