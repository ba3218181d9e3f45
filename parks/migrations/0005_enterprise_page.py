
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0001_initial'),
        ('parks', '0004_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='enterprise',
            name='annual_revenue',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='营业收入'),
        ),
        migrations.AddField(
            model_name='enterprise',
            name='figures_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='财务数据年度'),
        ),
        migrations.AddField(
            model_name='enterprise',
            name='total_assets',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='资产总额'),
        ),
        migrations.AddField(
            model_name='historicalenterprise',
            name='annual_revenue',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='营业收入'),
        ),
        migrations.AddField(
            model_name='historicalenterprise',
            name='figures_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='财务数据年度'),
        ),
        migrations.AddField(
            model_name='historicalenterprise',
            name='total_assets',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='资产总额'),
        ),
        migrations.AddField(
            model_name='historicalqualification',
            name='withdrawn_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='撤销原因'),
        ),
        migrations.AddField(
            model_name='qualification',
            name='withdrawn_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='撤销原因'),
        ),
        migrations.AddField(
            model_name='qualificationkind',
            name='is_in_use',
            field=models.BooleanField(default=True, verbose_name='在用'),
        ),
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(fields=['organisation', 'legal_representative'], name='enterprise_by_representative'),
        ),
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(fields=['organisation', 'registered_address'], name='enterprise_by_address'),
        ),
    ]
