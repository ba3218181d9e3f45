"""Visits and appeals, one file a topic."""

from visits.models.appeal import Appeal, AppealEvent, CallBack, JointUnit
from visits.models.visit import Photo, Visit, VisitEnterprise

__all__ = ["Appeal", "AppealEvent", "CallBack", "JointUnit", "Photo", "Visit", "VisitEnterprise"]
