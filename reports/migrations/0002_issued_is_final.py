"""The database itself refuses to change an issued report and the record of its files.

A later migration that makes a table anew on SQLite takes the triggers with it: reports.issuing.triggers puts them back.
"""

from django.db import migrations

ISSUE, FILE = "reports_reportissue", "reports_issuedfile"
SAID = "an issued report is final"

FUNCTION = f"""CREATE FUNCTION issued_report_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END $$"""
TRIGGERS = {
    "sqlite": {
        "issued_report_stays": f"""CREATE TRIGGER issued_report_stays BEFORE UPDATE ON {ISSUE} WHEN OLD.status = 'issued'
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END""",
        "issued_file_stays": f"""CREATE TRIGGER issued_file_stays BEFORE UPDATE ON {FILE}
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END""",
    },
    "postgresql": {
        "issued_report_stays": f"""CREATE TRIGGER issued_report_stays BEFORE UPDATE OR DELETE ON {ISSUE} FOR EACH ROW
    WHEN (OLD.status = 'issued') EXECUTE FUNCTION issued_report_is_final()""",
        "issued_file_stays": f"""CREATE TRIGGER issued_file_stays BEFORE UPDATE OR DELETE ON {FILE} FOR EACH ROW
    EXECUTE FUNCTION issued_report_is_final()""",
    },
}
UNDO = {
    "sqlite": ["DROP TRIGGER issued_report_stays", "DROP TRIGGER issued_file_stays"],
    "postgresql": [
        f"DROP TRIGGER issued_report_stays ON {ISSUE}",
        f"DROP TRIGGER issued_file_stays ON {FILE}",
        "DROP FUNCTION issued_report_is_final()",
    ],
}


def final(apps, schema_editor):
    """Databases of other kinds go without: the actions refuse it too."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(FUNCTION)
    for statement in TRIGGERS.get(vendor, {}).values():
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_issues")]
    operations = [migrations.RunPython(final, undo)]
