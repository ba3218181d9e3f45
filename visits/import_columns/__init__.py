"""The columns of lists of visits and appeals: tables that import, export and template read."""
