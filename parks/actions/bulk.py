"""One change of many enterprises chosen in the list. Each returns what is needed to take it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.bulk import create_with_history, delete_with_history, update_with_history
from crm.models import User
from parks.actions.service import STEWARD_ROLES
from parks.choices import Stage, StewardRole
from parks.models import Enterprise, Stewardship, Tag
from parks.querysets import EnterpriseQuerySet

PRESENT = (Stage.REGISTERED, Stage.SETTLED)
CHANGE_REASON, UNDO_REASON = "批量修改", "撤销批量修改"


@dataclass(slots=True)
class Done:
    """How many were changed and how many left as they were; `undo` is plain data that a session can hold."""

    changed: int
    left: int
    undo: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def tag_enterprises(rows: EnterpriseQuerySet, *, actor: User, name: str) -> Done:
    """Give a tag, each from its own organisation's tags."""
    firms = _locked(rows)
    found = {
        pk: Tag.objects.get_or_create(organisation_id=pk, name=name) for pk in {firm.organisation_id for firm in firms}
    }
    tags = {pk: tag for pk, (tag, _) in found.items()}
    links: Any = Enterprise.tags.through
    has = links.objects.filter(enterprise__in=firms, tag__in=tags.values()).values_list("enterprise_id", flat=True)
    known = set(has)
    new = [links(enterprise=firm, tag=tags[firm.organisation_id]) for firm in firms if firm.pk not in known]
    links.objects.bulk_create(new)
    undo: dict[str, Any] = {"kind": "tag", "links": [[link.enterprise_id, link.tag_id] for link in new]}
    undo["made"] = [tag.pk for tag, is_new in found.values() if is_new]
    return Done(len(new), len(firms) - len(new), undo)


@transaction.atomic
def stage_enterprises(rows: EnterpriseQuerySet, *, actor: User, stage: str) -> Done:
    """注册 or 入驻; firms that have left keep their stage, which goes with a date."""
    firms = _locked(rows)
    changed = [firm for firm in firms if firm.stage in PRESENT and firm.stage != stage]
    before = [[firm.pk, firm.stage, firm.version + 1] for firm in changed]
    for firm in changed:
        firm.stage = stage
    _write(changed, actor)
    return Done(len(changed), len(firms) - len(changed), {"kind": "stage", "rows": before})


@transaction.atomic
def steward_enterprises(rows: EnterpriseQuerySet, *, actor: User, user: User) -> Done:
    """Make a person the primary steward from today; ends the former one. Firms outside the person's reach are left."""
    firms, today = _locked(rows), timezone.localdate()
    path = user.organisation.institution_path if user.organisation else "-"
    reached = set(rows.filter(organisation__path__startswith=path).values_list("pk", flat=True))
    open_rows = Stewardship.objects.filter(enterprise__in=reached).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    )
    settled = set(open_rows.filter(user=user, is_primary=True).values_list("enterprise_id", flat=True))
    settled |= set(open_rows.filter(starts_on__gt=today).values_list("enterprise_id", flat=True))
    wanted = [firm for firm in firms if firm.pk in reached - settled]
    rivals = open_rows.filter(Q(is_primary=True) | Q(user=user), enterprise__in=wanted)
    undo = {"kind": "steward", **_end(rivals, today, actor)}
    new = [Stewardship(enterprise=firm, user=user, role=StewardRole.LOCAL, starts_on=today) for firm in wanted]
    create_with_history(new, actor=actor, reason=CHANGE_REASON)
    return Done(len(new), len(firms) - len(new), undo | {"created": [row.pk for row in new]})


def stewards_for(actor: User) -> Any:
    """Whom the list offers: staff in service whom the actor may see."""
    return User.objects.visible_to(actor).filter(is_active=True, role__in=STEWARD_ROLES, organisation__isnull=False)


def _end(rivals: Any, today: date, actor: User) -> dict[str, Any]:
    """End them today; what began today was in force on no day and goes."""
    rows = list(rivals)
    slips, former = [r for r in rows if r.starts_on == today], [r for r in rows if r.starts_on != today]
    removed = [[r.enterprise_id, r.user_id, r.role, r.is_primary] for r in slips]
    delete_with_history(slips, actor=actor, reason=CHANGE_REASON)
    ended = [[r.pk, r.ends_on and r.ends_on.isoformat()] for r in former]
    for row in former:
        row.ends_on = today
    update_with_history(former, ["ends_on"], actor=actor, reason=CHANGE_REASON)
    return {"ended": ended, "removed": removed, "on": today.isoformat()}


@transaction.atomic
def undo_bulk(rows: EnterpriseQuerySet, undo: dict[str, Any], *, actor: User) -> Done:
    """Take back a change where nobody has changed the same since; `rows` are those the actor may see."""
    undoers = {"tag": _undo_tag, "stage": _undo_stage, "steward": _undo_steward}
    return undoers[undo["kind"]](rows, undo, actor)


def _undo_tag(rows: EnterpriseQuerySet, undo: dict[str, Any], actor: User) -> Done:
    links: Any = Enterprise.tags.through
    seen = set(rows.filter(pk__in=[pk for pk, _ in undo["links"]]).values_list("pk", flat=True))
    tags = {tag for _, tag in undo["links"]}
    gone, _ = links.objects.filter(enterprise__in=seen, tag__in=tags).delete()
    # A tag that came with the change goes with it, unless it was given to others since.
    Tag.objects.filter(pk__in=undo.get("made", ()), enterprises__isnull=True).delete()
    return Done(gone, len(undo["links"]) - gone)


def _undo_stage(rows: EnterpriseQuerySet, undo: dict[str, Any], actor: User) -> Done:
    before = {pk: (stage, version) for pk, stage, version in undo["rows"]}
    firms = [firm for firm in _locked(rows.filter(pk__in=before)) if firm.version == before[firm.pk][1]]
    for firm in firms:
        firm.stage = before[firm.pk][0]
    _write(firms, actor, UNDO_REASON)
    return Done(len(firms), len(before) - len(firms))


def _undo_steward(rows: EnterpriseQuerySet, undo: dict[str, Any], actor: User) -> Done:
    today = date.fromisoformat(undo["on"])
    created = Stewardship.objects.filter(pk__in=undo["created"], ends_on__isnull=True, enterprise__in=rows)
    rows_now = list(created)
    firms = {row.enterprise_id for row in rows_now}
    delete_with_history(rows_now, actor=actor, reason=UNDO_REASON)
    ends = dict(undo["ended"])
    former = list(Stewardship.objects.filter(pk__in=ends, enterprise__in=firms, ends_on=today))
    for row in former:
        row.ends_on = date.fromisoformat(ends[row.pk]) if ends[row.pk] else None
    update_with_history(former, ["ends_on"], actor=actor, reason=UNDO_REASON)
    again = [
        Stewardship(enterprise_id=firm, user_id=user, role=role, is_primary=is_primary, starts_on=today)
        for firm, user, role, is_primary in undo["removed"]
        if firm in firms
    ]
    create_with_history(again, actor=actor, reason=UNDO_REASON)
    return Done(len(firms), len(undo["created"]) - len(firms))


def _locked(rows: EnterpriseQuerySet) -> list[Enterprise]:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return list(Enterprise.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _write(firms: list[Enterprise], actor: User, reason: str = CHANGE_REASON) -> None:
    for firm in firms:
        firm.version += 1
        firm.updated_at = timezone.now()
    update_with_history(firms, ["stage", "version", "updated_at"], actor=actor, reason=reason)
