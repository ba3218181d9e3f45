"""Recording, correcting and cancelling visits; appeals and photos come in with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise
from visits.actions.answers import keep_answers
from visits.actions.appeals import create_appeal, institution_of
from visits.actions.flags import raise_flags
from visits.actions.guard import StepRefused
from visits.actions.once import once
from visits.actions.pairs import Part, copy_anew, set_pairs
from visits.actions.suggestions import NewSuggestion, create_suggestion
from visits.choices import AppealCategory, AppealClass, AppealSource, Urgency, VisitKind, VisitStatus
from visits.models import Photo, Visit
from visits.search import refresh_visit

TOPIC_LENGTH = 40
REASON_LENGTH = 300
NO_PARTS: Mapping[int, Part] = MappingProxyType({})
SOURCES = {
    VisitKind.FORUM: AppealSource.FORUM,
    VisitKind.BREAKFAST: AppealSource.FORUM,
    VisitKind.PHONE: AppealSource.PHONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppeal:
    """An appeal raised during a visit."""

    enterprise: Enterprise
    content: str
    category: str = AppealCategory.OTHER
    appeal_class: str = AppealClass.COORDINATE
    urgency: str = Urgency.NORMAL
    # Made by the form, so that correcting a visit twice does not raise the appeal twice.
    client_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A photo freed from its EXIF data, and its small picture (visits.photos makes both)."""

    image: ContentFile[bytes]
    thumbnail: ContentFile[bytes]


def create_visit(
    *,
    actor: User,
    started_at: datetime,
    enterprises: Iterable[Enterprise],
    kind: str = VisitKind.VISIT,
    staff: Iterable[User] = (),
    summary: str = "",
    topic: str = "",
    place: str = "",
    ended_at: datetime | None = None,
    next_visit_on: date | None = None,
    parts: Mapping[int, Part] = NO_PARTS,
    appeals: Sequence[NewAppeal] = (),
    suggestions: Sequence[NewSuggestion] = (),
    photos: Sequence[NewPhoto] = (),
    client_id: UUID | None = None,
    at: datetime | None = None,
) -> Visit:
    """Record a visit with its enterprises, staff, photos and appeals; one whose time is to come is a plan.

    The same actor and client_id give the same visit, whatever else is sent with it.
    """
    at = at or timezone.now()

    def make() -> Visit:
        visit = Visit.objects.create(
            organisation=institution_of(actor), client_id=client_id or uuid4(), kind=kind,
            status=status_at(started_at, at), started_at=started_at, ended_at=ended_at, place=place,
            topic=topic or topic_of(summary, kind), summary=summary, next_visit_on=next_visit_on,
            created_by=actor, created_at=at,
        )  # fmt: skip
        set_pairs(visit, enterprises, parts)
        visit.staff.set(staff or [actor])
        refresh_visit(visit)
        _keep_what_was_heard(visit, parts, suggestions, actor, at)
        _raise_appeals(visit, appeals, actor, at)
        _add_photos(visit, photos)
        return visit

    return once(Visit, actor, client_id, make)


