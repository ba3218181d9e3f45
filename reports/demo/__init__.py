"""The demo's fictional town: the same every time, its year 2023 exactly the figures a real year-end review prints."""
