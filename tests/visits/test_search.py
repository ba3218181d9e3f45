"""Visits and appeals are found by what they say and by all their enterprises are found by, whatever changes."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from parks import actions as register
from parks.models import Enterprise
from tests.crm.imports import files
from tests.parks.factories import make_enterprise
from visits import actions
from visits.filters import AppealFilter, VisitFilter
from visits.models import Appeal, Visit

pytestmark = pytest.mark.django_db
CODE = "91110105397625067T"


def visits(text: str) -> list[Visit]:
    return list(VisitFilter({"q": text}, queryset=Visit.objects.living()).qs)


def appeals(text: str) -> list[Appeal]:
    return list(AppealFilter({"q": text}, queryset=Appeal.objects.living()).qs)


@pytest.fixture
def firm(cast) -> Enterprise:
    return make_enterprise(cast.office, "云川图维天下有限公司", uscc=CODE, phone="010-81234567")


@pytest.fixture
def visit(cast, firm) -> Visit:
    cast.visit(make_enterprise(cast.office, "别家有限公司"), topic="别的", summary="别的话", place="别处")
    return cast.visit(firm, topic="消防检查", summary="谈到班车\n与用电", place="三号楼会议室")


@pytest.fixture
def appeal(cast, firm) -> Appeal:
    cast.draft(content="路灯不亮")
    return cast.draft(enterprise=firm, content="希望延长班车末班时间")


def rename(cast, firm: Enterprise, name: str) -> None:
    row = Enterprise.objects.get(pk=firm.pk)
    row.name = name
    register.update_enterprise(row, actor=cast.manager, seen_version=row.version)


@pytest.mark.parametrize(
    "text", ["消防", "班车与", "会议室", "图维", "twtx", CODE, "91110105 3976", "81234567", "图维 班车", "云川图维天下"]
)
def test_a_visit_is_found_by_what_was_said_where_and_by_its_enterprise(visit, text):
    assert visits(text) == [visit]


@pytest.mark.parametrize("text", ["没有这样的", "消防 路灯", "%", "图维_下"])
def test_what_no_visit_says_is_not_found(visit, text):
    assert visits(text) == []


def test_an_appeal_is_found_by_number_content_enterprise_and_answer(cast, appeal):
    for text in (appeal.number, appeal.number.replace("-", ""), "延长班车", "图维", "twtx", CODE, "班车 图维"):
        assert appeals(text) == [appeal], text
    assert appeals("已协调") == []
    for step in ("submit", "accept", "dispatch", "sign", "answer"):
        appeal = cast.take(appeal, step)
    assert appeals("已协调延长") == [appeal]
    appeal = cast.take(appeal, "send_back")
    appeal = cast.take(appeal, "answer", result_text="另行安排摆渡车")
    assert appeals("摆渡车") == [appeal]
    assert appeals("已协调延长") == []


def test_a_corrected_visit_is_found_by_what_it_says_now(cast, visit, firm):
    other = make_enterprise(cast.office, "云川新来有限公司")
    actions.update_visit(visit, actor=cast.manager, enterprises=[other], staff=[], topic="改谈融资", summary="利率")
    assert visits("融资") == visits("新来") == [visit]
    assert visits("消防") == visits("图维") == []


def test_a_new_name_finds_them_and_the_former_one_still_does(cast, visit, appeal, firm):
    rename(cast, firm, "云川智联有限公司")
    assert visits("智联") == visits("yczl") == [visit]
    assert appeals("智联") == [appeal]


def test_merging_takes_them_along_and_unmerging_gives_them_back(cast, visit, appeal, firm):
    kept = make_enterprise(cast.office, "云川留存有限公司")
    seen = (kept.version, firm.version)
    record = register.merge_enterprises(kept, firm, actor=cast.manager, take=(), seen=seen)
    assert visits("留存") == [visit]
    assert appeals("留存") == [appeal]
    register.unmerge_enterprises(record, actor=cast.manager)
    assert visits("留存") == appeals("留存") == []
    assert visits("图维") == [visit]
    assert appeals("图维") == [appeal]


def test_an_enterprise_in_the_bin_finds_no_visit_that_goes_on_without_it(cast, visit, firm):
    other = make_enterprise(cast.office, "云川留下有限公司")
    both = cast.visit(firm, other, topic="座谈", summary="两家")
    register.delete_enterprise(firm, actor=cast.manager)
    assert both not in visits("图维")
    assert visits("留下") == [both]
    register.restore_enterprise(firm, actor=cast.manager)
    assert both in visits("图维")


def test_a_list_that_renames_an_enterprise_and_its_undoing_are_followed(cast, visit, appeal, firm):
    content = files.xlsx([["企业名称", "统一社会信用代码", "法定代表人"], ["云川改名有限公司", CODE, "赵某"]])
    batch = create_batch(
        resource_key="enterprises", content=content, filename="a.xlsx", actor=cast.manager, options={},
        must_find_header=True,
    )  # fmt: skip
    commit(stage(batch, actor=cast.manager).pk, actor=cast.manager)
    assert visits("改名") == [visit]
    assert appeals("赵某") == [appeal]
    undo(batch.pk, actor=cast.manager)
    assert visits("改名") == appeals("赵某") == []
    assert visits("图维") == [visit]


@pytest.mark.parametrize(
    ("kind", "header", "row", "find"),
    [
        ("visits", ["走访时间", "被走访企业", "走访内容"], ["2026-10-01", "云川图维天下有限公司", "看望职工"], visits),
        ("appeals", ["企业名称", "诉求内容", "提出时间"], ["云川图维天下有限公司", "看望职工", "2026-10-01"], appeals),
    ],
)
def test_imported_ones_are_found(cast, firm, kind, header, row, find):
    batch = create_batch(
        resource_key=kind, content=files.xlsx([header, row]), filename="a.xlsx", actor=cast.manager, options={},
        must_find_header=True,
    )  # fmt: skip
    commit(stage(batch, actor=cast.manager).pk, actor=cast.manager)
    assert len(find("看望")) == len(find("图维 职工")) == 1


def test_the_command_writes_anew_what_is_missing(visit, appeal):
    Visit.objects.update(search_text="")
    Appeal.objects.update(search_text="")
    assert visits("图维") == appeals("图维") == []
    call_command("rebuild_visit_search")
    assert visits("图维") == [visit]
    assert appeals("图维") == [appeal]


def test_the_search_box_finds_them_by_two_words_of_different_places(client, cast, visit, appeal):
    client.force_login(cast.manager)
    response = client.get("/search/", {"q": "图维 班车"})
    assert "消防检查" in response.text
    assert "班车末班时间" in response.text.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the index is PostgreSQL's")
@pytest.mark.parametrize(("model", "index"), [(Visit, "visit_by_pieces"), (Appeal, "appeal_by_pieces")])
def test_the_index_over_the_pieces_can_answer(model, index, visit, appeal):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in model.objects.filter(search_text__holds="班车").order_by().explain()
