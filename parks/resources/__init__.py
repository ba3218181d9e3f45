"""What lists of the register may hold and how they meet it, one file a kind of list; read by the import engine."""

from parks.resources.enterprises import EnterpriseResource
from parks.resources.indicators import IndicatorResource
from parks.resources.qualifications import QualificationResource

__all__ = ["EnterpriseResource", "IndicatorResource", "QualificationResource"]
