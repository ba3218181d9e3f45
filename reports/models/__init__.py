"""Tables of this app: how units are evaluated and what was officially said of it."""

from reports.models.evaluation import OfficialResult, ScoreItem, ScoreScheme

__all__ = ["OfficialResult", "ScoreItem", "ScoreScheme"]
