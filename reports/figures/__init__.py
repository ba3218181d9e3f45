"""Figures of metrics: counted, written, parted, compared, and the way from each to its rows."""
