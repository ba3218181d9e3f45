from django.db import migrations

from parks.reference import load_industries, load_qualification_kinds


def load(apps, schema_editor):
    load_industries(apps.get_model("parks", "Industry"))
    load_qualification_kinds(apps.get_model("parks", "QualificationKind"))


class Migration(migrations.Migration):
    dependencies = [("parks", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
