"""The 口径 of every figure, in the words printed under it; those that depend on settings say what is set."""

from __future__ import annotations

from django.conf import settings

from parks.choices import Tier
from reports.formats import weighted
from visits import reaching

DUE = (
    "期内到期的和期内办结的诉求（合并去重）中，期末前已办结的占比；"
    "期间还没结束时，尚未到期也未办结的暂不计入；重办件以最后一次办结为准。"
)
ACCEPTED = "期内受理的诉求中，到查询时已办结的占比；重办件以最后一次办结为准。"
JOINED = "截止日在园区名册上的企业数：入园日期不晚于截止日，且截止日未迁出、未注销。"
SHELVED = "截止时未办结、经批准挂账且复核日期未到的诉求数；挂账期间停止计时，不计入解决率的分母。"
VISITED = (
    "期内走访过的企业数，同一企业走访多次计一家；分开统计时，在几个部分都走访过的企业各计一家，各部分之和可以大于合计。"
)
UNVISITED = "截止日在“服务包”名单上、期内没有走访记录的在册企业数。"


def coverage_definition() -> str:
    days = settings.YQT["COVERAGE_LISTED_DAYS"]
    return f"截止日在“服务包”名单上、列入满{days}天的在册企业中，期内走访过的占比；电话、线上联系不计。"


def in_time_definition() -> str:
    days = settings.YQT["VISIT_INTERVAL_DAYS"]
    told = "、".join(f"{Tier(tier).label}{days[tier]}天" for tier in Tier.values)
    return f"截止日在“服务包”名单上的在册企业中，上次走访距截止日不超过走访周期（{told}）的占比；从未走访的不算按期。"


def visits_definition() -> str:
    contacts = "电话、线上联系也计入" if settings.YQT["CONTACTS_COUNT_AS_VISITS"] else "电话、线上属于联系，不计走访"
    return f"期内已完成走访的“走访×企业”对数，一次走访见5家企业计5家次；{contacts}。"


def valid_definition() -> str:
    return (
        "最近一次有效回访在期内的诉求数；接通企业并答复了是否解决和是否满意的，为有效回访。"
        "企业通过链接自填的同样有效，一轮只计第一次，后来又答的保留不计；经另一人复核的以复核为准。"
        "经办人自录指登记人、该企业管家或领办单位录入的回访，单独列明。"
    )


def missed_definition() -> str:
    return (
        "期内回访过但没有一次有效回访的诉求数（未接通或未作评价），不进入三率分母。"
        f"{reaching.rule()}的为无效回访，单独列明。"
    )


def solving_definition() -> str:
    partly = settings.YQT["PARTLY_SOLVED_COUNTS"]
    return (
        f"有效回访中企业确认已解决的占比，部分解决按{weighted(partly)}计；"
        "分母为有效回访，经批准剔除的不合理诉求和复核日期未到的挂账诉求不计入。"
    )


def satisfaction_definition() -> str:
    basically = settings.YQT["BASICALLY_SATISFIED_COUNTS"]
    return (
        f"有效回访中企业表示满意的占比，基本满意按{weighted(basically)}计；"
        "分母为有效回访，经批准剔除的不合理诉求不计入。"
    )


def score_definition() -> str:
    response, solving, satisfaction = (f"{share * 100:.0f}%" for share in settings.YQT["SCORE_WEIGHTS"])
    return (
        f"响应率、解决率、满意率分别按{response}、{solving}、{satisfaction}加权，各率用各自的分母，"
        "满分100分，四舍五入保留一位小数。"
    )


def capital_definition() -> str:
    bound = settings.YQT["LARGE_CAPITAL_YUAN"] / 10_000
    return f"截止日在册企业中注册资本达到{bound:.0f}万元（含）的占比；分母为人民币金额已知的企业，未知和外币的不计入。"
