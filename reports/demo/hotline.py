"""The demo's hotline tickets: residents' for the most part, some of enterprises, a few that the register cannot place.

With a chance of its own and beside the appeals, so that the figures of the rest stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from crm.bulk import create_with_history
from parks.models import Enterprise
from reports.demo.people import Place
from reports.demo.words import GIVEN, SURNAMES
from visits.choices import AppealSource, MatchedBy, TicketParty, TicketStatus
from visits.models import Appeal, HotlineTicket
from visits.querysets import OPEN
from visits.search import reindex_tickets

RESIDENTS, FIRMS, RAISED, OTHERS = 48, 18, 12, 3
# The year-end review: 接诉即办 5367 of 2023, a few of them of enterprises.
YEAR, OF_YEAR, FIRMS_OF_YEAR = 2023, 5367, 96
OPEN_ONES = 3
# Category, what is asked, what was answered.
OF_RESIDENTS = (
    ("市容环卫", "小区门口垃圾清运不及时，有异味", "已督促物业增加清运频次，每日两次。"),
    ("公共设施", "楼道灯不亮，老人出行不便", "已更换灯具并检查同单元线路。"),
    ("噪声扰民", "夜间施工噪声扰民", "已约谈施工单位，22 点后停止作业。"),
    ("供水供电", "家中水压低，早晚用水困难", "自来水公司已检修加压泵，水压恢复。"),
    ("停车管理", "路边乱停车影响通行", "已施划禁停标线并安排巡查。"),
    ("公共交通", "公交末班车偏早，希望延长", "已向公交公司反映，正在评估客流。"),
)
OF_FIRMS = (
    ("政策咨询", "咨询房租补贴申报的材料和截止时间", "已电话告知材料清单和申报入口。"),
    ("公共设施", "园区东门路灯不亮，员工晚上下班不便", "已报修，三日内恢复照明。"),
    ("公共交通", "园区班车末班偏早，加班员工无车可乘", "已协调增加一班 21 点班车。"),
    ("通信网络", "办公楼宽带频繁中断", "运营商已更换光缆接头，网络恢复。"),
)
UNPLACED = ("云川好邻居便利店", "川谷路早餐店", "溪云修车行", "西溪大街药房")
ANSWERS = [
    *[("solved", "satisfied")] * 14,
    *[("solved", "basically")] * 3,
    ("partly", "basically"),
    *[("unsolved", "dissatisfied")] * 2,
]


class Hotline:
    """Makes the tickets of one place, the oldest first."""

    def __init__(self, place: Place, seed: int, now: datetime) -> None:
        self.place, self.now, self.rng = place, now, Random(seed)  # noqa: S311  (fiction)
        self.user = place.users.get("desk") or next(iter(place.users.values()))

    def make(self, residents: int, firms: int, raised: int) -> None:
        self._write(self._tickets(residents, firms, raised))

    def make_year(self) -> None:
        """All of the year of the review, closed long ago."""
        self._write(self._year())

    def _write(self, made: Iterable[HotlineTicket]) -> None:
        tickets = sorted(made, key=lambda ticket: ticket.called_at)
        for number, ticket in enumerate(tickets, 1):
            ticket.number = f"YC{ticket.called_at:%y%m%d}{number:06d}"
        create_with_history(tickets, actor=self.user, reason="演示数据")
        reindex_tickets(ticket.pk for ticket in tickets)

    def _tickets(self, residents: int, firms: int, raised: int) -> Iterator[HotlineTicket]:
        for _ in range(residents):
            yield self._told(self.rng.choice(OF_RESIDENTS), self._moment(), party=TicketParty.RESIDENT)
        register = list(Enterprise.objects.filter(organisation=self.place.office, left_on=None).order_by("pk")[:400])
        for n, firm in enumerate(self.rng.sample(register, firms)):
            by = MatchedBy.PHONE if n % 6 == 5 else MatchedBy.NAME
            note = f"按来电电话匹配到“{firm}”，工单没有写企业，请核对" if by == MatchedBy.PHONE else ""
            yield self._told(
                self.rng.choice(OF_FIRMS), self._moment(), party=TicketParty.ENTERPRISE, enterprise=firm,
                matched_by=by, match_note=note, firm_name="" if by == MatchedBy.PHONE else firm.name,
            )  # fmt: skip
        for name in UNPLACED if raised else ():
            yield self._told(
                self.rng.choice(OF_FIRMS), self._moment(), party=TicketParty.UNMATCHED, firm_name=name,
                match_note=f"名册中没有“{name}”",
            )  # fmt: skip
        yield from self._raised(raised)

    def _year(self) -> Iterator[HotlineTicket]:
        first = timezone.make_aware(datetime(YEAR, 1, 1, 8))
        register = Enterprise.objects.filter(organisation=self.place.office, left_on=None, joined_on__lt=first.date())
        firms = list(register.order_by("pk")[:FIRMS_OF_YEAR])
        for number in range(OF_YEAR):
            at = first + timedelta(days=self.rng.randrange(365), minutes=self.rng.randrange(10 * 60))
            if number < len(firms):
                firm = firms[number]
                of_firm = {"enterprise": firm, "firm_name": firm.name, "matched_by": MatchedBy.NAME}
                yield self._told(self.rng.choice(OF_FIRMS), at, party=TicketParty.ENTERPRISE, **of_firm)
            else:
                yield self._told(self.rng.choice(OF_RESIDENTS), at, party=TicketParty.RESIDENT)

    def _raised(self, number: int) -> Iterator[HotlineTicket]:
        """From which appeals of this hotline came; of the first the hotline says another thing than its appeal."""
        rows = Appeal.objects.living().counted().filter(organisation=self.place.office, source=AppealSource.HOTLINE)
        rows = rows.select_related("enterprise").order_by("-created_at", "-pk")
        appeals = [*rows.open()[:OPEN_ONES], *rows.exclude(status__in=OPEN)[:number]][:number]
        for n, appeal in enumerate(appeals):
            ticket = self._told(
                ("企业服务", appeal.content, appeal.result_text), appeal.created_at - timedelta(hours=2),
                party=TicketParty.ENTERPRISE, appeal=appeal, enterprise=appeal.enterprise,
                firm_name=appeal.enterprise.name, matched_by=MatchedBy.NAME,
            )  # fmt: skip
            is_open = (appeal.status in OPEN) == (n > 0)
            ticket.status = TicketStatus.HANDLING if is_open else TicketStatus.CLOSED
            ticket.closed_at = None if is_open else ticket.closed_at or self.now
            if is_open:
                ticket.reply = ticket.result = ticket.solved = ticket.satisfaction = ""
                ticket.is_valid_call_back = ticket.is_contacted = None
            yield ticket

    def _told(self, told: tuple[str, str, str], at: datetime, **fields: Any) -> HotlineTicket:
        category, content, reply = told
        closed = at + timedelta(days=self.rng.randrange(2, 8), hours=3)
        values: dict[str, Any] = {
            "organisation": self.place.office, "created_by": self.user, "created_at": min(self.now, at + timedelta(1)),
            "kind": "诉求", "nature": "民生诉求", "accept_way": "电话", "category": category, "title": content[:20],
            "content": content, "caller": self.rng.choice(SURNAMES) + self.rng.choice(GIVEN), "called_at": at,
            "caller_phone": f"1380000{self.rng.randrange(10_000):04d}", "district": "云川区", "town": "西溪镇",
            "lead_unit": self.rng.choice(self.place.units).name, "status": TicketStatus.HANDLING,
        }  # fmt: skip
        if closed < self.now:
            solved, satisfaction = self.rng.choice(ANSWERS)
            is_reached = self.rng.randrange(10) > 0
            values |= {"status": TicketStatus.CLOSED, "closed_at": closed, "reply": reply, "result": "已办结"}
            values |= {"is_valid_call_back": is_reached, "is_contacted": is_reached or None}
            values |= {"solved": solved, "satisfaction": satisfaction} if is_reached else {}
        return HotlineTicket(**(values | fields))

    def _moment(self) -> datetime:
        days, minutes = self.rng.randrange(1, 330), self.rng.randrange(8 * 60)
        return self.now.replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=-days, minutes=minutes)
