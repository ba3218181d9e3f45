from django.db import migrations
from django.db.models import F

from visits.reaching import Attempts


def mark(apps, schema_editor):
    """Appeals that were called in vain often enough before the mark was kept."""
    CallBack = apps.get_model('visits', 'CallBack')
    Appeal = apps.get_model('visits', 'Appeal')
    calls = CallBack.objects.filter(appeal__status__in=('closed', 'archived'), round=F('appeal__round'))
    tries: dict[int, list] = {}
    in_vain = calls.filter(is_reached=False).order_by('called_at')
    for pk, at in in_vain.values_list('appeal_id', 'called_at'):
        tries.setdefault(pk, []).append(at)
    valid = calls.filter(is_reached=True).exclude(solved='').exclude(satisfaction='')
    answered = set(valid.values_list('appeal_id', flat=True))
    for pk, moments in tries.items():
        if pk not in answered and Attempts.at(moments).is_out_of_reach:
            Appeal.objects.filter(pk=pk).update(out_of_reach_at=moments[-1])


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0008_call_back_links'),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
