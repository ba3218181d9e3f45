"""Taking a batch back: everything as it was, but nothing that people did since."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.errors import ImportStateError
from crm.imports.undo import may_undo, undo
from crm.imports.undo_plan import plan_undo
from crm.models import AuditEntry
from crm.models.imports import BatchState, ImportMode, Outcome
from parks.actions import set_tags
from parks.actions.bin import restore_enterprise
from parks.models import Contact, Enterprise, FormerName, ServiceTier, Stewardship, Tag
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.crm.imports.conftest import stage_content
from tests.crm.imports.test_commit import edit_by_hand
from tests.crm.imports.test_staging import HEADER, row
from visits.actions import create_appeal
from visits.models import Visit

# What every write moves forward, an undo too.
BOOKKEEPING = {"version", "updated_at"}
WIDE = [
    *[*HEADER, "经营状态", "实缴资本", "曾用名", "联系人", "联系人手机"],
    *["联系人职务", "标签", "服务包级别", "服务管家"],
]
TABLES = (FormerName, Contact, ServiceTier, Stewardship, Enterprise.tags.through)


def wide(person, **changes):
    cells = {"status": "在业", "paid": "10万", "former": "", "contact": "李某", "mobile": "13800000000", "post": "经理"}
    cells |= {"tags": "信创", "tier": "", "steward": person.name, **changes}
    return list(cells.values())


def visited(firm, user):
    visit = Visit.objects.create(
        organisation=firm.organisation, started_at=timezone.now(), topic="走访", created_by=user
    )
    visit.pairs.create(enterprise=firm)


def appealed(firm, user, contact=None):
    create_appeal(actor=user, enterprise=firm, content="用电", contact=contact, is_draft=True)


def state():
    """Every field of every living enterprise and of what hangs on it."""
    firms = Enterprise.objects.living().order_by("pk").values()
    kept = [{name: value for name, value in firm.items() if name not in BOOKKEEPING} for firm in firms]
    living = Enterprise.objects.living().values("pk")
    others = [[*model.objects.filter(enterprise__in=living).order_by("pk").values()] for model in TABLES]
    return kept, others


def test_created_firms_go_to_the_bin_with_all_that_came_with_them(import_rows, manager, office):
    before = state()
    batch = import_rows([[*row(), *wide(manager)], [*row(name="乙公司", code=2), *wide(manager)]], header=WIDE)
    assert Contact.objects.count() == 2
    batch = undo(batch.pk, actor=manager)
    assert state() == before
    assert (batch.state, batch.results["removed"], batch.results["kept"]) == (BatchState.UNDONE, 2, 0)
    firm = Enterprise.objects.get(uscc=files.code(1))
    assert (firm.deleted_by, firm.history.first().history_change_reason) == (manager, f"导入 #{batch.pk} 撤销")
    restore_enterprise(firm, actor=manager)
    assert firm.contacts.get().name == "李某"


def test_an_undone_file_can_be_imported_again(import_rows, manager):
    undo(import_rows([row()], header=HEADER).pk, actor=manager)
    again = import_rows([row()], header=HEADER)
    assert again.results["created"] == 1
    assert Enterprise.objects.living().count() == 1


def test_updated_firms_are_bit_for_bit_what_they_were(import_rows, stage_rows, manager, users):
    first = [[*row(), *wide(manager, tier="一级")], [*row(name="乙公司", code=""), *wide(manager, contact="")]]
    import_rows(first, header=WIDE)
    ServiceTier.objects.update(starts_on=timezone.localdate() - dt.timedelta(days=30))
    before = state()
    steward = users["steward"]
    second = [
        [
            *row(name="甲新公司", capital="5万美元", address="新路9号", day="2021年1月2日"),
            *wide(steward, status="注销", paid="3", former="更老", mobile="13900000000", tags="网安", tier="二级"),
        ],
        [*row(name="乙公司", code=2), *wide(steward, former="乙老公司", contact="王某", tags="网安、信创")],
    ]
    batch = stage_rows(second, header=WIDE)
    batch.accept_doubts = True
    batch.save()
    batch = commit(batch.pk, actor=manager)
    assert batch.results["updated"] == 2
    assert state() != before
    batch = undo(batch.pk, actor=manager)
    assert batch.results["restored"] == 2, [row.note for row in batch.rows.all()]
    assert state() == before


def test_an_undo_is_a_change_of_its_own_in_version_and_history(import_rows, manager):
    import_rows([row()], header=HEADER)
    seen = Enterprise.objects.get()
    undo(import_rows([row(capital="5")], header=HEADER).pk, actor=manager)
    firm = Enterprise.objects.get()
    assert firm.version == seen.version + 2
    assert firm.updated_at > seen.updated_at
    assert [record.history_type for record in firm.history.order_by("history_id")] == ["+", "~", "~"]
    assert firm.history.latest().registered_capital == seen.registered_capital


def test_a_second_undo_gives_the_same_result_and_does_nothing(import_rows, manager, users):
    batch = import_rows([row()], header=HEADER)
    first = undo(batch.pk, actor=manager)
    second = undo(batch.pk, actor=users["manager"])
    assert (first.results, first.undone_at, second.undone_by) == (second.results, second.undone_at, manager)
    assert Enterprise.objects.get().history.count() == 2
    entries = AuditEntry.objects.filter(action="import", summary__startswith="撤销")
    assert [entry.summary for entry in entries] == [f"撤销导入 #{batch.pk} 名单.xlsx：移入回收站 1，恢复原值 0，保留 0"]


def test_firms_edited_since_are_kept_and_named(import_rows, manager):
    import_rows([row(), row(name="乙公司", code=2)], header=HEADER)
    batch = import_rows(
        [row(capital="5"), row(name="乙公司", code=2, capital="6"), row(name="丙公司", code=3)], header=HEADER
    )
    edit_by_hand(Enterprise.objects.get(uscc=files.code(1)), registered_address="刚改过")
    edit_by_hand(Enterprise.objects.get(uscc=files.code(3)), remark="刚写的")
    batch = undo(batch.pk, actor=manager)
    assert {name: batch.results[name] for name in ("removed", "restored", "kept")} == {
        "removed": 0,
        "restored": 1,
        "kept": 2,
    }
    kept = batch.rows.filter(outcome=Outcome.KEPT)
    assert [(row.label, row.note) for row in kept] == [
        ("甲公司有限公司", "导入之后又被修改过"),
        ("丙公司", "导入之后又被修改过"),
    ]
    assert Enterprise.objects.get(uscc=files.code(1)).registered_capital == 50_000
    assert Enterprise.objects.living().filter(uscc=files.code(3)).exists()


@pytest.mark.parametrize("what", ["visit", "appeal", "contact"])
def test_a_new_firm_that_people_work_with_is_kept(import_rows, manager, what):
    batch = import_rows([row(), row(name="乙公司", code=2)], header=HEADER)
    firm = Enterprise.objects.get(uscc=files.code(1))
    if what == "visit":
        visited(firm, manager)
    elif what == "appeal":
        appealed(firm, manager)
    else:
        Contact.objects.create(enterprise=firm, name="赵某")
    batch = undo(batch.pk, actor=manager)
    assert (batch.results["removed"], batch.results["kept"]) == (1, 1)
    title = {"visit": "走访企业", "appeal": "诉求", "contact": "联系人"}[what]
    assert batch.rows.get(outcome=Outcome.KEPT).note == f"后来又有了{title}"
    assert Enterprise.objects.living().get() == firm


def test_a_contact_edited_since_keeps_its_firm(import_rows, manager):
    batch = import_rows([[*row(), *wide(manager)]], header=WIDE)
    Contact.objects.update(mobile="13700000000")
    batch = undo(batch.pk, actor=manager)
    assert batch.rows.get().note == "联系人在导入之后又被修改过"
    assert Contact.objects.get().mobile == "13700000000"


def test_a_contact_that_an_appeal_names_keeps_its_firm(import_rows, manager):
    import_rows([row()], header=HEADER)
    batch = import_rows([[*row(), *wide(manager)]], header=WIDE)
    appealed(Enterprise.objects.get(), manager, contact=Contact.objects.get())
    batch = undo(batch.pk, actor=manager)
    assert batch.results["kept"] == 1
    assert Contact.objects.exists()


def test_a_code_taken_since_is_not_given_twice(import_rows, manager, office):
    import_rows([row(code=1)], header=HEADER)
    batch = import_rows([[*row(code=1)], row(name="乙公司", code=3)], header=HEADER)
    firm = Enterprise.objects.get(uscc=files.code(1))
    row_of = batch.rows.get(label="乙公司")
    # As if the file had given 乙公司 a new code and somebody else had taken the old one.
    row_of.outcome, row_of.undo = Outcome.UPDATED, {"fields": {"uscc": firm.uscc}}
    row_of.save()
    batch = undo(batch.pk, actor=manager)
    assert batch.rows.get(label="乙公司").note == "原来的代码已被另一家企业使用"


def test_batches_are_undone_one_after_the_other(import_rows, manager):
    before = state()
    first = import_rows([row()], header=HEADER)
    between = state()
    second = import_rows([row(capital="5")], header=HEADER)
    assert plan_undo(first).counts["kept"] == 1
    undo(second.pk, actor=manager)
    assert state() == between
    undo(first.pk, actor=manager)
    assert state() == before


def test_a_field_typed_by_hand_is_known_as_such_again(import_rows, stage_rows, manager):
    import_rows([row()], header=HEADER)
    edit_by_hand(Enterprise.objects.get(), registered_address="人工改的地址")
    batch = stage_rows([row(address="文件的地址")], header=HEADER)
    batch.overwrite_edited = True
    batch.save()
    commit(batch.pk, actor=manager)
    undo(batch.pk, actor=manager)
    assert Enterprise.objects.get().registered_address == "人工改的地址"
    assert stage_rows([row(address="文件的地址")], header=HEADER).counts["edited"] == 1


def test_an_undone_batch_is_committed_no_more(import_rows, manager):
    batch = undo(import_rows([row()], header=HEADER).pk, actor=manager)
    assert commit(batch.pk, actor=manager).state == BatchState.UNDONE
    assert not Enterprise.objects.living().exists()


def test_a_batch_that_is_not_committed_cannot_be_undone(stage_rows, manager):
    with pytest.raises(ImportStateError):
        undo(stage_rows([row()], header=HEADER).pk, actor=manager)


def test_a_failure_half_way_undoes_nothing(import_rows, manager, monkeypatch):
    batch = import_rows([row()], header=HEADER)
    before = state()
    monkeypatch.setattr("crm.imports.undo._mark", lambda plan, batch, resource: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        undo(batch.pk, actor=manager)
    batch.refresh_from_db()
    assert (state(), batch.state) == (before, BatchState.COMMITTED)


def test_managers_undo_any_batch_and_stewards_their_own(import_rows, users, office):
    steward = users["steward"]
    other = make_user("s2", office, role="steward")
    batch = import_rows([row()], header=HEADER, user=steward)
    allowed = {user.username: may_undo(batch, user) for user in [*users.values(), other]}
    assert [name for name, may in allowed.items() if may] == ["manager", "steward"]


def queries_of_undo(count, user):
    commit(stage_content(files.register_file(count), user).pk, actor=user)
    changed = files.xlsx([files.HEADER, *[[*r[:6], "新地址", r[7]] for r in files.enterprise_rows(count)]])
    batch = stage_content(changed, user)
    batch.mode = ImportMode.OVERWRITE
    batch.save()
    commit(batch.pk, actor=user)
    with CaptureQueriesContext(connection) as captured:
        assert undo(batch.pk, actor=user).results["restored"] == count
    return len(captured)


def test_the_number_of_queries_of_an_undo_does_not_grow_with_the_rows(manager, outsider):
    few, many = queries_of_undo(30, manager), queries_of_undo(300, outsider)
    assert not Enterprise.objects.filter(registered_address="新地址").exists()
    # SQLite takes 999 parameters a statement when history is inserted.
    assert many == few <= 40 if connection.vendor == "postgresql" else many - few < 270 / 5


def test_a_tag_that_the_batch_made_goes_with_it_unless_somebody_uses_it(import_rows, manager, office):
    header = [*HEADER, "标签"]
    other = import_rows([row(name="乙公司", code=2)], header=HEADER)
    batch = import_rows([[*row(), "网安、信创"]], header=header)
    assert set(Tag.objects.values_list("name", flat=True)) == {"网安", "信创"}
    set_tags(Enterprise.objects.get(uscc=files.code(2)), ["信创"])
    undo(batch.pk, actor=manager)
    assert list(Tag.objects.values_list("name", flat=True)) == ["信创"]
    assert other.results == {"created": 1, "updated": 0, "skipped": 0, "conflict": 0}


def test_a_tag_of_a_row_that_is_kept_stays(import_rows, manager):
    header = [*HEADER, "标签"]
    batch = import_rows([[*row(), "网安"]], header=header)
    edit_by_hand(Enterprise.objects.get(), remark="改过")
    assert undo(batch.pk, actor=manager).results["kept"] == 1
    assert Tag.objects.filter(name="网安", enterprises__isnull=False).exists()


def test_an_undo_in_many_parts_tells_how_far_it_has_come(import_rows, manager, monkeypatch):
    batch = import_rows(files.enterprise_rows(7))
    monkeypatch.setattr("crm.imports.undo_plan.TARGETS_PER_QUERY", 2)
    told: list[tuple[int, int]] = []
    assert undo(batch.pk, actor=manager, report=lambda *way: told.append(way)).results["removed"] == 7
    assert told == sorted(told)
    assert told[-1] == (7, 7)
    assert {done for done, _ in told} >= {2, 4, 6}
    assert {total for _, total in told} == {7}
