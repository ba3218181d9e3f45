import crm.search
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from crm.search import create_index, drop_index


def index(apps, schema_editor):
    create_index(schema_editor, 'visits_hotlineticket', 'ticket_by_pieces')


def unindex(apps, schema_editor):
    drop_index(schema_editor, 'ticket_by_pieces')


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0007_calendar'),
        ('parks', '0010_orders_of_one_organisation'),
        ('visits', '0018_few_among_many'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalHotlineTicket',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='移入回收站')),
                ('number', models.CharField(max_length=60, verbose_name='工单编号')),
                ('kind', models.CharField(blank=True, max_length=100, verbose_name='工单类型')),
                ('category', models.CharField(blank=True, max_length=200, verbose_name='问题分类')),
                ('category_2', models.CharField(blank=True, max_length=200, verbose_name='二级分类')),
                ('category_3', models.CharField(blank=True, max_length=200, verbose_name='三级分类')),
                ('tags', models.CharField(blank=True, max_length=500, verbose_name='标签')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='标题')),
                ('content', models.TextField(blank=True, verbose_name='主要内容')),
                ('status', models.CharField(choices=[('pending', '待受理'), ('handling', '办理中'), ('closed', '已办结'), ('returned', '已退回'), ('cancelled', '已作废')], default='pending', max_length=20, verbose_name='工单状态')),
                ('nature', models.CharField(blank=True, max_length=100, verbose_name='工单性质')),
                ('accept_way', models.CharField(blank=True, max_length=100, verbose_name='处理受理方式')),
                ('caller', models.CharField(blank=True, max_length=100, verbose_name='来电人')),
                ('caller_phone', models.CharField(blank=True, max_length=100, verbose_name='来电人电话')),
                ('district', models.CharField(blank=True, max_length=100, verbose_name='被反映区')),
                ('town', models.CharField(blank=True, max_length=100, verbose_name='被反映街乡镇')),
                ('community', models.CharField(blank=True, max_length=200, verbose_name='村/社区')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='小区点位')),
                ('lead_unit', models.CharField(blank=True, max_length=200, verbose_name='主办单位')),
                ('result', models.TextField(blank=True, verbose_name='办理结果')),
                ('reply', models.TextField(blank=True, verbose_name='回复内容')),
                ('called_at', models.DateTimeField(verbose_name='来电时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('is_valid_call_back', models.BooleanField(blank=True, null=True, verbose_name='是否有效回访')),
                ('is_contacted', models.BooleanField(blank=True, null=True, verbose_name='是否联系')),
                ('solved', models.CharField(blank=True, choices=[('solved', '已解决'), ('partly', '部分解决'), ('unsolved', '未解决')], max_length=20, verbose_name='是否解决')),
                ('satisfaction', models.CharField(blank=True, choices=[('satisfied', '满意'), ('basically', '基本满意'), ('dissatisfied', '不满意')], max_length=20, verbose_name='是否满意')),
                ('firm_name', models.CharField(blank=True, max_length=200, verbose_name='企业名称')),
                ('party', models.CharField(choices=[('enterprise', '企业'), ('unmatched', '未匹配'), ('resident', '居民')], default='resident', editable=False, max_length=20, verbose_name='归属')),
                ('matched_by', models.CharField(blank=True, choices=[('name', '名称'), ('former', '曾用名'), ('phone', '电话'), ('person', '人工'), ('', '—')], editable=False, max_length=20, verbose_name='匹配依据')),
                ('match_note', models.CharField(blank=True, editable=False, max_length=300, verbose_name='匹配说明')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='导入时间')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='更新时间')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('appeal', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='visits.appeal', verbose_name='转为诉求')),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                ('deleted_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='删除人')),
                ('enterprise', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='parks.enterprise', verbose_name='对应企业')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='crm.organisation', verbose_name='所属机构')),
            ],
            options={
                'verbose_name': 'historical 热线工单',
                'verbose_name_plural': 'historical 热线工单',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HotlineTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='移入回收站')),
                ('number', models.CharField(max_length=60, verbose_name='工单编号')),
                ('kind', models.CharField(blank=True, max_length=100, verbose_name='工单类型')),
                ('category', models.CharField(blank=True, max_length=200, verbose_name='问题分类')),
                ('category_2', models.CharField(blank=True, max_length=200, verbose_name='二级分类')),
                ('category_3', models.CharField(blank=True, max_length=200, verbose_name='三级分类')),
                ('tags', models.CharField(blank=True, max_length=500, verbose_name='标签')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='标题')),
                ('content', models.TextField(blank=True, verbose_name='主要内容')),
                ('status', models.CharField(choices=[('pending', '待受理'), ('handling', '办理中'), ('closed', '已办结'), ('returned', '已退回'), ('cancelled', '已作废')], default='pending', max_length=20, verbose_name='工单状态')),
                ('nature', models.CharField(blank=True, max_length=100, verbose_name='工单性质')),
                ('accept_way', models.CharField(blank=True, max_length=100, verbose_name='处理受理方式')),
                ('caller', models.CharField(blank=True, max_length=100, verbose_name='来电人')),
                ('caller_phone', models.CharField(blank=True, max_length=100, verbose_name='来电人电话')),
                ('district', models.CharField(blank=True, max_length=100, verbose_name='被反映区')),
                ('town', models.CharField(blank=True, max_length=100, verbose_name='被反映街乡镇')),
                ('community', models.CharField(blank=True, max_length=200, verbose_name='村/社区')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='小区点位')),
                ('lead_unit', models.CharField(blank=True, max_length=200, verbose_name='主办单位')),
                ('result', models.TextField(blank=True, verbose_name='办理结果')),
                ('reply', models.TextField(blank=True, verbose_name='回复内容')),
                ('called_at', models.DateTimeField(verbose_name='来电时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('is_valid_call_back', models.BooleanField(blank=True, null=True, verbose_name='是否有效回访')),
                ('is_contacted', models.BooleanField(blank=True, null=True, verbose_name='是否联系')),
                ('solved', models.CharField(blank=True, choices=[('solved', '已解决'), ('partly', '部分解决'), ('unsolved', '未解决')], max_length=20, verbose_name='是否解决')),
                ('satisfaction', models.CharField(blank=True, choices=[('satisfied', '满意'), ('basically', '基本满意'), ('dissatisfied', '不满意')], max_length=20, verbose_name='是否满意')),
                ('firm_name', models.CharField(blank=True, max_length=200, verbose_name='企业名称')),
                ('party', models.CharField(choices=[('enterprise', '企业'), ('unmatched', '未匹配'), ('resident', '居民')], default='resident', editable=False, max_length=20, verbose_name='归属')),
                ('matched_by', models.CharField(blank=True, choices=[('name', '名称'), ('former', '曾用名'), ('phone', '电话'), ('person', '人工'), ('', '—')], editable=False, max_length=20, verbose_name='匹配依据')),
                ('match_note', models.CharField(blank=True, editable=False, max_length=300, verbose_name='匹配说明')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='导入时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('search_text', crm.search.SearchText(blank=True, default='', editable=False, verbose_name='检索字段')),
                ('appeal', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='visits.appeal', verbose_name='转为诉求')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                ('deleted_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='删除人')),
                ('enterprise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hotline_tickets', to='parks.enterprise', verbose_name='对应企业')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.organisation', verbose_name='所属机构')),
            ],
            options={
                'verbose_name': '热线工单',
                'verbose_name_plural': '热线工单',
                'ordering': ['-called_at', '-pk'],
                'indexes': [models.Index(fields=['organisation', 'called_at'], name='ticket_by_time'), models.Index(fields=['organisation', 'party', 'called_at'], name='ticket_by_party'), models.Index(fields=['organisation', 'category'], name='ticket_by_category'), models.Index(fields=['organisation', 'lead_unit'], name='ticket_by_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('organisation', 'number'), name='ticket_number_is_unique', violation_error_message='已有同一编号的热线工单。'), models.CheckConstraint(condition=models.Q(models.Q(('enterprise__isnull', False), ('party', 'enterprise')), models.Q(models.Q(('party', 'enterprise'), _negated=True), ('enterprise__isnull', True)), _connector='OR'), name='ticket_is_of_an_enterprise_if_and_only_if_it_names_one', violation_error_message='企业工单须有对应企业。'), models.CheckConstraint(condition=models.Q(('appeal__isnull', True), ('enterprise__isnull', False), _connector='OR'), name='ticket_with_an_appeal_has_an_enterprise', violation_error_message='转为诉求的工单须有对应企业。')],
            },
        ),
        migrations.RunPython(index, unindex),
    ]
