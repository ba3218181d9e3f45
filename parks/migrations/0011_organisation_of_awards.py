import django.db.models.deletion
from django.db import migrations, models

import parks.models.qualification

# One statement for all awards, on either database.
FILL = """
UPDATE parks_qualification SET organisation_id = (
    SELECT organisation_id FROM parks_enterprise WHERE parks_enterprise.id = parks_qualification.enterprise_id
)
"""


def field(**more: bool) -> models.Field:
    return parks.models.qualification.OfItsEnterprise(
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="crm.organisation",
        verbose_name="所属机构",
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0007_calendar"),
        ("parks", "0010_orders_of_one_organisation"),
    ]

    operations = [
        migrations.AddField("qualification", "organisation", field(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("qualification", "organisation", field()),
        migrations.AddIndex(
            "qualification", models.Index(fields=["organisation", "valid_to"], name="qualification_of_one_by_end")
        ),
        migrations.AddIndex(
            "qualification",
            models.Index(fields=["organisation", "kind", "valid_to"], name="qualification_of_one_by_kind"),
        ),
    ]
