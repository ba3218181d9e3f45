import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0007_calendar'),
        ('parks', '0009_found_without_reading'),
        ('visits', '0010_visit_standing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('visit', '走访调研'), ('forum', '座谈会'), ('breakfast', '政企早餐会'), ('phone', '电话'), ('online', '线上'), ('grassroots', '四下基层调研')], default='visit', max_length=20, verbose_name='走访形式')),
                ('lineage', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='版本系列')),
                ('text', models.CharField(max_length=200, verbose_name='问题')),
                ('answer_type', models.CharField(choices=[('text', '文字'), ('number', '数字'), ('choice', '选择'), ('date', '日期'), ('yes_no', '是否')], default='choice', max_length=20, verbose_name='答案类型')),
                ('choices', models.TextField(blank=True, help_text='一行一个，选择题填写。', verbose_name='选项')),
                ('is_required', models.BooleanField(default=False, verbose_name='必答')),
                ('position', models.PositiveSmallIntegerField(default=10, verbose_name='顺序')),
                ('flag', models.CharField(blank=True, choices=[('move', '搬迁外迁'), ('risk', '经营风险'), ('lease', '租约到期'), ('ownership', '股权变更'), ('hire', '用工变化'), ('expand', '扩产增资')], max_length=20, verbose_name='触发预警')),
                ('flag_when', models.CharField(blank=True, help_text='选择题写触发的选项，用“、”隔开；日期题写提前多少天；数字题写不大于多少。是否题答“是”、文字题有内容即触发。', max_length=200, verbose_name='触发条件')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='启用日期')),
                ('valid_to', models.DateField(blank=True, editable=False, null=True, verbose_name='停用日期')),
                ('organisation', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.organisation', verbose_name='所属机构')),
            ],
            options={
                'verbose_name': '走访问题',
                'verbose_name_plural': '走访问题',
                'ordering': ['kind', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='客户端编号')),
                ('content', models.TextField(max_length=2000, verbose_name='建议内容')),
                ('category', models.CharField(choices=[('policy', '政策兑现'), ('space', '用房用地'), ('talent', '人才服务'), ('school', '子女入学'), ('finance', '融资服务'), ('permit', '审批办照'), ('traffic', '交通出行'), ('utility', '水电气热网'), ('market', '市场对接'), ('environment', '园区环境'), ('other', '其他')], default='other', max_length=20, verbose_name='类别')),
                ('status', models.CharField(choices=[('pending', '待研究'), ('adopted', '已采纳'), ('declined', '未采纳')], default='pending', max_length=20, verbose_name='状态')),
                ('reply', models.TextField(blank=True, max_length=2000, verbose_name='答复')),
                ('replied_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='答复时间')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='提出时间')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
                ('enterprise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='parks.enterprise', verbose_name='企业')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.organisation', verbose_name='所属机构')),
                ('replied_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='visits.visit', verbose_name='走访')),
            ],
            options={
                'verbose_name': '建议',
                'verbose_name_plural': '建议',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='VisitAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=1000, verbose_name='文字')),
                ('number', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='数字')),
                ('day', models.DateField(blank=True, null=True, verbose_name='日期')),
                ('is_yes', models.BooleanField(blank=True, null=True, verbose_name='是')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='visits.visitenterprise', verbose_name='走访企业')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='visits.question', verbose_name='问题')),
            ],
            options={
                'verbose_name': '走访答案',
                'verbose_name_plural': '走访答案',
                'ordering': ['question__position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='WarningFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('move', '搬迁外迁'), ('risk', '经营风险'), ('lease', '租约到期'), ('ownership', '股权变更'), ('hire', '用工变化'), ('expand', '扩产增资')], max_length=20, verbose_name='预警')),
                ('level', models.CharField(choices=[('high', '高'), ('medium', '中'), ('low', '低')], max_length=10, verbose_name='级别')),
                ('detail', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='发现时间')),
                ('confirmed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最近发现')),
                ('handled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='处理时间')),
                ('handled_note', models.CharField(blank=True, max_length=500, verbose_name='处理情况')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='parks.enterprise', verbose_name='企业')),
                ('handled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
                ('raised_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发现人')),
                ('visits', models.ManyToManyField(related_name='flags', to='visits.visit', verbose_name='走访')),
            ],
            options={
                'verbose_name': '预警',
                'verbose_name_plural': '预警',
                'ordering': ['-confirmed_at', '-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['organisation', 'kind'], name='question_by_organisation'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='question_ends_after_it_begins', violation_error_message='停用日期不能早于启用日期。'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer_type', 'choice'), models.Q(('choices', ''), _negated=True)), models.Q(models.Q(('answer_type', 'choice'), _negated=True), ('choices', '')), _connector='OR'), name='choices_belong_to_a_question_of_choice', violation_error_message='选择题要写选项，其他题不要写选项。'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('lineage',), name='one_version_of_a_question_is_open'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(fields=['organisation', 'created_at'], name='suggestion_by_time'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(fields=('created_by', 'client_id'), name='suggestion_is_sent_once'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('replied_by__isnull', True), ('reply', ''), ('status', 'pending')), models.Q(models.Q(('status', 'pending'), _negated=True), ('replied_at__isnull', False), ('replied_by__isnull', False), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='who_decided_on_a_suggestion_replied'),
        ),
        migrations.AddConstraint(
            model_name='visitanswer',
            constraint=models.UniqueConstraint(fields=('pair', 'question'), name='an_enterprise_answers_once_on_a_visit'),
        ),
        migrations.AddConstraint(
            model_name='visitanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('number__isnull', False), ('day__isnull', False), ('is_yes__isnull', False), _connector='OR'), name='an_answer_says_something'),
        ),
        migrations.AddIndex(
            model_name='warningflag',
            index=models.Index(fields=['handled_at', 'confirmed_at'], name='flag_open_by_time'),
        ),
        migrations.AddConstraint(
            model_name='warningflag',
            constraint=models.UniqueConstraint(condition=models.Q(('handled_at__isnull', True)), fields=('enterprise', 'kind'), name='a_flag_is_open_once', violation_error_message='这家企业已有一条未处理的同类预警。'),
        ),
        migrations.AddConstraint(
            model_name='warningflag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('handled_by__isnull', True), ('handled_note', '')), models.Q(('handled_at__isnull', False), ('handled_by__isnull', False), models.Q(('handled_note', ''), _negated=True)), _connector='OR'), name='who_handled_a_flag_says_how'),
        ),
    ]
