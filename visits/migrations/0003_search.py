import crm.search
from django.conf import settings
from django.db import migrations, models

from crm.search import create_index, drop_index
from visits.search import reindex_appeals, reindex_visits

INDEXES = {'visits_visit': 'visit_by_pieces', 'visits_appeal': 'appeal_by_pieces'}


def fill(apps, schema_editor):
    """What is there is found, too."""
    for model, reindex in (('Visit', reindex_visits), ('Appeal', reindex_appeals)):
        reindex(apps.get_model('visits', model).objects.order_by('pk').values_list('pk', flat=True), apps)


def index(apps, schema_editor):
    for table, name in INDEXES.items():
        create_index(schema_editor, table, name)


def unindex(apps, schema_editor):
    for name in INDEXES.values():
        drop_index(schema_editor, name)


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0003_saved_views'),
        ('parks', '0005_enterprise_page'),
        ('visits', '0002_bin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='appeal',
            name='search_text',
            field=crm.search.SearchText(blank=True, default='', editable=False, verbose_name='检索字段'),
        ),
        migrations.AddField(
            model_name='visit',
            name='search_text',
            field=crm.search.SearchText(blank=True, default='', editable=False, verbose_name='检索字段'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, unindex),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['created_at', 'id'], name='appeal_in_created_order'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['started_at', 'id'], name='visit_in_time_order'),
        ),
    ]
