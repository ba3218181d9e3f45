"""The register of enterprises, one file a topic."""

from parks.models.enterprise import Contact, Enterprise, FormerName
from parks.models.industry import Industry
from parks.models.park import Park, Tag
from parks.models.qualification import Qualification, QualificationKind
from parks.models.stewardship import ServiceTier, Stewardship

__all__ = [
    "Contact",
    "Enterprise",
    "FormerName",
    "Industry",
    "Park",
    "Qualification",
    "QualificationKind",
    "ServiceTier",
    "Stewardship",
    "Tag",
]
