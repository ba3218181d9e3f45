"""Lists of visits, of appeals and of hotline tickets as the import engine reads them."""

from visits.resources.appeals import AppealResource
from visits.resources.tickets import TicketResource
from visits.resources.visits import VisitResource

__all__ = ["AppealResource", "TicketResource", "VisitResource"]
