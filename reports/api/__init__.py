"""The figures over the API: the same strings and exact values as on the page, in parts, over time, and their rows."""

from __future__ import annotations

from reports.api.figures import Catalogue, Figures
from reports.api.parts import Breakdown, FigureSeries
from reports.api.rows import FigureRows

__all__ = ["Breakdown", "Catalogue", "FigureRows", "FigureSeries", "Figures"]
