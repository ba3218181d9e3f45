"""The opening paragraphs of the report, written from its figures and tables. No queries here."""

from __future__ import annotations

from collections.abc import Mapping

from reports.formats import EMPTY
from reports.report import Change, Figure

MENTIONED = ("enterprise_visits", "appeals_received", "solving_rate", "satisfaction_rate")


def paragraphs(figures: Mapping[str, Figure], period: str, compared: str, as_of: str) -> tuple[str, ...]:
    return (
        f"{period}，{visited(figures)}；{handled(figures)}。{answered(figures)}。{moved(figures, compared)}",
        f"{as_of}，{registered(figures)}。{waiting(figures)}。",
    )


def said(figure: Figure) -> str:
    return f"{figure.label}{figure.text}{figure.unit}"


def visited(figures: Mapping[str, Figure]) -> str:
    visits, firms = figures["enterprise_visits"], figures["enterprises_visited"]
    if visits.value is None:
        return "没有走访记录"
    return f"共走访企业{visits.text}家次（{firms.text}家）"


def handled(figures: Mapping[str, Figure]) -> str:
    received, closed, rate = (figures[key] for key in ("appeals_received", "appeals_closed", "closing_rate_due"))
    parts = [
        "没有受理诉求" if received.value is None else f"受理诉求{received.text}件",
        "没有办结诉求" if closed.value is None else f"办结{closed.text}件",
    ]
    return "，".join([*parts, said(rate)] if rate.value is not None else parts)


def answered(figures: Mapping[str, Figure]) -> str:
    valid, missed = figures["valid_call_backs"], figures["unreachable_call_backs"]
    if valid.value is None:
        return "没有有效回访，三率不作计算"
    facts = [f"有效回访{valid.text}件"]
    facts += [] if missed.value is None else [f"未联系上{missed.text}件"]
    rates = ("response_rate", "solving_rate", "satisfaction_rate", "composite_score")
    return "，".join([*facts, *(said(figures[key]) for key in rates)])


def moved(figures: Mapping[str, Figure], compared: str) -> str:
    told = [f"{figures[key].label}{words(figures[key].change)}" for key in MENTIONED if compares(figures[key].change)]
    return f"与{compared}相比，{'，'.join(told)}。" if told else ""


def compares(change: Change) -> bool:
    return change.direction != "none"


def words(change: Change) -> str:
    return change.text.replace("▲", "上升").replace("▼", "下降")


def registered(figures: Mapping[str, Figure]) -> str:
    firms = figures["registered_enterprises"]
    if firms.value is None:
        return "名册上没有企业"
    text = f"在册企业{firms.text}家"
    share = figures["capital_10m_share"]
    cyber = figures["cyber_enterprises"]
    text += "" if cyber.value is None else f"，其中网安企业{cyber.text}家"
    return text if share.text == EMPTY else f"{text}，{said(share)}"


def waiting(figures: Mapping[str, Figure]) -> str:
    late, unseen = figures["overdue_appeals"], figures["package_not_visited"]
    told = []
    told += [] if late.value is None else [f"超期未办结诉求{late.text}件"]
    told += [] if unseen.value is None else [f"“服务包”企业期内未走访{unseen.text}家"]
    return f"需要关注：{'，'.join(told)}" if told else "没有超期未办结的诉求"


def waiting_appeals(figures: Mapping[str, Figure]) -> str:
    told = [said(one) for key in ("overdue_appeals", "shelved_appeals") if (one := figures[key]).value is not None]
    return f"尚有{'，'.join(told)}" if told else "没有超期未办结和挂账的诉求"
