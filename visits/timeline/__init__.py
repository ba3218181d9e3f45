"""The one timeline of an enterprise: its kinds of lines (lines.py) and how a page of them is read (reading.py)."""

from visits.timeline.lines import LINES, Asked
from visits.timeline.reading import PER_PAGE, Entry, places_of, timeline

__all__ = ["LINES", "PER_PAGE", "Asked", "Entry", "places_of", "timeline"]
