"""The register of enterprises, one file a topic."""

from parks.models.duplicate import MergeRecord, NotDuplicate, SharedValue, Uncompared
from parks.models.enterprise import Contact, Enterprise, FormerCode, FormerName
from parks.models.indicator import Indicator
from parks.models.industry import Industry
from parks.models.monthly_return import MonthlyReturn
from parks.models.park import Park, Tag
from parks.models.qualification import Qualification, QualificationKind
from parks.models.stewardship import ServiceTier, Stewardship

__all__ = [
    "Contact",
    "Enterprise",
    "FormerCode",
    "FormerName",
    "Indicator",
    "Industry",
    "MergeRecord",
    "MonthlyReturn",
    "NotDuplicate",
    "Park",
    "Qualification",
    "QualificationKind",
    "ServiceTier",
    "SharedValue",
    "Stewardship",
    "Tag",
    "Uncompared",
]
