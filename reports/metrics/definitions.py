"""The 口径 of every figure, in the words printed under it; those that depend on settings say what is set."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from parks.choices import Tier
from reports.formats import weighted
from visits import reaching

NOT_COUNTED = "草稿、不予受理和已撤回的不计"
BY_EVENTS = "按办理过程统计，分单位时按现在的承办单位"
NOT_YET = "期间还没结束时，尚未到期也未办结的暂不计入"


def reopened() -> str:
    return f"重办件以{'首' if settings.YQT['REOPENED_BY'] == 'first' else '最后一'}次办结为准"


def excluded() -> str:
    """Added where what is dropped from all figures is not told of elsewhere."""
    return "；经批准剔除的不合理诉求不计" if settings.YQT["EXCLUDED_DROP"] == "all" else ""


def received_definition() -> str:
    merged = "已合并的重复件每件另计" if settings.YQT["MERGED_COUNT"] == "each" else "已合并的重复件不另计"
    return f"期内受理的诉求数；{NOT_COUNTED}，{merged}{excluded()}。"


def closed_definition() -> str:
    return f"期内办结的诉求数；{reopened()}{excluded()}。"


def due_or_closed_definition() -> str:
    return f"期内到期的和期内办结的诉求（合并去重）中，期末前已办结的占比；{NOT_YET}；{reopened()}{excluded()}。"


def accepted_definition() -> str:
    each = "；已合并的重复件每件另计，随所并入的诉求办结" if settings.YQT["MERGED_COUNT"] == "each" else ""
    return f"期内受理的诉求中，到查询时已办结的占比；{reopened()}{each}{excluded()}。"


def in_time_closing_definition() -> str:
    return f"期内到期的诉求中，在办理时限内办结的占比；{NOT_YET}；{reopened()}{excluded()}。"


def late_definition() -> str:
    return (
        "期内到期的诉求中，到期没有办结或逾期才办结的占比；"
        f"期间还没结束时，尚未到期的不算超期；截止时挂起、挂账的不算超期；{reopened()}{excluded()}。"
    )


def contact_definition() -> str:
    return (
        "首次联系时限在期内的诉求中，承办单位在时限内首次联系企业的占比；"
        f"期间还没结束时，尚未到期也未联系的暂不计入{excluded()}。"
    )


def called_back_definition() -> str:
    return f"期内办结的诉求中，该轮办结后已有有效回访的占比；{reopened()}{excluded()}。"


def again_definition() -> str:
    return f"期内办结的诉求中，办理过不止一轮的占比；{reopened()}{excluded()}。"


def returned_definition() -> str:
    return f"期内派过单（含转办）的诉求中，期内被承办单位退回派单的占比；{BY_EVENTS}{excluded()}。"


def extended_definition() -> str:
    return f"期内派过单（含转办）的诉求中，期内获准延期的占比；{BY_EVENTS}{excluded()}。"


def mean_definition() -> str:
    return f"期内办结的诉求从受理到办结的平均工作时间，挂起、挂账和办结后到重办前的时间不计；{reopened()}{excluded()}。"


def median_definition() -> str:
    middle = "由短到长排在正中的一件，偶数件取正中两件的平均"
    return f"期内办结的诉求从受理到办结的工作时间，{middle}；{reopened()}{excluded()}。"


MERGED = "期内合并的重复件数，按受理时间，受理前合并的按提交时间；企业来件次数为受理诉求与重复件之和。"
JOINED = "截止日在园区名册上的企业数：入园日期不晚于截止日，且截止日未迁出、未注销。"


def shelved_definition() -> str:
    return f"截止时未办结、经批准挂账且复核日期未到的诉求数；挂账期间停止计时，解决率中{shelved()}。"


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


def came_of_visits_definition() -> str:
    return f"期内走访中收集的诉求数，按走访时间；{NOT_COUNTED}{excluded()}。"


def per_visit_definition() -> str:
    return f"期内平均每一家次走访收集的诉求数；{visits_definition()}"


JOINED_IN = "入园日期在期内的企业数；后来又迁出、注销的也计入。"
MOVED_OUT = "迁出日期在期内的企业数。"
CLOSED_DOWN = "注销日期在期内的企业数。"
HOLDERS = (
    "截止日在册、至少有一项在有效期内且未撤销的资质的企业数，一家计一次；分开统计时，一家企业在几个类别中各计一家，"
    "各部分之和可以大于合计。"
)


def unreachable() -> str:
    return {
        "out": "未联系上的不计入分母",
        "solved": "一直没有有效回访的按已联系、已解决、满意计入",
        "unsolved": "一直没有有效回访的计入分母，按未联系、未解决、不满意计",
    }[settings.YQT["UNREACHABLE_COUNTS"]]


def silent() -> str:
    return "；没有答复是否满意的按满意计" if settings.YQT["NO_ANSWER_ON_SATISFACTION"] == "satisfied" else ""


def is_valid() -> str:
    return "答复了是否解决" if settings.YQT["NO_ANSWER_ON_SATISFACTION"] == "satisfied" else "答复了是否解决和是否满意"


def response_definition() -> str:
    return f"有效回访中企业确认承办单位联系过的占比；分母为有效回访，{unreachable()}{excluded()}。"


def answer_definition() -> str:
    return f"期内回访过的诉求中，期内有有效回访的占比；接通企业并{is_valid()}的，为有效回访。"


LINK_SHARE = "有效回访中由企业通过链接自填的占比。"
OWN_SHARE = "有效回访中由经办人自录的占比；经办人指登记人、该企业管家或领办单位。"


def step_definition(text: str | Callable[[], str]) -> str:
    merged = "已合并的重复件每件另计" if settings.YQT["MERGED_COUNT"] == "each" else "已合并的不计"
    return (
        f"期内受理的诉求中，到查询时{text if isinstance(text, str) else text()}的件数；"
        f"{NOT_COUNTED}，{merged}{excluded()}。"
    )


def step_closed() -> str:
    return f"已办结（{reopened()}）"


def step_satisfied() -> str:
    return f"最近一次有效回访表示满意（不含基本满意{silent()}）"


def money_definition(name: str) -> str:
    return (
        f"期内各月{name}的合计，一家计一次；按整月统计，累计数推出当月数（1—2月合并报送的作为一段），跨出期间的不计入。"
        "同比、环比按合计数计算：上期没有或为0的为“—”，上期不为正而本期为正的为“扭亏”。"
    )


def comparable_definition(name: str) -> str:
    return (
        f"只算期内和上年同期都有{name}数的企业，期内各月的合计；同比是这些企业与其自身上年同期相比，"
        "新引进的和没有上年数的企业不计入，家数另注。按整月统计，跨出期间的不计入；不与上期比。"
    )


def valid_definition() -> str:
    return (
        f"最近一次有效回访在期内的诉求数；接通企业并{is_valid()}的，为有效回访{excluded()}。"
        "企业通过链接自填的同样有效，一轮只计第一次，后来又答的保留不计；经另一人复核的以复核为准。"
        "经办人自录指登记人、该企业管家或领办单位录入的回访，单独列明。"
    )


def missed_definition() -> str:
    return (
        f"期内回访过但没有一次有效回访的诉求数（未接通或未作评价）；三率中，{unreachable()}。"
        f"{reaching.rule()}的为无效回访，单独列明。"
    )


def solving_definition() -> str:
    partly = settings.YQT["PARTLY_SOLVED_COUNTS"]
    return (
        f"有效回访中企业确认已解决的占比，部分解决按{weighted(partly)}计；"
        f"分母为有效回访，{unreachable()}；经批准剔除的不合理诉求不计入，复核日期未到的挂账诉求{shelved()}。"
    )


def shelved() -> str:
    return "不计入" if settings.YQT["SHELVED_DROP"] else "照常计入"


def satisfaction_definition() -> str:
    basically = settings.YQT["BASICALLY_SATISFIED_COUNTS"]
    return (
        f"有效回访中企业表示满意的占比，基本满意按{weighted(basically)}计；"
        f"分母为有效回访，{unreachable()}；经批准剔除的不合理诉求不计入{silent()}。"
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
