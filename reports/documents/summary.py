"""The opening paragraphs of the report, written from its figures by rules. No queries here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reports.formats import EMPTY
from reports.report import Change, Figure

MENTIONED = ("enterprise_visits", "appeals_received", "appeals_closed", "solving_rate", "satisfaction_rate")
RATES = ("response_rate", "solving_rate", "satisfaction_rate", "composite_score")
LAST_YEAR = "去年同期"
# “▲1（33.3%）”: a number of something, and its share.
COUNTED = re.compile(r"(\d+)(（.*）)?")
Figures = Mapping[str, Figure]


def paragraphs(
    figures: Figures, period: str, compared: str, as_of: str, *, with_last_year: bool = False
) -> tuple[str, ...]:
    first = [f"{period}，{visited(figures)}；{handled(figures)}", answered(figures)]
    first += compared_with(compared, [(figures[key], figures[key].change) for key in MENTIONED])
    if with_last_year:
        first += compared_with(LAST_YEAR, [(figures[key], figures[key].last_year) for key in MENTIONED])
    return sentences(first), sentences([f"{as_of}，{registered(figures)}", waiting(figures)])


def sentences(told: Iterable[str]) -> str:
    return "".join(f"{one}。" for one in told)


def said(figure: Figure) -> str:
    return f"{figure.label}{figure.text}{figure.unit}"


def visited(figures: Figures) -> str:
    visits, firms = figures["enterprise_visits"], figures["enterprises_visited"]
    if visits.value is None:
        return "没有走访记录"
    covered = figures["visit_coverage"]
    told = "" if covered.value is None else f"，{said(covered)}"
    return f"共走访企业{visits.text}家次（{firms.text}家）{told}"


def handled(figures: Figures) -> str:
    received, closed, rate = (figures[key] for key in ("appeals_received", "appeals_closed", "closing_rate_due"))
    if received.value is None and closed.value is None:
        parts = ["没有受理和办结诉求"]
    else:
        parts = [
            "没有受理诉求" if received.value is None else f"受理诉求{received.text}件",
            "没有办结诉求" if closed.value is None else f"办结{closed.text}件",
        ]
    return "，".join([*parts, said(rate)] if rate.value is not None else parts)


def answered(figures: Figures) -> str:
    """A rate without a denominator is not told as “—分”, it is said to be none."""
    valid, missed = figures["valid_call_backs"], figures["unreachable_call_backs"]
    if valid.value is None:
        tried = "" if missed.value is None else f"，未联系上{missed.text}件"
        return f"没有有效回访{tried}，三率不作计算"
    facts = [f"有效回访{valid.text}件"]
    facts += [] if missed.value is None else [f"未联系上{missed.text}件"]
    facts += [said(figures[key]) for key in RATES if figures[key].value is not None]
    missing = [figures[key].label for key in RATES if figures[key].value is None]
    facts += [f"{'、'.join(missing)}没有可计入的回访，不作计算"] if missing else []
    return "，".join(facts)


def compared_with(with_what: str, changes: Iterable[tuple[Figure, Change | None]]) -> list[str]:
    """One sentence: what rose or fell one by one, what stayed together at the end; nothing where nothing compares."""
    known = [(figure, change) for figure, change in changes if change and change.direction != "none"]
    told = [f"{figure.label}{moved(figure, change)}" for figure, change in known if change.direction != "flat"]
    flat = [figure.label for figure, change in known if change.direction == "flat"]
    told += [f"{'、'.join(flat)}{'均' if len(flat) > 1 else ''}持平"] if flat else []
    return [f"与{with_what}相比，{'，'.join(told)}"] if told else []


def moved(figure: Figure, change: Change) -> str:
    """Numbers of things 增加 and 减少, rates and points 上升 and 下降."""
    is_up, size = change.direction == "up", change.text.lstrip("▲▼")
    if match := COUNTED.fullmatch(size):
        return f"{'增加' if is_up else '减少'}{match[1]}{figure.unit}{match[2] or ''}"
    return f"{'上升' if is_up else '下降'}{size}"


def registered(figures: Figures) -> str:
    firms = figures["registered_enterprises"]
    if firms.value is None:
        return "名册上没有企业"
    text = f"在册企业{firms.text}家"
    share = figures["capital_10m_share"]
    cyber = figures["cyber_enterprises"]
    text += "" if cyber.value is None else f"，其中网安企业{cyber.text}家"
    return text if share.text == EMPTY else f"{text}，{said(share)}"


def waiting(figures: Figures) -> str:
    late, shelved, unseen = (figures[key] for key in ("overdue_appeals", "shelved_appeals", "package_not_visited"))
    told = [said(one) for one in (late, shelved) if one.value is not None]
    told += [] if unseen.value is None else [f"“服务包”企业期内未走访{unseen.text}家"]
    return f"需要关注：{'，'.join(told)}" if told else "没有超期未办结的诉求"


def waiting_appeals(figures: Figures) -> str:
    told = [said(one) for key in ("overdue_appeals", "shelved_appeals") if (one := figures[key]).value is not None]
    return f"尚有{'，'.join(told)}" if told else "没有超期未办结和挂账的诉求"
