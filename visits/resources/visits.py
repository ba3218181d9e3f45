"""Lists of visits: when, to whom, by whom, what was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from crm.imports.cells import CellError
from crm.imports.columns import Reading, Values
from crm.imports.resource import Change, ImportResource, Keys, plain_fields
from crm.models import Organisation, User
from parks.resources.firms import Firms, labelled, resolve, subject
from visits.actions.visits import TOPIC_LENGTH, status_at, topic_of
from visits.choices import VisitKind, VisitStatus
from visits.import_columns.visits import VISIT_COLUMNS
from visits.models import Suggestion, Visit, VisitEnterprise
from visits.querysets import told_pairs
from visits.resources.heard import Heard
from visits.resources.office import people_of
from visits.search import reindex_visits
from visits.standing import copy_standing

ROWS_PER_WRITE = 1000


class VisitResource(ImportResource):
    key = "visits"
    label = "走访记录"
    noun = "走访"
    measure = "次"
    identity = "企业、时间和形式"
    permission = "visits.import_visit"
    undo_permission = undo_any_permission = "visits.import_visit"
    model = Visit
    columns = VISIT_COLUMNS
    required = "firm"
    stand_ins = ("uscc",)

    def __init__(self) -> None:
        self._firms: Firms | None = None
        self._people: dict[str, int] = {}
        self._heard: Heard | None = None

    def prepare(self, organisation: Organisation, user: User) -> None:
        self._firms, self._people = Firms(organisation, user), people_of(organisation)
        self._heard = Heard(organisation)

    def lookups(self) -> dict[str, Any]:
        return {"people": self._people}

    def subject_of(self, values: Values) -> str:
        started = values.get("started_at")
        return f"{started:%Y-%m-%d} {subject(values)}" if isinstance(started, datetime) else subject(values)

    def finish(self, values: Values, reading: Reading) -> None:
        assert self._firms is not None
        found = resolve(values, self._firms)
        values |= {"_firms": sorted(firm.pk for firm in found), **labelled(found)}
        started = values.get("started_at")
        if started is None:
            raise CellError("没有写走访时间", column="started_at")
        if started > timezone.now():
            reading.warn("时间还没有到，按计划中的走访登记")
        values.setdefault("kind", VisitKind.VISIT.value)
        if strangers := values.pop("_staff_strangers", ()):
            values["_strangers"] = "、".join(strangers)
        self._told.read(values, found, reading)

    @property
    def _told(self) -> Heard:
        assert self._heard is not None
        return self._heard

    def keys_of(self, values: Values) -> Keys:
        return _key(values["started_at"], values["kind"], values["_firms"], bool(values.get("_started_at_is_day")))

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        """Every visit under its moment and under its day: lists often know the day only."""
        visits = Visit.objects.living().filter(organisation__path__startswith=organisation.path)
        firms: dict[int, list[int]] = defaultdict(list)
        pairs = VisitEnterprise.objects.living().filter(visit__in=visits.order_by().values("pk"))
        for visit, firm in pairs.values_list("visit_id", "enterprise_id"):
            firms[visit].append(firm)
        for pk, started, kind in visits.order_by("-organisation__path", "pk").values_list("pk", "started_at", "kind"):
            for is_day in (True, False):
                yield pk, _key(started, kind, sorted(firms[pk]), is_day)

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        seen = Visit.objects.visible_to(user).filter(pk__in=pks)
        self._told.recall(self.export_rows(seen))
        return set(seen.values_list("pk", flat=True))

    def reconcile(self, values: Values, target: Visit, changes: list[Change], reading: Reading) -> None:
        self._told.compare(values, target, changes, reading)
        # Lists know the day or the minute; both were compared with the visit's when it was found.
        same_minute = (target.started_at - values["started_at"]).total_seconds() // 60 == 0
        if same_minute or values.get("_started_at_is_day"):
            changes[:] = [change for change in changes if change.field != "started_at"]

    def new_instance(self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]) -> Visit:
        now, staff = timezone.now(), values.get("_staff") or [user.pk]
        visit = Visit(organisation=organisation, created_by_id=staff[0])
        self.apply(visit, values, [name for name in values if not name.startswith("_")])
        if strangers := values.get("_strangers"):
            visit.summary = f"{visit.summary}\n走访人：{strangers}".strip()
        visit.version, visit.created_at = 1, min(now, visit.started_at)
        visit.topic = visit.topic or topic_of(visit.summary, visit.kind)[:TOPIC_LENGTH]
        visit.status = _status(values, visit, now)
        visit.cancel_reason = values.get("_cancel_reason", "") if visit.status == VisitStatus.CANCELLED else ""
        values["_staff"] = staff
        return visit

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        return sorted({*plain_fields(fields), "version", "updated_at"})

    def apply(self, target: Visit, values: Values, fields: Iterable[str]) -> None:
        for name in fields:
            if not name.startswith("_"):
                setattr(target, name, values[name])
        target.version += 1
        target.updated_at = timezone.now()

    def after_write(self, written: Sequence[tuple[Visit, Values, Sequence[str]]]) -> None:
        new = [(visit, values) for visit, values, fields in written if "_firms" in fields]
        pairs: list[Any] = [self._told.pair(visit, pk, values) for visit, values in new for pk in values["_firms"]]
        copy_standing(pairs)
        VisitEnterprise.objects.bulk_create(pairs, batch_size=ROWS_PER_WRITE)
        staff = Visit.staff.through
        links: list[Any] = [staff(visit_id=visit.pk, user_id=pk) for visit, values in new for pk in values["_staff"]]
        staff._default_manager.bulk_create(links, batch_size=ROWS_PER_WRITE)
        for row in [*pairs, *links]:
            self.journal.made(row.visit_id, row)
        self._told.write(written, self.journal)
        reindex_visits(visit.pk for visit, _, _ in written)

    def after_undo(self, restored: Sequence[Visit]) -> None:
        reindex_visits(visit.pk for visit in restored)

    def vocabulary(self, key: str) -> Sequence[str]:
        return sorted(self._people) if key == "staff" else super().vocabulary(key)

    def export_rows(self, rows: Any) -> Iterator[Visit]:
        suggestions = Prefetch("suggestions", Suggestion.objects.living().select_related("enterprise").order_by("pk"))
        found: Iterator[Visit] = rows.prefetch_related(told_pairs(), "staff", suggestions).iterator(chunk_size=2000)
        return found

    def url_of(self, pk: int) -> str:
        return reverse("visits:visit_detail", args=[pk])

    def describe(self, name: str, value: Any) -> str:
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        return str(VisitKind(value).label) if name == "kind" else super().describe(name, value)


def _status(values: Values, visit: Visit, now: datetime) -> str:
    """As the list says, but that nothing has taken place that is still to come."""
    told = str(values.get("_status") or VisitStatus.DONE)
    return status_at(visit.started_at, now) if told == VisitStatus.DONE else told


def _key(started: datetime, kind: str, firms: Sequence[int], is_day: bool) -> Keys:
    local = timezone.localtime(started)
    when = f"{local:%Y-%m-%d}" if is_day else f"{local:%Y-%m-%d %H:%M}"
    key = f"{when}|{kind}|{','.join(map(str, firms))}"
    return Keys(key, key)
