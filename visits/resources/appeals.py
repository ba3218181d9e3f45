"""Lists of appeals: only new ones are made, each with the life that its row tells, by the workflow's own table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from crm.imports.cells import CellError
from crm.imports.columns import Reading, Values
from crm.imports.resource import Change, ImportResource, Keys, Suspect
from crm.models import Organisation, User
from parks.resources.firms import Firms, labelled, resolve, subject
from visits.actions import Facts, StepRefused
from visits.actions.replay import Life, Past, replay, way_to, write_lives
from visits.choices import AppealSource, AppealStatus, Result, Solved
from visits.duplicates import Written, open_ones_like_each
from visits.import_columns.appeals import APPEAL_COLUMNS
from visits.limits import LimitTable
from visits.models import Appeal
from visits.resources.numbers import Numbers
from visits.resources.office import people_of, units_of
from visits.search import reindex_appeals

RESULT_OF = {Solved.SOLVED: Result.SOLVED, Solved.PARTLY: Result.PARTLY, Solved.UNSOLVED: Result.EXPLAINED}
# The time a step is written under, and after which it happened when the list says nothing.
TIMES = {
    "submit": "submitted_at",
    "accept": "accepted_at",
    "answer": "answered_at",
    "close": "closed_at",
    "call_back": "_called_at",
}
CLOSED = (AppealStatus.CLOSED, AppealStatus.CONFIRMED, AppealStatus.ARCHIVED)
EXPLAINED = (AppealStatus.REJECTED, AppealStatus.WITHDRAWN, AppealStatus.PAUSED)


class AppealResource(ImportResource):
    key = "appeals"
    label = "诉求台账"
    noun = "诉求"
    measure = "件"
    when_same = "不另登记"
    identity = "编号或企业、日期与内容"
    permission = "visits.import_appeal"
    undo_permission = undo_any_permission = "visits.import_appeal"
    model = Appeal
    columns = APPEAL_COLUMNS
    required = "firm"
    stand_ins = ("uscc",)

    def __init__(self) -> None:
        self._firms: Firms | None = None
        self._numbers: Numbers | None = None
        self._lookups: dict[str, Any] = {}
        self._organisation: Organisation | None = None
        self._units: dict[int, Organisation] = {}
        self._lives: list[Life] = []
        self._people: dict[int, User] = {}
        self._limits = LimitTable()

    def prepare(self, organisation: Organisation, user: User) -> None:
        self._firms, self._organisation = Firms(organisation, user), organisation
        self._numbers = Numbers(organisation)
        self._lookups = {"people": people_of(organisation), "units": units_of(user)}

    def lookups(self) -> dict[str, Any]:
        return self._lookups

    def subject_of(self, values: Values) -> str:
        return f"{subject(values)} {str(values.get('content', ''))[:40]}".strip() if subject(values) else ""

    def finish(self, values: Values, reading: Reading) -> None:
        assert self._firms is not None
        assert self._numbers is not None
        if known := self._numbers.on_record(values.get("number", "")):
            # What it says of it changes nothing, so nothing of it has to be understood.
            firm, status = known
            values |= {"enterprise_id": firm, "_status": values.get("_status") or status}
            return
        found = resolve(values, self._firms)
        if len(found) > 1:
            raise CellError("一行只能写一家企业的诉求", column="firm")
        values |= {"enterprise_id": found[0].pk, **labelled(found)}
        if not values.get("content"):
            raise CellError("没有写诉求内容", column="content")
        if not values.get("submitted_at"):
            raise CellError("没有写提出时间", column="submitted_at")
        values.setdefault("source", AppealSource.VISIT.value)
        self._complete(values, reading)
        self._rehearse(values)

    def _complete(self, values: Values, reading: Reading) -> None:
        """The status, and what a step on the way needs though the list does not say it."""
        status = values["_status"] = _status_of(values)
        if told := values.pop("_result_words", ""):
            values.setdefault("result_text", told)
        if status in CLOSED and not values.get("result"):
            answered = values.get("_solved")
            values["result"] = RESULT_OF[Solved(answered)] if answered else Result.SOLVED.value
            if not answered:
                reading.warn("没有写办理结果，按“已解决”登记；解决率以企业回访为准")
        if status in (*CLOSED, AppealStatus.ANSWERED):
            values.setdefault("result", Result.SOLVED.value)
            values.setdefault("result_text", str(Result(values["result"]).label))
        if status not in (AppealStatus.SUBMITTED, AppealStatus.ACCEPTED, *EXPLAINED[:2]) and not values.get("_lead"):
            reading.warn(f"没有可识别的领办单位，记为{self._organisation}")
        if bool(values.get("_solved")) != bool(values.get("_satisfaction")):
            reading.warn("是否解决、是否满意只有一项，作为不完整的回访记录，仍为待回访")

    def _rehearse(self, values: Values) -> None:
        """Find out in the preview what the commit would refuse."""
        try:
            way_to(values["_status"])
            _moments(values)
        except StepRefused as refused:
            raise CellError(" ".join(refused.messages), column="status") from None

    def suspects(
        self, rows: Sequence[tuple[int, Values]], organisation: Organisation, user: User
    ) -> dict[int, list[Suspect]]:
        written = [Written(n, one["enterprise_id"], one["submitted_at"], one["content"]) for n, one in rows]
        return {number: list(map(_suspect, found)) for number, found in open_ones_like_each(user, written).items()}

    def keys_of(self, values: Values) -> Keys:
        if number := values.get("number"):
            return Keys(f"no|{number}", f"no|{number}")
        day = timezone.localdate(values["submitted_at"])
        key = _content_key(values["enterprise_id"], day, values["content"])
        return Keys(key, key)

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        rows = Appeal.objects.living().filter(organisation__path__startswith=organisation.path)
        rows = rows.order_by("-organisation__path", "pk")
        found = rows.values_list("pk", "number", "enterprise_id", "submitted_at", "created_at", "content")
        for pk, number, firm, submitted, created, content in found:
            key = _content_key(firm, timezone.localdate(submitted or created), content)
            yield pk, Keys(key, key)
            yield pk, Keys(f"no|{number}", f"no|{number}")

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        return set(Appeal.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))

    def reconcile(self, values: Values, target: Appeal, changes: list[Change], reading: Reading) -> None:
        """What is on record moves by its steps alone, never by a list."""
        changes.clear()
        if values["_status"] != target.status:
            now, told = target.get_status_display(), AppealStatus(values["_status"]).label
            reading.warn(f"这件诉求（{target.number}）现为“{now}”，文件写的是“{told}”；请在诉求页办理，未导入")

    def new_instance(self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]) -> Appeal:
        author = self._user(values.get("_author"), user)
        submitted = values["submitted_at"]
        assert self._numbers is not None
        appeal = Appeal(
            organisation=organisation, number=values.get("number") or self._numbers.next(submitted),
            enterprise_id=values["enterprise_id"], content=values["content"], created_by=author, created_at=submitted,
        )  # fmt: skip
        for name in ("source", "category", "appeal_class", "urgency"):
            if values.get(name):
                setattr(appeal, name, values[name])
        self._lives.append(self._life(appeal, values, author, user))
        return appeal

    def _life(self, appeal: Appeal, values: Values, author: User, user: User) -> Life:
        steps = [
            Past(step, at, author if step == "submit" else user, self._facts(step, values))
            for step, at in _moments(values)
        ]
        return replay(appeal, steps, self._limits)

    def _facts(self, step: str, values: Values) -> Facts:
        if step == "accept":
            return Facts(appeal_class=values.get("appeal_class", ""), category=values.get("category", ""))
        if step == "dispatch":
            assert self._organisation is not None
            lead = self._unit(values["_lead"][0]) if values.get("_lead") else self._organisation
            return Facts(lead_unit=lead, joint_units=[self._unit(pk) for pk in values.get("_joint", ())])
        if step == "answer":
            return Facts(result=values["result"], result_text=values["result_text"])
        if step == "call_back":
            return Facts(
                is_reached=True,
                solved=values.get("_solved", ""),
                satisfaction=values.get("_satisfaction", ""),
                respondent=values.get("_respondent", ""),
                note=values.get("_comment", ""),
            )
        return Facts(note=values.get("result_text") or "据导入的台账登记")

    def _user(self, pks: Sequence[int] | None, user: User) -> User:
        if not self._people and pks:
            self._people = User.objects.in_bulk(list(self._lookups["people"].values()))
        return self._people.get(pks[0], user) if pks else user

    def _unit(self, pk: int) -> Organisation:
        if not self._units:
            self._units = Organisation.objects.in_bulk(list(self._lookups["units"].values()))
        return self._units[pk]

    def after_write(self, written: Sequence[tuple[Appeal, Values, Sequence[str]]]) -> None:
        new = {id(appeal) for appeal, _, _ in written}
        for row in write_lives([life for life in self._lives if id(life.appeal) in new]):
            self.journal.made(row.appeal_id, row)
        reindex_appeals(appeal.pk for appeal, _, _ in written)

    def offers(self) -> dict[str, list[str]]:
        return {"lead": sorted(self._lookups["units"])}

    def vocabulary(self, key: str) -> Sequence[str]:
        named = {"lead": "units", "joint": "units", "author": "people"}
        return sorted(self._lookups[named[key]]) if key in named else super().vocabulary(key)

    def export_rows(self, rows: Any) -> Iterator[Appeal]:
        shown = rows.select_related("enterprise", "lead_unit", "created_by")
        shown = shown.prefetch_related("joint_units", "call_backs")
        found: Iterator[Appeal] = shown.iterator(chunk_size=2000)
        return found

    def url_of(self, pk: int) -> str:
        return reverse("visits:appeal_detail", args=[pk])


def _suspect(appeal: Appeal) -> Suspect:
    day = timezone.localtime(appeal.created_at)
    why = f"{day:%Y-%m-%d} 登记，{appeal.get_status_display()}，“{appeal.content[:30]}”"
    return Suspect(appeal.pk, appeal.number, why)


def _status_of(values: Values) -> str:
    """As the list says; else as far as it tells. Answers of the enterprise go further than 已办结."""
    confirmed = bool(values.get("_solved") and values.get("_satisfaction"))
    status = values.get("_status") or ""
    if not status:
        known = (
            ("closed_at", "closed"),
            ("answered_at", "answered"),
            ("_lead", "handling"),
            ("accepted_at", "accepted"),
        )
        status = next((word for name, word in known if values.get(name)), AppealStatus.SUBMITTED.value)
        status = AppealStatus.CLOSED.value if confirmed else status
    if status == AppealStatus.CLOSED and confirmed:
        return AppealStatus.CONFIRMED.value
    if status in (AppealStatus.CONFIRMED, AppealStatus.ARCHIVED) and not confirmed:
        return AppealStatus.CLOSED.value
    return str(status)


def _moments(values: Values) -> list[tuple[str, datetime]]:
    """The steps with their times; a step whose time the list leaves out was taken with the one before it."""
    steps = list(way_to(values["_status"]))
    if values["_status"] == AppealStatus.CLOSED and (values.get("_solved") or values.get("_satisfaction")):
        steps.append("call_back")
    at = _moment(values["submitted_at"])
    closed = values.get("closed_at")
    moments = []
    for step in steps:
        told, name = values.get(TIMES.get(step, "")), TIMES.get(step, "")
        if step == "answer" and not told:
            told, name = closed, "closed_at"
        if told:
            at = _not_before(_moment(told), at, bool(values.get(f"_{name}_is_day")), step)
        moments.append((step, at))
    return moments


def _not_before(told: datetime, before: datetime, is_day: bool, step: str) -> datetime:
    """Lists that know only the day mean "later that day"."""
    if told >= before:
        return told
    if is_day and timezone.localdate(told) == timezone.localdate(before):
        return before
    earlier, later = timezone.localtime(told), timezone.localtime(before)
    raise StepRefused(f"时间先后不对：{earlier:%Y-%m-%d} 的一步早于上一步（{later:%Y-%m-%d %H:%M}）")


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def _content_key(firm: int, day: date, content: str) -> str:
    digest = hashlib.sha256("".join(content.split()).encode()).hexdigest()[:24]
    return f"{firm}|{day}|{digest}"
