"""The import engine: from any spreadsheet to staged rows and a reversible commit.

What is imported (columns, synonyms, match keys) is declared by the apps above, see ``resource.py`` and ``columns.py``.
"""
