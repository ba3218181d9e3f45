from datetime import date

from django.db import migrations

# Before every visit on record, so that visits entered late are asked the same.
VALID_FROM = date(2000, 1, 1)

EXPAND = (
    '未来两年有扩产、增资或扩租打算吗？', 'choice', '没有\n6 个月内\n6 至 12 个月\n12 至 24 个月',
    'expand', '6 个月内、6 至 12 个月、12 至 24 个月',
)
MOVE = ('未来两年有搬迁、外迁打算吗？', 'choice', '没有\n在考虑\n已有计划', 'move', '在考虑、已有计划')
HIRE = ('未来一年用工怎么变？', 'choice', '基本不变\n增加 10 人以内\n增加 10 人以上\n减少', 'hire', '增加 10 人以上、减少')
LEASE = ('现在的租约（用地）到哪天？', 'date', '', 'lease', '180')
OWNERSHIP = ('近期股权或法定代表人有变更吗？', 'yes_no', '', 'ownership', '')
PLACE = ('对园区环境和服务满意吗（5 分最满意）？', 'choice', '5 分\n4 分\n3 分\n2 分\n1 分', 'risk', '2 分、1 分')
STAGE = ('主要产品或业务处在什么阶段？', 'choice', '起步\n成长\n成熟\n转型\n收缩', 'risk', '收缩')

# Business retention and expansion: what foretells growth and leaving.
QUESTIONS = {
    'visit': (EXPAND, MOVE, HIRE, LEASE, OWNERSHIP, PLACE, STAGE),
    'forum': (EXPAND, MOVE, PLACE),
    'breakfast': (EXPAND, MOVE, PLACE),
}


def ask(apps, schema_editor):
    Question = apps.get_model('visits', 'Question')
    for kind, questions in QUESTIONS.items():
        for number, (text, answer_type, choices, flag, flag_when) in enumerate(questions, start=1):
            Question.objects.create(
                kind=kind, text=text, answer_type=answer_type, choices=choices, flag=flag, flag_when=flag_when,
                position=number * 10, valid_from=VALID_FROM,
            )


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0011_heard_on_visits'),
    ]

    operations = [
        migrations.RunPython(ask, migrations.RunPython.noop),
    ]
