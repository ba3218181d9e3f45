"""The columns of enterprise lists: one table that import, export and template read."""

from parks.import_columns.particulars import PARTICULARS_COLUMNS
from parks.import_columns.registration import REGISTRATION_COLUMNS
from parks.import_columns.service import SERVICE_COLUMNS

ENTERPRISE_COLUMNS = (*REGISTRATION_COLUMNS, *PARTICULARS_COLUMNS, *SERVICE_COLUMNS)

__all__ = ["ENTERPRISE_COLUMNS"]
