"""Forms of visits and appeals."""

from visits.forms.appeal import AppealForm
from visits.forms.plan import PlanForm
from visits.forms.step import StepForm
from visits.forms.visit import VisitForm

__all__ = ["AppealForm", "PlanForm", "StepForm", "VisitForm"]
