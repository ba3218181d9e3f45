"""企业与资质: who is on the register on the cut-off day."""

from __future__ import annotations

from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import REGISTER, Metric
from reports.rows import rates


def qualification(code: str, key: str, label: str, remark: str = "") -> Metric:
    text = f"截止日在册、该项资质在有效期内且未撤销的企业数，一家计一次；按类别统计，一家企业可列入多类{remark}。"
    return Metric(key, label, "家", REGISTER, text, rows.titled, rows.qualified(code))


METRICS = (
    Metric("registered_enterprises", "在册企业", "家", REGISTER, definitions.JOINED, rows.registered),
    Metric(
        "cyber_enterprises",
        "网安企业",
        "家",
        REGISTER,
        "截止日在册企业中带“网安”标签的企业数。",
        rows.tagged,
        rows.cyber,
    ),
    Metric(
        "capital_10m_share",
        "注册资本千万以上占比",
        "",
        REGISTER,
        definitions.capital_definition,
        rows.registered,
        rows.known_in_yuan,
        parts=rates.whole("large"),
        conditions=rows.large_capital,
        asides=rows.not_in_yuan,
        style="percent",
    ),
    qualification("GIANT", "giants", "国家级“小巨人”"),
    qualification("SRDI", "srdi_municipal", "市级专精特新", "，“小巨人”企业另持市级资质的在此也计入"),
    qualification("HNTE", "hnte", "国家高新技术企业"),
    qualification("POSTDOC_B", "postdoc_branches", "博士后工作站分站"),
    qualification("GREEN_N", "green_factories", "国家级绿色工厂"),
    Metric(
        "qualified_enterprises", "有资质企业", "家", REGISTER, definitions.HOLDERS, rows.awards,
        distinct="enterprise_id",
    ),
    Metric("joined_enterprises", "新入园企业", "家", REGISTER, definitions.JOINED_IN, rows.joined),
    Metric("moved_out_enterprises", "迁出企业", "家", REGISTER, definitions.MOVED_OUT, rows.left, rows.has_moved_out),
    Metric("closed_enterprises", "注销企业", "家", REGISTER, definitions.CLOSED_DOWN, rows.left, rows.has_closed),
)  # fmt: skip
