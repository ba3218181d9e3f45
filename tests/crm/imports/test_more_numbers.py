"""Telephones and e-mail addresses beyond the first, which sellers of lists put into columns of their own."""

from __future__ import annotations

import pytest

from crm.imports.undo import undo
from crm.models.imports import Verdict
from parks.models import Contact, Enterprise
from parks.resources.other_numbers import OTHERS
from tests.crm.imports import files
from tests.crm.imports.conftest import stage_content

HEADER = ["公司名称", "电话", "更多电话", "邮箱", "更多邮箱"]
ROW = ["甲公司", "010-11112222", "13800000001；010-33334444;13800000002", "a@x.cn", "b@x.cn;c@x.cn;不是邮箱"]


def held(name=OTHERS):
    person = Contact.objects.get(name=name)
    return person.mobile, person.phone, person.email, person.remark


def test_they_go_to_one_contact_who_is_nobody_in_particular(import_rows):
    import_rows([ROW], header=HEADER)
    firm = Enterprise.objects.get()
    assert (firm.phone, firm.email) == ("010-11112222", "a@x.cn")
    assert held() == ("13800000001", "010-33334444", "b@x.cn", "13800000002、c@x.cn")
    assert not firm.contacts.get().is_primary


def test_several_columns_are_several_numbers(import_rows):
    header = ["企业名称", "联系电话", "电话2", "电话3", "邮箱", "邮箱2"]
    import_rows([["甲公司", "010-1111222", "13800000001", "13800000002", "a@x.cn", "b@x.cn"]], header=header)
    assert held() == ("13800000001", "", "b@x.cn", "13800000002")


def test_the_same_list_again_is_the_same_and_more_is_added(import_rows, stage_rows):
    import_rows([ROW], header=HEADER)
    assert stage_rows([ROW], header=HEADER).rows.get().verdict == Verdict.SAME
    other = [*ROW[:2], "010 33334444；13800000009、010 11112222", "a@x.cn", "B@X.cn"]
    batch = import_rows([["乙公司", "", "", "", ""], other], header=HEADER)
    assert [change["new"] for change in batch.rows.get(number=3).changes] == [
        "13800000001、010-33334444、13800000002、13800000009"
    ]
    assert held()[3] == "13800000002、c@x.cn、13800000009"
    assert Contact.objects.count() == 1


def test_an_undo_takes_them_back(import_rows, manager):
    first = import_rows([ROW], header=HEADER)
    more = import_rows([[*ROW[:2], "13800000009", "", ""]], header=HEADER)
    undo(more.pk, actor=manager)
    assert held()[3] == "13800000002、c@x.cn"
    undo(first.pk, actor=manager)
    assert not Contact.objects.filter(enterprise__deleted_at=None).exists()


def test_a_contact_by_name_is_still_the_first(import_rows):
    import_rows([ROW], header=HEADER)
    import_rows([["甲公司", "李某", "13911112222"]], header=["企业名称", "联系人", "联系人手机"])
    assert Contact.objects.get(is_primary=True).name == "李某"


def test_the_number_of_the_contact_is_not_told_twice(import_rows):
    header = ["企业名称", "联系人", "联系人手机", "更多电话"]
    import_rows([["甲公司", "李某", "13911112222", "13911112222"]], header=header)
    assert [person.name for person in Contact.objects.all()] == ["李某"]


@pytest.mark.parametrize("text", ["-", "无", "暂无", "123", "；；", "不详"])
def test_what_is_no_number_makes_no_contact(import_rows, text):
    import_rows([["甲公司", "010-11112222", text, "", text]], header=HEADER)
    assert Enterprise.objects.count() == 1
    assert not Contact.objects.exists()


def test_the_columns_of_sellers_are_taken_without_being_asked_for(manager):
    for heading in ("更多电话", "其他电话", "更多邮箱", "其他邮箱"):
        content = files.xlsx([["公司名称", "法定代表人", heading], ["甲公司", "张某", "x"]])
        assert stage_content(content, manager).mapping["2"] in ("more_phones", "more_emails"), heading
