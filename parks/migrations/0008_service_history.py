
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parks', '0005_enterprise_page'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalQualificationKind',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=20, verbose_name='代码')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('short_name', models.CharField(max_length=20, verbose_name='简称')),
                ('issuer', models.CharField(blank=True, max_length=80, verbose_name='授予单位')),
                ('awarded_at', models.CharField(choices=[('state', '国家级'), ('city', '市级'), ('trade', '行业'), ('other', '其他')], max_length=10, verbose_name='级别')),
                ('valid_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='通常有效月数')),
                ('renewal', models.CharField(blank=True, max_length=80, verbose_name='到期办理')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                ('is_in_use', models.BooleanField(default=True, verbose_name='在用')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 资质类别',
                'verbose_name_plural': 'historical 资质类别',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalServiceTier',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('tier', models.CharField(choices=[('city', '市级'), ('district', '区级'), ('town', '镇级')], max_length=20, verbose_name='服务包级别')),
                ('starts_on', models.DateField(verbose_name='自')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='至')),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('enterprise', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='parks.enterprise', verbose_name='企业')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 服务包级别',
                'verbose_name_plural': 'historical 服务包级别',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalStewardship',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('role', models.CharField(choices=[('industry', '行业管家'), ('local', '属地管家'), ('leader', '镇联系领导'), ('cadre', '包联干部')], default='local', max_length=20, verbose_name='管家类别')),
                ('is_primary', models.BooleanField(default=True, verbose_name='主管家')),
                ('starts_on', models.DateField(verbose_name='自')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='至')),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('enterprise', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='parks.enterprise', verbose_name='企业')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='服务管家')),
            ],
            options={
                'verbose_name': 'historical 管家关系',
                'verbose_name_plural': 'historical 管家关系',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
