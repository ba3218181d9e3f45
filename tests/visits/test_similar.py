"""How alike two texts are: what must be found, what must not, and that the measure is one."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from reports.demo.words import APPEALS
from visits.similar import alike, cut, likeness

FROM = settings.YQT["SIMILAR_FROM"]

ONE_MATTER = [
    ("园区西门早高峰拥堵，希望增加通勤班车", "早高峰园区西门太堵了，请增加班车"),
    ("专精特新奖励资金未到账，请协调核对", "反映专精特新奖励资金还没有到账"),
    ("研发人员增加，希望在园区内协调 300 平方米办公用房", "想在园区租300平米办公用房"),
    ("楼内网络专线接入受阻，请协调运营商进楼", "网络专线进不了楼，希望协调运营商"),
    ("地下车位不足，访客停车困难", "停车难，地下车位不够"),
    ("夏季空调间歇停机，影响办公", "空调又停机了，影响办公，请尽快解决"),
    ("员工子女转学学位紧张，希望协调", "咨询员工小孩转学，学位紧张能否协调"),
    ("园区食堂高峰排队时间长", "食堂中午高峰排队时间太长"),
    ("希望申请人才公寓 12 套", "新入职员工较多，希望申请人才公寓１２套"),
    ("楼外施工噪声影响直播和测试", "楼外施工噪音大，影响测试"),
    ("３号楼电梯经常故障", "3号楼电梯故障，请尽快维修"),
    ("流动资金紧张，希望对接银行贷款", "流动资金紧张，请帮助联系银行贷款"),
    ("停水", "停水，请尽快解决！"),
    ("快递车辆堵塞消防通道", "消防通道被快递车辆堵住"),
    ("ｗｉｆｉ 断断续续", "WiFi断断续续。"),
]
TWO_MATTERS = [
    ("咨询注册地址变更需要哪些材料", "办理经营范围变更，反映材料多次补正"),
    ("员工子女入学手续咨询，希望就近安排", "员工子女转学学位紧张，希望协调"),
    ("咨询首贷贴息和担保费补助怎么申请", "流动资金紧张，希望对接银行贷款"),
    ("园区食堂高峰排队时间长", "园区西门早高峰拥堵，希望增加通勤班车"),
    ("新入职员工较多，希望申请人才公寓 12 套", "两名核心技术人员需要办理人才引进"),
    ("3号楼电梯故障", "5号楼电梯故障"),
    ("1号楼停电", "1号楼停水"),
    ("申请高新技术企业认定", "高新技术企业奖励未到账"),
    ("办公室漏水", "办公室断网"),
    ("希望对接银行", "希望对接产业基金"),
    ("请帮助协调解决问题", "希望尽快帮助解决"),
    ("楼内供电负荷不足，影响机房扩容", "地下车位不足，访客停车困难"),
]


@pytest.mark.parametrize(("one", "other"), ONE_MATTER)
def test_one_matter_in_other_words_is_found(one, other):
    assert alike(one, other) >= FROM


@pytest.mark.parametrize(("one", "other"), TWO_MATTERS)
def test_two_matters_that_share_words_are_kept_apart(one, other):
    assert alike(one, other) < FROM


def test_none_of_the_demos_matters_is_taken_for_another():
    assert [pair for pair in combinations([row[2] for row in APPEALS], 2) if alike(*pair) >= FROM] == []


def test_the_name_of_the_enterprise_says_nothing_of_the_matter():
    name = "云川图维网络安全科技有限公司"
    texts = (f"{name}反映空调停机", f"{name}咨询贴息")
    assert alike(*texts) >= FROM
    assert alike(*texts, names=[name]) == 0


def test_a_short_text_within_a_long_one_is_the_same_matter():
    long = "企业在走访中谈到多件事，其中最要紧的是地下车位不足，访客来了没处停，员工也常常绕行，物业至今没有答复"
    assert alike("地下车位不足", long) >= FROM


texts = st.text(alphabet="园区停车位不足请协调班车太早3号楼5，。 Ａa%_\x00", max_size=40) | st.text(max_size=40)


@given(texts, texts)
def test_likeness_is_symmetric_and_bounded(one, other):
    assert 0 <= alike(one, other) == alike(other, one) <= 1


@given(texts)
def test_a_text_is_like_itself(text):
    assert alike(text, text) == 1
    assert bool(cut(text)) == bool("".join(text.split()))


@given(texts, texts)
def test_nothing_in_common_is_nothing(one, other):
    if not cut(one) & cut(other):
        assert likeness(cut(one), cut(other)) == (1 if cut(one) == cut(other) else 0)