@transaction.atomic
def update_visit(
    visit: Visit,
    *,
    actor: User,
    enterprises: Iterable[Enterprise],
    staff: Iterable[User],
    parts: Mapping[int, Part] = NO_PARTS,
    appeals: Sequence[NewAppeal] = (),
    suggestions: Sequence[NewSuggestion] = (),
    photos: Sequence[NewPhoto] = (),
    dropped_photos: Iterable[Photo] = (),
    client_id: UUID | None = None,
    seen_version: int | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Visit:
    """Correct a visit, or complete a planned one; `fields` are plain columns (started_at, kind, summary, …).

    The same `client_id` adds the same photo once, however often it is sent.
    With `seen_version`, refuses with the code "stale" when the actor did not see the latest version.
    """
    at = at or timezone.now()
    row = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    _check_may_change(row, actor)
    if row.deleted_at is not None:
        raise StepRefused("这次走访已移入回收站，恢复后才能修改。")
    if seen_version is not None and row.version != seen_version:
        raise StepRefused("别人刚刚修改过这次走访，您看到的不是最新内容，请重新打开后再改。", code="stale")
    before = (row.status, timezone.localdate(row.started_at))
    row.version += 1
    set_author(row, actor)
    for name, value in fields.items():
        setattr(row, name, value)
    row.topic = row.topic or topic_of(row.summary, row.kind)
    row.status, row.cancel_reason = status_at(row.started_at, at), ""
    row.save()
    set_pairs(row, enterprises, parts)
    _follow_the_day(row, before)
    row.staff.set(staff or [actor])
    refresh_visit(row)
    _keep_what_was_heard(row, parts, suggestions, actor, at)
    _raise_appeals(row, appeals, actor, at)
    _drop_photos(row, dropped_photos)
    _add_photos(row, photos, client_id)
    return row


@transaction.atomic
def cancel_visit(visit: Visit, *, actor: User, reason: str) -> Visit:
    """A planned visit that will not take place, and why; a visit that took place stays."""
    row = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    _check_may_change(row, actor)
    if row.deleted_at is not None:
        raise StepRefused("这次走访已移入回收站，恢复后才能修改。")
    if row.status == VisitStatus.DONE:
        raise StepRefused("已完成的走访不能取消，可以修改。")
    if not reason.strip():
        raise StepRefused("请写明为什么取消这次走访，例如企业临时有事、改期。")
    row.status, row.cancel_reason = VisitStatus.CANCELLED, reason.strip()[:REASON_LENGTH]
    row.version += 1
    set_author(row, actor)
    row.save()
    return row


def set_author(row: Any, actor: User) -> None:
    row._history_user = actor  # the history package's hook for the author


def topic_of(summary: str, kind: str) -> str:
    """The first line of what was said; the kind of visit when nothing was written."""
    lines = summary.strip().splitlines()
    return lines[0].strip()[:TOPIC_LENGTH] if lines else VisitKind(kind).label


def _check_may_change(visit: Visit, actor: User) -> None:
    if not visit.may_be_changed_by(actor):
        raise StepRefused("只有记录人、参加人员和主管可以修改这次走访。")


def status_at(started_at: datetime, now: datetime) -> str:
    return VisitStatus.PLANNED if started_at > now else VisitStatus.DONE


def _follow_the_day(visit: Visit, before: tuple[str, date]) -> None:
    """The enterprises are as they were on the day: a plan is copied anew when it becomes a visit."""
    status, day = before
    if status != VisitStatus.DONE:
        copy_anew(visit, with_park=True)
    elif day != timezone.localdate(visit.started_at):
        copy_anew(visit, with_park=False)


def _keep_what_was_heard(
    visit: Visit, parts: Mapping[int, Part], suggestions: Sequence[NewSuggestion], actor: User, at: datetime
) -> None:
    """Answers, red flags and suggestions; a plan warns of nothing yet."""
    keep_answers(visit, parts)
    if visit.status == VisitStatus.DONE:
        raise_flags(visit, parts, actor=actor, at=at)
    for new in suggestions:
        create_suggestion(new, visit=visit, actor=actor, at=at)


def _raise_appeals(visit: Visit, appeals: Sequence[NewAppeal], actor: User, at: datetime) -> None:
    source = SOURCES.get(VisitKind(visit.kind), AppealSource.VISIT)
    for new in appeals:
        create_appeal(
            actor=actor, enterprise=new.enterprise, content=new.content, category=new.category,
            appeal_class=new.appeal_class, urgency=new.urgency, source=source, visit=visit,
            client_id=new.client_id, at=at,
        )  # fmt: skip


def _add_photos(visit: Visit, photos: Sequence[NewPhoto], sent_as: UUID | None = None) -> None:
    """Files are written last; when the transaction fails after all, those written are taken away again."""
    written: list[str | None] = []
    try:
        for new in photos:
            name = _photo_name(new, sent_as)
            if visit.photos.filter(image__contains=name).exists():
                continue
            photo = Photo(visit=visit)
            photo.image.save(f"{name}.jpg", new.image, save=False)
            written.append(photo.image.name)
            photo.thumbnail.save(f"{name}_s.jpg", new.thumbnail, save=False)
            written.append(photo.thumbnail.name)
            photo.save()
    except Exception:
        _delete_files(written)
        raise


def _photo_name(new: NewPhoto, sent_as: UUID | None) -> str:
    """No name to be guessed; the same for the same picture of the same correction."""
    if sent_as is None:
        return uuid4().hex
    return uuid5(sent_as, sha256(new.image.read()).hexdigest()).hex


def _drop_photos(visit: Visit, photos: Iterable[Photo]) -> None:
    dropped = list(visit.photos.filter(pk__in=[photo.pk for photo in photos]))
    names = [name for photo in dropped for name in (photo.image.name, photo.thumbnail.name)]
    visit.photos.filter(pk__in=[photo.pk for photo in dropped]).delete()
    transaction.on_commit(lambda: _delete_files(names))


def _delete_files(names: Iterable[str | None]) -> None:
    for name in names:
        if name:
            default_storage.delete(name)
