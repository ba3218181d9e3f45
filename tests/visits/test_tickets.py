"""热线工单: lists of the 12345 hotline, matched to enterprises, brought up to date, taken back, written out again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.headers import Synonyms
from crm.imports.resource import get_resource
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models import ImportBatch
from parks.models import Contact, FormerName
from parks.names import normalise_name
from tests.crm.imports import files
from tests.parks.factories import make_enterprise
from tests.visits.factories import Cast, local, make_ticket
from tests.visits.test_export import comes_back
from visits.choices import MatchedBy, TicketParty
from visits.matching import phone_keys
from visits.models import HotlineTicket
from visits.ticket_columns import TICKET_COLUMNS

# As the hotline's own system exports them (domain §11.1).
HEADER = [
    "工单编号",
    "工单类型",
    "问题分类",
    "标签",
    "标题",
    "主要内容",
    "工单状态",
    "来电人",
    "来电人电话/账号",
    "被反映区",
    "被反映街乡镇",
    "办理结果",
    "回复内容",
    "处理受理方式",
    "主办单位",
    "来电时间",
    "办结时间",
    "企业名称",
    "是否解决",
    "是否满意",
    "工单性质",
    "村/社区",
    "小区点位",
]
ROW = {
    "工单编号": "BJ001", "工单类型": "诉求", "问题分类": "交通管理", "标题": "班车太早", "主要内容": "园区班车末班太早",
    "工单状态": "办理中", "来电人": "张三", "来电人电话/账号": "13800138000", "主办单位": "规划建设科",
    "来电时间": "2023-11-05 14:30", "村/社区": "一村",
}  # fmt: skip


def row(**cells: str) -> list[str]:
    told = ROW | cells
    return [told.get(title, "") for title in HEADER]


@pytest.fixture
def run(cast: Cast):
    """Stage and commit as the receptionist."""

    def call(*rows: list[str], header: list[str] = HEADER, content: bytes = b"", name: str = "a.xlsx") -> ImportBatch:
        batch = create_batch(
            resource_key="tickets", content=content or files.xlsx([header, *rows]), filename=name, actor=cast.desk,
            options={}, must_find_header=True,
        )  # fmt: skip
        stage(batch, actor=cast.desk)
        return commit(batch.pk, actor=cast.desk)

    return call


def said(batch: ImportBatch) -> str:
    return " ".join(message["message"] for row in batch.rows.all() for message in row.messages)


def test_a_ticket_comes_in_with_everything_the_hotline_tells(run, cast):
    batch = run(
        row(
            企业名称=cast.firm.name, 工单状态="已办结", 办结时间="2023-11-10 09:00", 是否解决="是", 是否满意="基本满意",
            办理结果="已协调", 回复内容="延长末班", 小区点位="1号楼",
        )
    )  # fmt: skip
    assert batch.results["created"] == 1
    ticket = HotlineTicket.objects.get()
    assert (ticket.enterprise, ticket.party, ticket.matched_by) == (cast.firm, TicketParty.ENTERPRISE, MatchedBy.NAME)
    assert (ticket.organisation, ticket.created_by, ticket.status) == (cast.office, cast.desk, "closed")
    assert (ticket.called_at, ticket.closed_at) == (local("2023-11-05 14:30"), local("2023-11-10 09:00"))
    assert (ticket.solved, ticket.satisfaction, ticket.place) == ("solved", "basically", "1号楼")
    assert ticket.history.get().history_user == cast.desk
    assert len(batch.mapping) == len(HEADER)


@pytest.mark.parametrize("synonym", ["工单号", "诉求编号", "受理编号"])
@pytest.mark.parametrize("when", ["受理时间", "创建时间", "登记时间"])
def test_other_words_of_the_header_are_understood(run, synonym, when):
    run(["BJ9", "楼道灯", "2023-11-05", "规划建设科"], header=[synonym, "问题描述", when, "责任单位"])
    assert HotlineTicket.objects.get().lead_unit == "规划建设科"


def test_the_header_may_follow_an_explanation_and_the_file_be_of_gb18030(run):
    text = io.StringIO()
    csv.writer(text).writerows([["12345 工单导出，仅供内部使用，请勿外传"], HEADER, row(标题="镕基路 喆园 路灯")])
    run(content=text.getvalue().encode("gb18030"), name="工单.csv")
    assert HotlineTicket.objects.get().title == "镕基路 喆园 路灯"


def make_former(firm: Any, name: str) -> None:
    FormerName.objects.create(enterprise=firm, name=name, normalised_name=normalise_name(name))


@pytest.mark.parametrize(
    ("cells", "party", "by"),
    [
        ({"企业名称": "甲（北京）公司"}, "enterprise", "name"),
        ({"企业名称": "老甲公司"}, "enterprise", "former"),
        ({"来电人电话/账号": "139 0013 9000"}, "enterprise", "phone"),
        ({"来电人电话/账号": "+86 139-0013-9000"}, "enterprise", "phone"),
        ({"来电人电话/账号": "010-61234567", "企业名称": "查无公司"}, "enterprise", "phone"),
        ({"企业名称": "查无公司"}, "unmatched", ""),
        ({"企业名称": "同名公司"}, "unmatched", ""),
        # A telephone of several enterprises, or with digits hidden, is nobody's.
        ({"来电人电话/账号": "13700137000"}, "resident", ""),
        ({"来电人电话/账号": "139****9000"}, "resident", ""),
        ({"企业名称": "个人"}, "resident", ""),
        ({}, "resident", ""),
    ],
)
def test_a_ticket_finds_its_enterprise_by_name_or_telephone_or_stays_without(run, office, cells, party, by):
    firm = make_enterprise(office, "甲(北京)公司", normalised_name=normalise_name("甲(北京)公司"), phone="61234567")
    make_former(firm, "老甲公司")
    Contact.objects.create(enterprise=firm, name="李", mobile="13900139000")
    for code in (1, 2):
        double = make_enterprise(office, "同名公司", uscc=files.code(code))
        Contact.objects.create(enterprise=double, name="王", mobile="13700137000")
    batch = run(row(**cells))
    ticket = HotlineTicket.objects.get()
    assert (ticket.party, ticket.matched_by) == (party, by)
    assert ticket.enterprise == (firm if party == "enterprise" else None)
    # Who has to look at it is told why, in the preview and on the page.
    if party == "unmatched" or by == "phone":
        assert ticket.match_note
        assert ticket.match_note in said(batch)


def test_an_enterprise_of_another_organisation_is_not_matched(run, others):
    Contact.objects.create(enterprise=others.firm, name="李", mobile="13900139000")
    run(row(企业名称=others.firm.name), row(工单编号="BJ002", **{"来电人电话/账号": "13900139000"}))
    assert set(HotlineTicket.objects.values_list("party", flat=True)) == {"unmatched", "resident"}


def test_the_next_list_brings_status_and_reply_and_says_of_the_rest_that_it_is_the_same(run, cast):
    both = [row(企业名称=cast.firm.name), row(工单编号="BJ002")]
    run(*both)
    assert run(*both).counts["same"] == 2
    later = [row(企业名称=cast.firm.name, 工单状态="已办结", 回复内容="延长末班", 是否解决="是"), both[1]]
    batch = run(*later)
    assert (batch.results["updated"], batch.counts["same"]) == (1, 1)
    ticket = HotlineTicket.objects.get(number="BJ001")
    assert (ticket.status, ticket.reply, ticket.solved) == ("closed", "延长末班", "solved")
    # An empty cell takes nothing away.
    run(row(企业名称="", 工单状态="", 来电人=""))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.caller, ticket.enterprise) == ("closed", "张三", cast.firm)


def test_a_list_of_numbers_and_states_is_enough_for_tickets_on_record(run):
    run(row())
    batch = run(["BJ001", "已办结", "规划建设科"], ["BJ002", "已办结", ""], header=["工单编号", "工单状态", "主办单位"])
    assert (batch.results["updated"], batch.counts["error"]) == (1, 1)
    assert "没有写来电时间" in said(batch)
    assert HotlineTicket.objects.get().status == "closed"


def test_an_undone_list_leaves_what_was_before(run, cast):
    run(row())
    second = run(row(企业名称=cast.firm.name, 工单状态="已办结"), row(工单编号="BJ002"))
    undone = undo(second.pk, actor=cast.desk)
    assert (undone.results["restored"], undone.results["removed"]) == (1, 1)
    ticket = HotlineTicket.objects.living().get()
    assert (ticket.number, ticket.status, ticket.enterprise, ticket.party) == ("BJ001", "handling", None, "resident")
    assert (ticket.firm_name, ticket.matched_by) == ("", "")
    # The number that went to the bin may come again.
    assert run(row(工单编号="BJ002")).results["created"] == 1


def test_what_a_person_said_of_the_enterprise_no_list_changes(run, cast):
    other = make_enterprise(cast.office, "乙公司")
    run(row())
    HotlineTicket.objects.update(enterprise=other, party="enterprise", matched_by="person")
    assert run(row(企业名称=cast.firm.name)).results["updated"] == 1
    ticket = HotlineTicket.objects.get()
    assert (ticket.enterprise, ticket.firm_name) == (other, cast.firm.name)


def test_a_ticket_finds_the_enterprise_that_joined_the_register_meanwhile(run, office):
    run(row(企业名称="新来公司"))
    firm = make_enterprise(office, "新来公司")
    assert run(row(企业名称="新来公司")).results["updated"] == 1
    ticket = HotlineTicket.objects.get()
    assert (ticket.enterprise, ticket.party, ticket.match_note) == (firm, "enterprise", "")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"工单编号": ""}, "工单编号为空"),
        ({"来电时间": ""}, "没有写来电时间"),
        ({"来电时间": "2099-01-01"}, "还没有到"),
        ({"办结时间": "2099-01-01"}, "还没有到"),
        ({"来电时间": "昨天"}, "看不懂的日期"),
        ({"标题": "", "主要内容": ""}, "标题和主要内容都没有写"),
        ({"工单编号": "9" * 61}, "超过 60 个字"),
        ({"是否解决": "大概"}, "“大概”不认识"),
        ({"工单状态": "随便"}, "“随便”不认识"),
    ],
)
def test_a_row_that_cannot_be_right_stays_out_with_the_reason(run, cells, message):
    batch = run(row(**cells), row(工单编号="BJ002"))
    assert message in said(batch)
    assert HotlineTicket.objects.get().number == "BJ002"


def test_a_number_twice_in_one_list_goes_in_once(run):
    batch = run(row(), row(标题="别的"))
    assert "工单编号相同，内容有出入" in said(batch)
    assert HotlineTicket.objects.get().title == "班车太早"


def test_formulas_and_markup_are_texts(run, client, cast):
    run(row(标题="=1+1", 主要内容="<script>alert(1)</script>"))
    client.force_login(cast.desk)
    page = client.get(HotlineTicket.objects.get().get_absolute_url()).content.decode()
    assert "=1+1" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_written_out_comes_back_the_same(run, cast, kind):
    run(
        row(企业名称=cast.firm.name, 工单状态="已办结", 是否解决="部分解决", 是否满意="不满意", 办结时间="2023-11-05"),
        row(工单编号="=BJ002", 标题="=1+1", 主要内容="一\n二"),
        row(工单编号="0003", 企业名称="查无公司", 工单状态="待派单"),
    )
    HotlineTicket.objects.filter(number="0003").update(is_contacted=True, is_valid_call_back=False)
    batch = comes_back("tickets", cast.desk, kind)
    problems = [
        (found.label, found.verdict, found.changes, found.messages) for found in batch.rows.exclude(verdict="same")
    ]
    assert not problems
    assert batch.counts["same"] == 3
    assert len(batch.mapping) == len(TICKET_COLUMNS)


def test_every_header_is_found_and_none_is_two_columns():
    resource = get_resource("tickets")
    synonyms = Synonyms(resource)
    for column in resource.columns:
        for header in (column.label, *column.strong):
            assert synonyms.find(header) == (column.key, 2), header
    assert not [title for title, _ in resource.extras if synonyms.find(title)]


def test_tickets_cost_no_query_per_row(cast, django_assert_max_num_queries):
    rows = [row(工单编号=f"BJ{n}", 企业名称=cast.firm.name) for n in range(60)]
    batch = create_batch(
        resource_key="tickets", content=files.xlsx([HEADER, *rows]), filename="a.xlsx", actor=cast.desk, options={},
        must_find_header=True,
    )  # fmt: skip
    with django_assert_max_num_queries(60):
        stage(batch, actor=cast.desk)
        commit(batch.pk, actor=cast.desk)
    assert HotlineTicket.objects.count() == 60


def test_a_day_does_not_take_away_the_minute(run):
    run(row())
    assert run(row(来电时间="2023-11-05")).counts["same"] == 1
    assert timezone.localtime(HotlineTicket.objects.get().called_at).time() == dt.time(14, 30)


def test_a_list_does_not_touch_tickets_of_another_organisation(run, others):
    theirs = make_ticket(others.office, others.manager, number="BJ001", title="别处")
    assert run(row(标题="本地")).results["created"] == 1
    theirs.refresh_from_db()
    assert theirs.title == "别处"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("138 0013 8000", ["13800138000"]),
        ("+86-13800138000；010-61234567", ["13800138000", "61234567"]),
        ("0316-8123456", ["68123456"]),
        ("138****8000", []),
        ("12345", []),
        ("", []),
    ],
)
def test_two_spellings_of_a_telephone_meet(text, keys):
    assert phone_keys(text) == keys


@pytest.mark.parametrize("role", ["steward", "viewer", "leader", "unit"])
def test_who_does_not_handle_tickets_sees_no_door(client, users, role):
    client.force_login(users[role])
    assert client.get("/system/imports/new/?kind=tickets").status_code in (403, 404)


def test_the_receptionist_comes_to_the_import_of_tickets_alone(client, users):
    client.force_login(users["desk"])
    page = client.get("/system/imports/").content.decode()
    assert "导入热线工单" in page
    assert "导入企业名单" not in page
    assert "导入热线工单" in client.get("/system/imports/new/").content.decode()
    assert client.get("/system/imports/new/?kind=enterprises").status_code == 404
    assert client.get("/system/imports/template/?kind=tickets").status_code == 200
