from django.db import migrations

ROWS_PER_WRITE = 1000


def returns_from_indicators(apps, schema_editor):
    """What was told before there were returns becomes returns, so that the next one does not count it away."""
    rows = apps.get_model("parks", "Indicator").objects.filter(is_derived=False).order_by("as_of", "pk")
    model, returns = apps.get_model("parks", "MonthlyReturn"), {}
    for row in rows.iterator(chunk_size=ROWS_PER_WRITE):
        key = (row.enterprise_id, row.year, row.month)
        told = returns.setdefault(key, model(enterprise_id=key[0], year=row.year, month=row.month))
        setattr(told, f"{row.indicator}_{row.reach}", row.value)
        told.as_of, told.source = row.as_of, row.source
    model.objects.bulk_create(returns.values(), batch_size=ROWS_PER_WRITE)


class Migration(migrations.Migration):

    dependencies = [
        ('parks', '0015_monthly_returns'),
    ]

    operations = [
        migrations.RunPython(returns_from_indicators, migrations.RunPython.noop),
    ]
