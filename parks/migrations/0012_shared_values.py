import django.db.models.deletion
from django.db import migrations, models

from parks.shared import COUNT_ALL


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0007_calendar"),
        ("parks", "0011_organisation_of_awards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Uncompared",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("enterprise", models.BigIntegerField(verbose_name="企业")),
            ],
            options={"verbose_name": "待比对企业", "verbose_name_plural": "待比对企业"},
        ),
        migrations.CreateModel(
            name="SharedValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=20, verbose_name="栏目")),
                ("value", models.CharField(max_length=200, verbose_name="内容")),
                ("held", models.PositiveIntegerField(verbose_name="企业数")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.organisation",
                        verbose_name="所属机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "相同内容",
                "verbose_name_plural": "相同内容",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "field", "value"), name="shared_value_is_counted_once"
                    )
                ],
            },
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in COUNT_ALL),
    ]
