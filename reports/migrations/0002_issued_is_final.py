"""The database itself refuses to change an issued report and the record of its files.

A later migration that makes a table anew on SQLite takes the triggers with it and has to run `final` again; the tests
of reports.models say so.
"""

from django.db import migrations

ISSUE, FILE = "reports_reportissue", "reports_issuedfile"
SAID = "an issued report is final"

SQLITE = [
    f"""CREATE TRIGGER issued_report_stays BEFORE UPDATE ON {ISSUE} WHEN OLD.status = 'issued'
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END""",
    f"""CREATE TRIGGER issued_file_stays BEFORE UPDATE ON {FILE}
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END""",
]
POSTGRES = [
    f"""CREATE FUNCTION issued_report_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END $$""",
    f"""CREATE TRIGGER issued_report_stays BEFORE UPDATE OR DELETE ON {ISSUE} FOR EACH ROW
    WHEN (OLD.status = 'issued') EXECUTE FUNCTION issued_report_is_final()""",
    f"""CREATE TRIGGER issued_file_stays BEFORE UPDATE OR DELETE ON {FILE} FOR EACH ROW
    EXECUTE FUNCTION issued_report_is_final()""",
]
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
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_issues")]
    operations = [migrations.RunPython(final, undo)]
