"""Lists of visits and of appeals as the import engine reads them."""

from visits.resources.appeals import AppealResource
from visits.resources.visits import VisitResource

__all__ = ["AppealResource", "VisitResource"]
