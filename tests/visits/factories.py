"""Makers of visits and appeals, through the same actions as users; and the people who take the steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from io import BytesIO
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from crm.models import Organisation, User
from parks.models import Enterprise
from parks.querysets import EnterpriseQuerySet
from tests.crm.factories import make_organisation, make_user
from tests.parks.factories import make_enterprise
from visits import actions
from visits.actions import NewFile
from visits.choices import AppealStatus as S
from visits.choices import TicketParty
from visits.models import Appeal, HotlineTicket, TimeLimit, Visit
from visits.search import reindex_tickets
from visits.workflow import STEPS, By, Verb


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


START = local("2026-11-02 09:30")  # a Monday

# How an appeal usually comes to stand where it stands; the enterprise is not happy, so that it may be done again.
WAYS: dict[S, tuple[str, ...]] = {
    S.DRAFT: (),
    S.SUBMITTED: ("submit",),
    S.ACCEPTED: ("submit", "accept"),
    S.DISPATCHED: ("submit", "accept", "dispatch"),
    S.HANDLING: ("submit", "accept", "dispatch", "sign"),
    S.PAUSED: ("submit", "accept", "dispatch", "sign", "pause"),
    S.SHELVED: ("submit", "accept", "dispatch", "sign", "ask_shelving", "grant_shelving"),
    S.ANSWERED: ("submit", "accept", "dispatch", "sign", "answer"),
    S.CLOSED: ("submit", "accept", "dispatch", "sign", "answer", "close"),
    S.CONFIRMED: ("submit", "accept", "dispatch", "sign", "answer", "close", "call_back"),
    S.ARCHIVED: ("submit", "accept", "dispatch", "sign", "answer", "close", "call_back", "archive"),
    S.REJECTED: ("submit", "reject"),
    S.MERGED: ("submit", "merge"),
    S.WITHDRAWN: ("submit", "withdraw"),
}
# What must have happened in that status before.
BEFORE: dict[str, tuple[str, ...]] = {
    "grant_extension": ("ask_extension",),
    "deny_extension": ("ask_extension",),
    "grant_shelving": ("ask_shelving",),
    "deny_shelving": ("ask_shelving",),
    "grant_exclusion": ("ask_exclusion",),
    "deny_exclusion": ("ask_exclusion",),
    "include": ("ask_exclusion", "grant_exclusion"),
    "joint_answer": ("joint_sign",),
    "lift": ("supervise",),
}


def limits_in_force() -> None:
    """Those of the migration; a test that empties the tables takes them away from the next one."""
    if not TimeLimit.objects.exists():
        import_module("visits.migrations.0005_limits").fill(apps, None)


class Cast:
    """An office with a lead unit, a joint unit and one person for every part."""

    def __init__(self, office: Organisation) -> None:
        limits_in_force()
        self.office = office
        self.lead = make_organisation("规划建设科", "unit", office)
        self.joint = make_organisation("企业服务科", "unit", office)
        self.manager = make_user(f"manager{office.pk}", office, role="manager")
        self.desk = make_user(f"desk{office.pk}", office, role="desk")
        self.steward = make_user(f"steward{office.pk}", office, role="steward", scope="own")
        self.handler = make_user(f"handler{office.pk}", self.lead, role="unit", scope="unit")
        self.helper = make_user(f"helper{office.pk}", self.joint, role="unit", scope="unit")
        self.firm: Enterprise = make_enterprise(office)

    def draft(self, **fields: Any) -> Appeal:
        defaults: dict[str, Any] = {"actor": self.manager, "enterprise": self.firm, "content": "班车末班太早"}
        return actions.create_appeal(**(defaults | {"is_draft": True, "at": START} | fields))

    def usually(self, step: str) -> User:
        """Who takes a step: what one asks another decides, and a joint unit speaks for itself."""
        rule = STEPS[step]
        if rule.by == By.JOINT:
            return self.helper
        return self.handler if rule.verb == Verb.ASK else self.manager

    def facts(self, step: str, at: datetime = START) -> dict[str, Any]:
        """What a step needs, at its least."""
        note, units = {"note": "说明"}, {"lead_unit": self.lead, "joint_units": [self.joint]}
        return {
            "dispatch": units,
            "transfer": units | note,
            "whistle": {"helpers": [self.office]} | note,
            "pause": {"until": timezone.localdate(at) + timedelta(days=20)} | note,
            "ask_extension": {"amount": 2} | note,
            "ask_shelving": {"until": timezone.localdate(at) + timedelta(days=90)} | note,
            "reshelve": {"until": timezone.localdate(at) + timedelta(days=90)} | note,
            "answer": {"result": "solved", "result_text": "已协调延长末班车", "files": [receipt()]},
            "call_back": {
                "is_reached": True,
                "is_contacted": True,
                "solved": "unsolved",
                "satisfaction": "dissatisfied",
            },
            "recheck": {"solved": "solved", "satisfaction": "satisfied", "note": "企业来电说明当时填错"},
        }.get(step, note)

    def take(self, appeal: Appeal, step: str, actor: User | None = None, **facts: Any) -> Appeal:
        """One step, an hour after the last event unless told."""
        last = appeal.events.order_by("-at").first()
        at = facts.pop("at", (last.at if last else START) + timedelta(hours=1))
        given = self.facts(step, at) | facts
        if step == "merge" and "parent" not in given:
            given["parent"] = self.at(S.SUBMITTED)
        return actions.advance_appeal(appeal, step, actor=actor or self.usually(step), at=at, **given)

    def ready_for(self, step: str, status: S, **fields: Any) -> Appeal:
        """An appeal of this status for which the step is the next to take."""
        appeal = self.at(status, **fields)
        if step == "archive" and status == S.CLOSED:
            return self._call_in_vain(appeal)
        for before in BEFORE.get(step, ()):
            appeal = self.take(appeal, before)
        return appeal

    def _call_in_vain(self, appeal: Appeal) -> Appeal:
        for days in (1, 1, 2):
            at = appeal.closed_at + timedelta(days=days, minutes=appeal.call_backs.count())
            self.take(appeal, "call_back", is_reached=False, is_contacted=None, solved="", satisfaction="", at=at)
        return appeal

    def at(self, status: S, **fields: Any) -> Appeal:
        """An appeal that came to this status by the usual way."""
        appeal = self.draft(**fields)
        for step in WAYS[status]:
            # Another person than the manager, who may then re-check the answer.
            appeal = self.take(appeal, step, self.desk if step == "call_back" else None)
        return appeal

    def office_firms(self) -> EnterpriseQuerySet:
        return Enterprise.objects.visible_to(self.manager)

    def visit(self, *firms: Enterprise, **fields: Any) -> Visit:
        defaults: dict[str, Any] = {"actor": self.manager, "started_at": START, "at": START, "summary": "企业近况良好"}
        return actions.create_visit(enterprises=firms or (self.firm,), **(defaults | fields))


def receipt() -> NewFile:
    """What a unit hands in with its answer."""
    return NewFile("回执.pdf", "application/pdf", ContentFile(b"%PDF-1.7"))


def picture(name: str = "现场.jpg", size: tuple[int, int] = (640, 480), exif: bool = True) -> SimpleUploadedFile:
    """A JPEG as phones make them: with the maker and the place in its EXIF data."""
    image = Image.new("RGB", size, (90, 140, 200))
    data = image.getexif()
    data[0x010F] = "SecretCam"
    data.get_ifd(0x8825)[1] = "N"
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=data if exif else b"", comment=b"secret comment")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def make_ticket(organisation: Organisation, by: User, **fields: Any) -> HotlineTicket:
    """A ticket of the hotline, of an enterprise where one is given; numbers run on."""
    party = TicketParty.ENTERPRISE if fields.get("enterprise") else TicketParty.RESIDENT
    defaults: dict[str, Any] = {
        "organisation": organisation, "created_by": by, "called_at": START, "title": "楼道灯不亮", "status": "handling",
        "number": f"BJ{HotlineTicket.objects.count() + 1:06d}", "party": party,
        "matched_by": "name" if party == TicketParty.ENTERPRISE else "",
    }  # fmt: skip
    ticket = HotlineTicket.objects.create(**(defaults | fields))
    reindex_tickets([ticket.pk])
    return ticket
