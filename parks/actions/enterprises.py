"""Changes of the register that have a rule: derived names, versions, tags and former names in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from crm.models import Organisation, User
from parks.models import Enterprise, FormerCode, FormerName, Tag
from parks.names import normalise_name
from parks.search import FIELDS, index_enterprise, tell_followers
from parks.shared import compare_later


def owner_for(enterprise: Enterprise, actor: User) -> Organisation:
    """The institution that owns a new enterprise: the park's, else the actor's own."""
    if enterprise.park:
        return enterprise.park.organisation
    assert actor.organisation is not None
    return Organisation.objects.get(path=actor.organisation.institution_path)


@transaction.atomic
def create_enterprise(
    enterprise: Enterprise, *, actor: User, former_names: Iterable[str] = (), tags: Iterable[str] = ()
) -> Enterprise:
    """Add an enterprise to the register; raises IntegrityError when its code is taken."""
    enterprise.organisation = owner_for(enterprise, actor)
    enterprise.created_by = actor
    save_enterprise(enterprise, actor)
    set_former_names(enterprise, former_names)
    set_tags(enterprise, tags)
    refresh_index(enterprise)
    return enterprise


@transaction.atomic
def update_enterprise(
    enterprise: Enterprise,
    *,
    actor: User,
    seen_version: int,
    former_names: Iterable[str] | None = None,
    tags: Iterable[str] | None = None,
) -> Enterprise:
    """Save changes made to the version that the actor saw; raises ValidationError when it is no longer the latest."""
    current = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if current.deleted_at is not None:
        raise ValidationError("这家企业已移入回收站，恢复后才能修改。您填写的内容仍在下面。", code="deleted")
    if current.version != seen_version:
        raise ValidationError(stale_message(current), code="stale")
    enterprise.version = current.version + 1
    if current.uscc and current.uscc != enterprise.uscc:
        FormerCode.objects.get_or_create(enterprise=enterprise, code=current.uscc)
    save_enterprise(enterprise, actor)
    if former_names is not None:
        set_former_names(enterprise, former_names)
    if tags is not None:
        set_tags(enterprise, tags)
    refresh_index(enterprise)
    return enterprise


def stale_message(current: Any) -> str:
    """What to say to the slower of two editors; `current` is the Enterprise as it now is."""
    who = last_editor(current)
    return f"{who} 刚刚修改过这家企业，您看到的不是最新内容。请打开企业页核对后再改，您填写的内容仍在下面。"


def last_editor(current: Any) -> str:
    """Who wrote the latest version, by name."""
    last = current.history.select_related("history_user").first()
    return str(last.history_user) if last and last.history_user else "别人"


def set_former_names(enterprise: Enterprise, names: Iterable[str]) -> None:
    wanted = {name: normalise_name(name) for name in names if name and name != enterprise.name}
    enterprise.former_names.exclude(name__in=wanted).delete()
    FormerName.objects.bulk_create(
        [FormerName(enterprise=enterprise, name=name, normalised_name=key) for name, key in wanted.items()],
        ignore_conflicts=True,
    )


def set_tags(enterprise: Enterprise, names: Iterable[str]) -> None:
    """Give the enterprise exactly these tags of its organisation, making those that are new."""
    wanted = [
        Tag.objects.get_or_create(organisation_id=enterprise.organisation_id, name=name)[0]
        for name in dict.fromkeys(names)
        if name
    ]
    enterprise.tags.set(wanted)


def save_enterprise(enterprise: Any, actor: User, reason: str | None = None) -> None:
    """Write with the derived fields and the history's author; for the actions of this package."""
    enterprise.normalised_name = normalise_name(enterprise.name)
    enterprise._history_user = actor  # the history package's hook for the author
    enterprise._change_reason = reason
    enterprise.save()


def refresh_index(enterprise: Enterprise) -> None:
    """Last of all, because former names are found too; not a change of its own in the history."""
    names = enterprise.former_names.order_by("pk").values_list("name", flat=True)
    compare_later([enterprise.pk])
    index_enterprise(enterprise, names, enterprise.former_codes.order_by("pk").values_list("code", flat=True))
    written = Enterprise.objects.filter(pk=enterprise.pk)
    before = written.values_list("search_text", flat=True).get()
    written.update(**{name: getattr(enterprise, name) for name in FIELDS})
    # A new record has nothing yet that could follow it.
    if before and before != enterprise.search_text:
        tell_followers([enterprise.pk])
