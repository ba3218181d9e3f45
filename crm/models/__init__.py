"""The models every app shares, one file a topic."""

from crm.models.audit import AuditEntry
from crm.models.organisation import Organisation
from crm.models.user import User

__all__ = ["AuditEntry", "Organisation", "User"]
