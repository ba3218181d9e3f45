import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from crm.bulk import update_rows
from visits.standing import COPIED, copy_standing

ROWS_PER_WRITE = 5000


def fill(apps, schema_editor):
    """As of the day of each visit; the park has no dates and is today's."""
    rows = apps.get_model('visits', 'VisitEnterprise').objects.order_by('pk').select_related('visit')
    last = 0
    while pairs := list(rows.filter(pk__gt=last)[:ROWS_PER_WRITE]):
        copy_standing(pairs, apps)
        update_rows(pairs, COPIED)
        last = pairs[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0007_calendar'),
        ('parks', '0009_found_without_reading'),
        ('visits', '0004_next_due_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalvisit',
            name='cancel_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='取消原因'),
        ),
        migrations.AddField(
            model_name='visit',
            name='cancel_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='取消原因'),
        ),
        migrations.AddField(
            model_name='visitenterprise',
            name='attendees',
            field=models.CharField(blank=True, max_length=300, verbose_name='企业参加人'),
        ),
        migrations.AddField(
            model_name='visitenterprise',
            name='has_attended',
            field=models.BooleanField(default=True, verbose_name='到场'),
        ),
        migrations.AddField(
            model_name='visitenterprise',
            name='note',
            field=models.TextField(blank=True, max_length=2000, verbose_name='本企业情况'),
        ),
        migrations.AddField(
            model_name='visitenterprise',
            name='park',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parks.park', verbose_name='当时园区'),
        ),
        migrations.AddField(
            model_name='visitenterprise',
            name='steward',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='当时管家'),
        ),
        migrations.AddField(
            model_name='visitenterprise',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.organisation', verbose_name='当时管家单位'),
        ),
        migrations.AddField(
            model_name='visitenterprise',
            name='tier',
            field=models.CharField(blank=True, choices=[('city', '市级'), ('district', '区级'), ('town', '镇级')], max_length=20, verbose_name='当时服务包级别'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('cancel_reason', ''), ('status', 'cancelled'), _connector='OR'), name='only_a_cancelled_visit_has_a_reason_for_it', violation_error_message='只有取消的走访才有取消原因。'),
        ),
    ]
