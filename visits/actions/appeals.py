"""Registering an appeal and giving it its number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db.models.functions import Length
from django.utils import timezone

from crm.models import Organisation, User
from parks.models import Contact, Enterprise
from visits.actions.guard import StepRefused
from visits.actions.once import once
from visits.actions.steps import advance_appeal
from visits.choices import AppealCategory, AppealClass, AppealSource, Urgency
from visits.models import Appeal, Visit
from visits.search import index_appeal


def create_appeal(
    *,
    actor: User,
    enterprise: Enterprise,
    content: str,
    category: str = AppealCategory.OTHER,
    appeal_class: str = AppealClass.COORDINATE,
    urgency: str = Urgency.NORMAL,
    source: str = AppealSource.VISIT,
    contact: Contact | None = None,
    visit: Visit | None = None,
    client_id: UUID | None = None,
    is_draft: bool = False,
    at: datetime | None = None,
) -> Appeal:
    """Register an appeal and submit it (unless a draft); the same actor and client_id give the same appeal."""
    at = at or timezone.now()

    def make() -> Appeal:
        owner = institution_of(actor)
        appeal = Appeal(
            organisation=owner, number=next_number(owner, at), client_id=client_id or uuid4(), source=source,
            visit=visit, enterprise=enterprise, contact=contact or first_contact(enterprise), content=content,
            category=category, appeal_class=appeal_class, urgency=urgency, created_by=actor, created_at=at,
        )  # fmt: skip
        index_appeal(appeal, enterprise.search_text)
        appeal.save()
        return appeal if is_draft else advance_appeal(appeal, "submit", actor=actor, at=at)

    return once(Appeal, actor, client_id, make)


def first_contact(enterprise: Enterprise) -> Contact | None:
    """Whom the unit may call when the appeal names nobody."""
    return enterprise.contacts.filter(is_primary=True).first()


def institution_of(actor: User) -> Organisation:
    """The institution that owns what the actor records."""
    if actor.organisation is None:
        raise StepRefused("您的账号还没有所属单位，不能登记业务数据，请联系系统管理员。")
    if actor.organisation.path == actor.organisation.institution_path:
        return actor.organisation
    return Organisation.objects.get(path=actor.organisation.institution_path)


def next_number(owner: Organisation, at: datetime) -> str:
    """SQ20231105-001: running within the institution and the day. Call inside a transaction."""
    # The lock makes numbers run without gaps or clashes; it lets other tables go on pointing at the row.
    Organisation.objects.select_for_update(no_key=True).get(pk=owner.pk)
    prefix = f"SQ{timezone.localtime(at):%Y%m%d}-"
    taken = Appeal.objects.filter(organisation=owner, number__startswith=prefix)
    last = taken.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    running = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{running:03d}"
