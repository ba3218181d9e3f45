"""Measurements, one file a topic; `make bench` prints them. Not part of the tests: they assert no times."""
