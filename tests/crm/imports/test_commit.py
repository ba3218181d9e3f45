"""Writing a batch: once, whole, and no more than was confirmed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.corrections import correct, decide, suggestions_of
from crm.imports.error_file import error_workbook
from crm.imports.errors import ImportStateError
from crm.imports.reading import read_file
from crm.imports.review import effect_of
from crm.imports.staging import stage
from crm.models import AuditEntry
from crm.models.imports import BatchState, ImportMode, Outcome, Verdict
from parks.choices import RegistrationStatus
from parks.models import Enterprise
from parks.search import reindex_enterprises
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.crm.imports.conftest import stage_content
from tests.crm.imports.test_staging import HEADER, row


def edit_by_hand(enterprise, **fields):
    for name, value in fields.items():
        setattr(enterprise, name, value)
    enterprise.version += 1
    enterprise.save()


def test_values_arrive_as_they_were_meant(import_rows, office, manager):
    header = [*HEADER, "经营状态", "实缴资本", "营业期限", "参保人数", "曾用名", "备注"]
    import_rows(
        [
            [
                *row(capital="1,000.5"),
                "在业",
                "300万美元",
                "2020-01-02 至 长期",
                "12人",
                "老甲公司、更老甲公司",
                "见 <b>附件</b>",
            ]
        ],
        header=header,
    )
    enterprise = Enterprise.objects.get()
    assert enterprise.organisation == office
    assert enterprise.created_by == manager
    assert enterprise.uscc == files.code(1)
    assert enterprise.registered_capital == Decimal(10_005_000)
    assert enterprise.registered_capital_raw == "1,000.5"
    assert (enterprise.paid_in_capital, enterprise.paid_in_capital_currency) == (Decimal(3_000_000), "USD")
    assert enterprise.established_on == dt.date(2020, 1, 2)
    assert (enterprise.term_from, enterprise.term_to) == (dt.date(2020, 1, 2), None)
    assert enterprise.status == RegistrationStatus.ACTIVE
    assert enterprise.insured_count == 12
    assert enterprise.joined_on == timezone.localdate()
    assert sorted(former.name for former in enterprise.former_names.all()) == ["更老甲公司", "老甲公司"]


def test_the_founding_date_may_stand_for_the_joining_date(stage_rows, manager):
    batch = stage_rows([row(), row(name="乙公司", code=2, day="")], header=HEADER, joined_on="established")
    commit(batch.pk, actor=manager)
    assert Enterprise.objects.get(uscc=files.code(1)).joined_on == dt.date(2020, 1, 2)
    assert Enterprise.objects.get(uscc=files.code(2)).joined_on == timezone.localdate()


def test_an_import_is_in_the_history_with_its_number_and_user(import_rows, manager):
    first = import_rows([row()], header=HEADER)
    second = import_rows([row(capital="5")], header=HEADER)
    records = Enterprise.objects.get().history.order_by("history_id")
    assert [(r.history_type, r.history_change_reason, r.history_user) for r in records] == [
        ("+", f"导入 #{first.pk}", manager),
        ("~", f"导入 #{second.pk}", manager),
    ]


def test_an_update_raises_the_version_and_keeps_what_the_file_leaves_out(import_rows):
    import_rows([row()], header=HEADER)
    before = Enterprise.objects.get()
    import_rows([row(capital="", address="新路9号", day="")], header=HEADER)
    after = Enterprise.objects.get()
    assert (after.registered_address, after.registered_capital) == ("新路9号", before.registered_capital)
    assert after.version == before.version + 1
    assert after.updated_at > before.updated_at


def test_a_second_commit_gives_the_same_result_and_writes_nothing(stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(3))
    first = commit(batch.pk, actor=manager)
    second = commit(batch.pk, actor=manager)
    assert first.results == second.results
    assert second.committed_at == first.committed_at
    assert Enterprise.objects.count() == 3
    assert AuditEntry.objects.filter(action="import").count() == 1


def test_a_committed_batch_cannot_be_staged_again(import_rows, manager):
    batch = import_rows([row()], header=HEADER)
    with pytest.raises(ImportStateError):
        stage(batch, actor=manager)


def test_an_unstaged_batch_cannot_be_committed(stage_rows, manager):
    batch = stage_rows([row()], header=HEADER)
    batch.state = BatchState.UPLOADED
    batch.save()
    with pytest.raises(ImportStateError):
        commit(batch.pk, actor=manager)


def test_a_firm_changed_since_the_review_is_left_alone_and_named(stage_rows, import_rows, manager):
    import_rows([row(), row(name="乙公司", code=2)], header=HEADER)
    batch = stage_rows([row(capital="5"), row(name="乙公司", code=2, capital="6")], header=HEADER)
    edit_by_hand(Enterprise.objects.get(uscc=files.code(1)), registered_address="刚改过")
    results = commit(batch.pk, actor=manager).results
    assert results == {"created": 0, "updated": 1, "skipped": 0, "conflict": 1}
    assert batch.rows.get(number=2).outcome == Outcome.CONFLICT
    assert Enterprise.objects.get(uscc=files.code(1)).registered_capital == 1_000_000


def test_a_firm_that_appeared_since_the_review_is_not_made_twice(stage_rows, import_rows, manager):
    waiting = stage_rows([row(), row(name="乙公司", code="")], header=HEADER)
    import_rows([row(), row(name="乙公司", code=2)], header=HEADER)
    assert commit(waiting.pk, actor=manager).results["conflict"] == 2
    assert Enterprise.objects.count() == 2


def test_a_failure_half_way_writes_nothing(stage_rows, manager, monkeypatch):
    batch = stage_rows(files.enterprise_rows(5))
    monkeypatch.setattr("crm.imports.commit._mark", lambda plan, resource: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        commit(batch.pk, actor=manager)
    assert not Enterprise.objects.exists()
    assert not Enterprise.history.exists()


@pytest.mark.parametrize(
    ("mode", "address", "remark", "count"),
    [
        (ImportMode.OVERWRITE, "新路", "补上", 3),
        (ImportMode.FILL, "某路1号", "补上", 3),
        (ImportMode.NEW, "某路1号", "", 2),
    ],
)
def test_the_mode_decides_what_happens_to_known_firms(import_rows, mode, address, remark, count):
    import_rows([row()], header=HEADER)
    header = [*HEADER, "备注"]
    batch = import_rows([[*row(address="新路"), "补上"], [*row(name="乙公司", code=2), ""]], header=header, mode=mode)
    enterprise = Enterprise.objects.get(uscc=files.code(1))
    assert (enterprise.registered_address, enterprise.remark) == (address, remark)
    assert Enterprise.objects.count() == 2
    effect = effect_of(batch, mode, accept_doubts=False, overwrite_edited=False)
    assert effect.created == 1
    assert effect.updated == batch.results["updated"]


def test_a_hand_edited_field_is_kept_without_consent(stage_rows, import_rows, manager):
    import_rows([row()], header=HEADER)
    edit_by_hand(Enterprise.objects.get(), registered_address="人工改的地址")
    batch = stage_rows([row(address="文件的地址", capital="5")], header=HEADER)
    assert batch.counts["edited"] == 1
    commit(batch.pk, actor=manager)
    enterprise = Enterprise.objects.get()
    assert (enterprise.registered_address, enterprise.registered_capital) == ("人工改的地址", 50_000)


def test_a_hand_edited_field_is_overwritten_with_consent(stage_rows, import_rows, manager):
    import_rows([row()], header=HEADER)
    edit_by_hand(Enterprise.objects.get(), registered_address="人工改的地址")
    batch = stage_rows([row(address="文件的地址")], header=HEADER)
    batch.overwrite_edited = True
    batch.save()
    commit(batch.pk, actor=manager)
    assert Enterprise.objects.get().registered_address == "文件的地址"


def test_a_doubtful_code_goes_in_only_when_confirmed(stage_rows, manager):
    batch = stage_rows([row(code="91420000877585797Y")], header=HEADER)
    assert commit(batch.pk, actor=manager).results == {"created": 0, "updated": 0, "skipped": 1, "conflict": 0}
    batch = stage_rows([row(code="91420000877585797Y")], header=HEADER)
    batch.accept_doubts = True
    batch.save()
    assert commit(batch.pk, actor=manager).results["created"] == 1
    assert "已确认" in Enterprise.objects.get().uscc_note


def test_an_accepted_suggestion_turns_the_error_into_a_row(stage_rows, manager):
    batch = stage_rows([row(code="9111O108551385082Q")], header=HEADER)
    batch = stage(correct(batch.pk, suggestions_of(batch)), actor=manager)
    assert batch.counts["new"] == 1
    commit(batch.pk, actor=manager)
    assert Enterprise.objects.get().uscc == "91110108551385082Q"


def test_a_corrected_cell_is_judged_again(stage_rows, manager):
    batch = stage_rows([row(day="2019年13月40日")], header=HEADER)
    batch = stage(correct(batch.pk, {2: {3: "2019年3月4日"}}), actor=manager)
    assert batch.rows.get().verdict == Verdict.NEW


@pytest.mark.parametrize(("decision", "firms", "updated"), [("update", 1, 1), ("create", 2, 0), ("", 1, 0)])
def test_a_suspected_duplicate_waits_for_a_decision(stage_rows, import_rows, manager, decision, firms, updated):
    import_rows([row(code=1)], header=HEADER)
    batch = stage_rows([row(code=2, capital="5")], header=HEADER)
    batch = stage(decide(batch.pk, {2: decision}), actor=manager)
    results = commit(batch.pk, actor=manager).results
    assert (Enterprise.objects.count(), results["updated"]) == (firms, updated)


def test_a_sound_code_is_never_replaced_by_a_doubtful_one(stage_rows, import_rows, manager):
    import_rows([row(code=1)], header=HEADER)
    batch = stage_rows([row(code="91420000877585797Y", capital="5")], header=HEADER)
    batch = stage(decide(batch.pk, {2: "update"}), actor=manager)
    batch.accept_doubts = True
    batch.save()
    commit(batch.pk, actor=manager)
    enterprise = Enterprise.objects.get()
    assert (enterprise.uscc, enterprise.registered_capital) == (files.code(1), 50_000)


def test_the_error_file_has_the_original_columns_and_the_reason(stage_rows, manager):
    rows = [row(), row(name="=HYPERLINK(1)", code="x"), row()]
    batch = stage_rows(rows, header=HEADER)
    (sheet,) = read_file(error_workbook(batch), "x.xlsx")
    header, bad, repeated = sheet.rows
    assert header == [*HEADER, "原文件行号", "未导入原因"]
    assert bad[:2] == ["=HYPERLINK(1)", "x"]
    assert bad[5] == 3
    assert "应为 18 位" in bad[6]
    assert "与第 2 行内容相同" in repeated[6]


def queries_of(content, user):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        batch = stage_content(content, user)
        commit(batch.pk, actor=user)
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_rows(manager, outsider):
    few, many = queries_of(files.register_file(50), manager), queries_of(files.register_file(400), outsider)
    assert Enterprise.objects.count() == 450
    if connection.vendor == "postgresql":
        assert many == few <= 60
    else:
        # SQLite takes 999 parameters a statement: more statements, but never one per row.
        assert many - few < 350 / 5


def test_updates_and_repeats_do_not_cost_queries_per_row_either(manager, outsider):
    for user, count in ((manager, 50), (outsider, 400)):
        queries_of(files.register_file(count), user)
    changed = {
        count: files.xlsx([files.HEADER, *[[*r[:6], "新地址", r[7]] for r in files.enterprise_rows(count)]])
        for count in (50, 400)
    }
    few, many = queries_of(changed[50], manager), queries_of(changed[400], outsider)
    assert Enterprise.objects.filter(registered_address="新地址").count() == 450
    assert many == few if connection.vendor == "postgresql" else many - few < 350 / 5


def test_what_was_imported_is_found_and_after_a_change_of_name_by_both_names(import_rows):
    header = [*HEADER, "曾用名"]
    import_rows([[*row(name="云川甲科技有限公司"), "云川老甲有限公司"]], header=header)
    import_rows([[*row(name="云川新甲科技有限公司"), ""]], header=header, mode=ImportMode.OVERWRITE)
    for text in ("老甲", "新甲", "云川甲", "ycxj", files.code(1)):
        assert Enterprise.objects.filter(search_text__holds=text).count() == 1, text
    before = Enterprise.objects.values("search_text", "name_key").get()
    reindex_enterprises(Enterprise.objects.values_list("pk", flat=True))
    assert Enterprise.objects.values("search_text", "name_key").get() == before


def test_a_town_does_not_list_again_what_its_park_office_has(import_rows, stage_rows, town, other_office):
    row = files.enterprise_rows(1)[0]
    import_rows([row])
    assert stage_rows([row], user=make_user("clerk", town)).counts["same"] == 1
    assert stage_rows([row], user=make_user("stranger", other_office)).counts["new"] == 1


def test_a_spared_column_keeps_its_values_and_is_filled_where_blank(stage_rows, import_rows, manager):
    header = [*HEADER, "备注"]
    import_rows([[*row(), "旧"], [*row(name="乙公司", code=2), ""], [*row(name="丙公司", code=3), "旧"]], header=header)
    lines = [[*row(address="新路"), "新"], [*row(name="乙公司", code=2), "新"], [*row(name="丙公司", code=3), "新"]]
    batch = stage_rows(lines, header=header)
    assert [(name, count) for name, _, count in batch.digest["columns"]] == [("remark", 2), ("registered_address", 1)]
    batch.spared = ["remark"]
    batch.save()
    effect = effect_of(batch, batch.mode, accept_doubts=False, overwrite_edited=False, spared=batch.spared)
    assert effect.updated == commit(batch.pk, actor=manager).results["updated"] == 2
    firms = {one.uscc: one for one in Enterprise.objects.all()}
    assert (firms[files.code(1)].registered_address, firms[files.code(1)].remark) == ("新路", "旧")
    assert [firms[files.code(n)].remark for n in (2, 3)] == ["新", "旧"]


def test_consent_to_overwrite_by_hand_ends_at_spared_columns(stage_rows, import_rows, manager):
    import_rows([row()], header=HEADER)
    edit_by_hand(Enterprise.objects.get(), registered_address="人工改的地址", registered_capital=70_000)
    batch = stage_rows([row(address="文件的地址", capital="5")], header=HEADER)
    batch.overwrite_edited, batch.spared = True, ["registered_address"]
    batch.save()
    effect = effect_of(batch, batch.mode, accept_doubts=False, overwrite_edited=True, spared=batch.spared)
    assert effect.updated == 1
    assert effect_of(batch, batch.mode, False, False, batch.spared).updated == 0
    commit(batch.pk, actor=manager)
    enterprise = Enterprise.objects.get()
    assert (enterprise.registered_address, enterprise.registered_capital) == ("人工改的地址", 50_000)
