"""The life of one demo appeal, step by step through the workflow, to the ending it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from crm.calendar import current
from crm.models import Organisation, User
from crm.moments import moment
from reports.demo.lives import ANSWERS, LATE_BY, UNDER_WAY, UNIT_OF, WORK, Ending, Life
from reports.demo.people import Place
from reports.demo.receipt import receipt
from visits.actions import advance_appeal, answer_link, create_appeal, make_link, record_call_back
from visits.actions.due import limit_of_round
from visits.models import Appeal


def working_days(first: date, last: date) -> list[date]:
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if current().is_working_day(day)]


class Teller:
    """Tells lives up to `now`: every step a little later than the last, in office hours."""

    def __init__(self, place: Place, rng: Random, now: datetime) -> None:
        self.place, self.rng, self.now = place, rng, now
        self.at = now
        self.staff = place.users.get("steward") or place.users["outsider"]
        self.desk = place.users.get("desk") or self.staff

    def tell(self, life: Life) -> Appeal:
        appeal = self._submit(life)
        if life.ending == Ending.TO_ACCEPT:
            return appeal
        if life.ending == Ending.REJECTED:
            return self._step(appeal, "reject", self.desk, note="不属于本机构职权，已告知企业向区级部门反映。")
        if life.ending == Ending.WITHDRAWN:
            return self._step(appeal, "withdraw", self.staff, note="企业来电说明已自行解决。")
        self._later(hours=1)
        appeal = self._step(appeal, "accept", self.desk, appeal_class=life.appeal_class)
        if life.ending == Ending.TO_DISPATCH:
            return appeal
        return self._handle(life, appeal, self._dispatch(life, appeal))

    def merge(self, life: Life, parent: Appeal) -> Appeal:
        appeal = self._submit(life)
        return self._step(appeal, "merge", self.desk, parent=parent)

    def _submit(self, life: Life) -> Appeal:
        self.at = (
            life.begin if current().is_working_day(timezone.localdate(life.begin)) else self._office_hours(life.begin)
        )
        return create_appeal(
            actor=self.staff, enterprise=life.enterprise, content=f"{life.asked}。", category=life.category,
            source=life.source, visit=life.visit, contact=life.enterprise.contacts.first(), at=self.at,
        )  # fmt: skip

    def _dispatch(self, life: Life, appeal: Appeal) -> Organisation:
        units = self.place.units
        lead = units[UNIT_OF[life.category] % len(units)]
        joint = [u for u in self.rng.sample(units, min(2, len(units))) if u != lead][: self.rng.randrange(2)]
        if life.ending == Ending.JOINT_ANSWERED and not joint:
            joint = [unit for unit in units if unit != lead][:1]
        self._later(hours=1)
        self._step(
            appeal, "dispatch", self.desk, lead_unit=lead, joint_units=joint, note="请按时限办理并及时联系企业。"
        )
        return lead

    def _handle(self, life: Life, appeal: Appeal, lead: Organisation) -> Appeal:
        if life.ending == Ending.TO_SIGN:
            return appeal
        handler = self._handler(lead)
        self._later(hours=1)
        self._step(appeal, "sign", handler)
        self._later(hours=1)
        appeal = self._step(appeal, "contact", handler, note="已电话联系企业，了解具体情况并约定办理时间。")
        if life.ending in (Ending.HANDLING, Ending.OVERDUE):
            return appeal
        if life.ending in UNDER_WAY:
            self._later(hours=3)
            return self._under_way(life, appeal, handler)
        self._later(days=self._work(life))
        appeal = self._answer(life, appeal, handler)
        return appeal if life.ending == Ending.TO_REVIEW else self._close(life, appeal, handler)

    def _under_way(self, life: Life, appeal: Appeal, handler: User) -> Appeal:
        """What holds an appeal up, or who is called to help."""
        day = timezone.localdate(self.at)
        if life.ending == Ending.PAUSED:
            # Paused ones began up to 25 days ago and still stand still today.
            until, note = day + timedelta(days=45), "等待上级部门批复，批复后恢复办理。"
            return self._step(appeal, "pause", handler, until=until, note=note)
        if life.ending == Ending.TO_EXTEND:
            amount = min(limit_of_round(appeal).amount, 5)
            note = "需会同区级部门现场勘察，已与企业说明。"
            return self._step(appeal, "ask_extension", handler, amount=amount, note=note)
        if life.ending == Ending.WHISTLED:
            return self._step(appeal, "whistle", handler, helpers=[self._helper(appeal)], note="请到现场会商用电方案。")
        if life.ending == Ending.JOINT_ANSWERED:
            self._joint(appeal)
            return appeal
        until, note = day + timedelta(days=180), "市政管网改造列入下年度计划，完工后接入，期间每季度向企业通报。"
        appeal = self._step(appeal, "ask_shelving", handler, until=until, note=note)
        if life.ending == Ending.TO_SHELVE:
            return appeal
        self._later(hours=2)
        return self._step(appeal, "grant_shelving", self.desk, note="同意挂账，到期复核。")

    def _joint(self, appeal: Appeal) -> None:
        """Every joint unit signs and answers for itself."""
        for joint in appeal.joint_rows.select_related("unit"):
            helper = self._handler(joint.unit)
            self._step(appeal, "joint_sign", helper)
            self._step(appeal, "joint_answer", helper, note="已提供材料并参加会商，意见已交领办单位。")

    def _helper(self, appeal: Appeal) -> Organisation:
        """The institution above, which has the say that the unit has not."""
        above = appeal.organisation.parent
        assert above is not None
        return above

    def _answer(self, life: Life, appeal: Appeal, handler: User) -> Appeal:
        self._joint(appeal)
        result = {Ending.PARTLY: "partly", Ending.DISSATISFIED: "explained"}.get(life.ending, "solved")
        return self._step(appeal, "answer", handler, result=result, result_text=life.settled, files=[receipt()])

    def _close(self, life: Life, appeal: Appeal, handler: User) -> Appeal:
        self._later(hours=2)
        appeal = self._step(appeal, "close", self.desk)
        if life.ending == Ending.TO_CALL_BACK:
            return appeal
        if life.ending in _UNUSUAL:
            return _UNUSUAL[life.ending](self, appeal)
        self._call(appeal, *ANSWERS[life.ending])
        appeal.refresh_from_db()
        if life.ending == Ending.REDONE:
            return self._redo(life, appeal, handler)
        if life.ending == Ending.EXCLUDED:
            return self._exclude(appeal, handler)
        if life.ending != Ending.DISSATISFIED:
            self._later(days=1)
            appeal = self._step(appeal, "archive", self.desk)
        return appeal

    def _exclude(self, appeal: Appeal, handler: User) -> Appeal:
        self._later(hours=2)
        appeal = self._step(
            appeal, "ask_exclusion", handler, note="企业要求突破现行补贴上限，超出政策规定，已书面说明。"
        )
        self._later(hours=1)
        return self._step(appeal, "grant_exclusion", self.desk, note="情况属实，同意剔除。")

    def _redo(self, life: Life, appeal: Appeal, handler: User) -> Appeal:
        self._later(hours=2)
        appeal = self._step(appeal, "redo", self.desk, note="企业表示问题没有解决，请重新办理。")
        self._later(days=3)
        self._joint(appeal)
        appeal = self._step(appeal, "answer", handler, result="solved", result_text=life.settled, files=[receipt()])
        self._later(hours=2)
        appeal = self._step(appeal, "close", self.desk)
        self._call(appeal, *ANSWERS[Ending.SATISFIED])
        return appeal

    def _try_in_vain(self, appeal: Appeal) -> Appeal:
        for _ in range(3):
            self._later(days=1)
            record_call_back(appeal, actor=self.desk, is_reached=False, at=self.at)
        return appeal

    def _try_twice(self, appeal: Appeal) -> Appeal:
        self._later(days=1)
        for minutes in (0, 20):
            record_call_back(appeal, actor=self.desk, is_reached=False, at=self.at + timedelta(minutes=minutes))
        return appeal

    def _send_link(self, appeal: Appeal) -> Appeal:
        make_link(appeal, actor=self.desk, at=max(self.at, self.now - timedelta(days=1)))
        return appeal

    def _answer_link(self, appeal: Appeal) -> Appeal:
        """By the enterprise itself; two days later it has more to say."""
        self._later(hours=2)
        link = make_link(appeal, actor=self.desk, at=self.at)
        self._later(hours=2)
        said = {"is_contacted": True, "solved": "solved", "respondent": "企业行政"}
        answer_link(link, satisfaction="satisfied", comment="办得很快，谢谢。", at=self.at, **said)  # type: ignore[arg-type]
        self._later(days=2)
        answer_link(link, satisfaction="basically", comment="后续还有一处需要完善。", at=self.at, **said)  # type: ignore[arg-type]
        return appeal

    def _recheck(self, appeal: Appeal) -> Appeal:
        self._call(appeal, *ANSWERS[Ending.DISSATISFIED])
        self._later(days=1)
        return self._step(
            appeal, "recheck", self.place.users["manager"], is_contacted=True, solved="solved",
            satisfaction="satisfied", respondent="企业负责人", note="承办单位反映接电话的人不知情，改向负责人核实。",
        )  # fmt: skip

    def _call(self, appeal: Appeal, contacted: bool, solved: str, satisfaction: str) -> None:
        self._later(days=1)
        record_call_back(
            appeal, actor=self.desk, is_reached=True, is_contacted=contacted, solved=solved, satisfaction=satisfaction,
            respondent="企业联系人", at=self.at,
        )  # fmt: skip

    def _work(self, life: Life) -> int:
        low, high = WORK[life.appeal_class]
        return LATE_BY if life.ending == Ending.CLOSED_LATE else self.rng.randint(low, high)

    def _handler(self, lead: Organisation) -> User:
        return self.place.handlers.get(lead.pk) or self.place.users.get("manager") or self.staff

    def _step(self, appeal: Appeal, step: str, actor: User, **facts: object) -> Appeal:
        return advance_appeal(appeal, step, actor=actor, at=self.at, **facts)  # type: ignore[arg-type]

    def _later(self, *, hours: int = 0, days: int = 0) -> None:
        at = self.at + timedelta(hours=hours, minutes=self.rng.randrange(5, 40))
        for _ in range(days):
            at = self._office_hours(at + timedelta(days=1))
        self.at = min(self._office_hours(at), max(self.now, self.at))

    def _office_hours(self, at: datetime) -> datetime:
        """The same moment, or the next working morning when nobody is at work."""
        local = timezone.localtime(at)
        day = local.date()
        if current().is_working_day(day) and local.time() < time(17, 20):
            return at
        day += timedelta(days=1)
        while not current().is_working_day(day):
            day += timedelta(days=1)
        return moment(day, time(9, self.rng.randrange(5, 55)))


# What happens at the call-back besides an answer on the phone.
_UNUSUAL: dict[Ending, Callable[[Teller, Appeal], Appeal]] = {
    Ending.UNREACHED: Teller._try_in_vain,
    Ending.UNREACHED_TWICE: Teller._try_twice,
    Ending.LINK_SENT: Teller._send_link,
    Ending.LINK_ANSWERED: Teller._answer_link,
    Ending.RECHECKED: Teller._recheck,
}
