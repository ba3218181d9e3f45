"""Every kind of line of an enterprise's timeline, declared once: whose rows, at which moment, in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, F, Func, OuterRef
from django.utils import timezone

from crm.models import ImportBatch, ImportRow, User
from crm.models.imports import Outcome, Verdict
from parks.models import Enterprise, MergeRecord, Qualification, ServiceTier, Stewardship
from visits.choices import Via
from visits.models import Appeal, AppealEvent, CallBack, HotlineTicket, Visit, WarningFlag
from visits.workflow import BY_LINK, MAIN_STEPS

# Titles that run out within so many days are told before they have.
AHEAD_DAYS = 180
_WRITTEN = (Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED, Outcome.RESTORED, Outcome.KEPT)


class Midnight(Func):
    """The moment at which a day begins here."""

    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        offset = timezone.localtime().utcoffset() or timedelta()
        return self.as_sql(
            compiler, connection, template=f"datetime(%(expressions)s, '{-offset.total_seconds():.0f} seconds')"
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        zone = timezone.get_default_timezone_name()
        return self.as_sql(compiler, connection, template=f"(%(expressions)s::timestamp AT TIME ZONE '{zone}')")


@dataclass(frozen=True, slots=True)
class Fact:
    """What a line says that is neither a visit nor a step of an appeal."""

    head: str
    text: str = ""
    who: str = ""
    batch: ImportBatch | None = None
    # Where more of it is to be read.
    address: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose timeline, for whom, on which day."""

    enterprise: Enterprise
    user: User
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of line: `rows` are those that the reader may see, `at` is their moment, `tell` puts one into words."""

    key: str
    model: Any
    rows: Callable[[Asked], Any]
    at: Any
    tell: Callable[[Any], Fact] | None = None
    related: tuple[str, ...] = ()


def _visits(asked: Asked) -> Any:
    return Visit.objects.visible_to(asked.user).to_enterprise(asked.enterprise.pk)


def _events(asked: Asked) -> Any:
    appeals = Appeal.objects.visible_to(asked.user).filter(enterprise=asked.enterprise).order_by()
    return AppealEvent.objects.visible_to(asked.user).filter(appeal__in=appeals.values("pk"), step__in=MAIN_STEPS)


def _answered_again(asked: Asked) -> Any:
    """Kept beside the answer that counts, which is a step of its appeal."""
    appeals = Appeal.objects.visible_to(asked.user).filter(enterprise=asked.enterprise).order_by()
    rows = CallBack.objects.visible_to(asked.user).filter(appeal__in=appeals.values("pk"), via=Via.LINK, stands=False)
    return rows.filter(recheck=None)


def _of(model: Any, **conditions: Any) -> Callable[[Asked], Any]:
    return lambda asked: model.objects.visible_to(asked.user).filter(enterprise=asked.enterprise, **conditions)


def _running_out(asked: Asked) -> Any:
    """Ended or about to, and nothing followed."""
    rows = Qualification.objects.visible_to(asked.user).filter(enterprise=asked.enterprise)
    return rows.due_or_expired(asked.today, AHEAD_DAYS)


def _taken_off(asked: Asked) -> Any:
    """Tiers that ended without another that begins on that day."""
    rows = ServiceTier.objects.visible_to(asked.user).filter(enterprise=asked.enterprise, ends_on__lte=asked.today)
    followed = ServiceTier.objects.filter(enterprise=OuterRef("enterprise"), starts_on=OuterRef("ends_on"))
    return rows.exclude(Exists(followed.order_by()))


def _itself(**conditions: Any) -> Callable[[Asked], Any]:
    return lambda asked: Enterprise.objects.filter(pk=asked.enterprise.pk, **conditions)


def _merges(**conditions: Any) -> Callable[[Asked], Any]:
    return lambda asked: MergeRecord.objects.filter(survivor=asked.enterprise, **conditions)


def _imports(*outcomes: str, **conditions: Any) -> Callable[[Asked], Any]:
    return lambda asked: ImportRow.objects.filter(
        target_id=asked.enterprise.pk, batch__resource="enterprises", outcome__in=outcomes, **conditions
    )


def _title(row: Qualification) -> str:
    return " ".join(filter(None, [row.kind.short_name, row.batch, row.number]))


def _title_ended(row: Qualification) -> Fact:
    head = "资质到期" if (row.valid_to or date.max) < timezone.localdate() else "资质将到期"
    return Fact(head, " · ".join(filter(None, [_title(row), row.kind.renewal])))


def _post(row: Stewardship) -> str:
    return f"{row.user} {row.get_role_display()}{' · 主管家' if row.is_primary else ''}"


def _again(row: CallBack) -> Fact:
    said = f"{row.get_solved_display()}、{row.get_satisfaction_display()}"
    return Fact("企业后来又答", " · ".join(filter(None, [f"{row.appeal} {said}", row.comment])), BY_LINK)


def _ticket(row: HotlineTicket) -> Fact:
    return Fact(
        "热线工单", " · ".join([row.number, row.get_status_display(), row.subject]), address=row.get_absolute_url()
    )


def _import(row: ImportRow) -> Fact:
    labels = list(dict.fromkeys(change["label"] for change in row.changes))
    more = f" 等 {len(labels)} 项" if len(labels) > 6 else ""
    told = "名单新增" if row.verdict == Verdict.NEW else f"更新 {'、'.join(labels[:6])}{more}"
    return Fact(f"导入 #{row.batch.pk}", told, str(row.batch.committed_by or ""), row.batch)


LINES: tuple[Line, ...] = (
    Line("joined", Enterprise, _itself(), Midnight(F("joined_on")), lambda row: Fact("入园")),
    Line(
        "import",
        ImportRow,
        _imports(*_WRITTEN, batch__committed_at__isnull=False),
        F("batch__committed_at"),
        _import,
        ("batch__committed_by",),
    ),
    Line(
        "import_undone",
        ImportRow,
        _imports(Outcome.REMOVED, Outcome.RESTORED, batch__undone_at__isnull=False),
        F("batch__undone_at"),
        lambda row: Fact(f"撤销导入 #{row.batch.pk}", "恢复原值", str(row.batch.undone_by or ""), row.batch),
        ("batch__undone_by",),
    ),
    Line(
        "merged",
        MergeRecord,
        _merges(),
        F("merged_at"),
        lambda row: Fact("合并", f"并入“{row.source}”", str(row.merged_by)),
        ("source", "merged_by"),
    ),
    Line(
        "unmerged",
        MergeRecord,
        _merges(undone_at__isnull=False),
        F("undone_at"),
        lambda row: Fact("撤销合并", f"“{row.source}”恢复为单独的企业", str(row.undone_by)),
        ("source", "undone_by"),
    ),
    Line(
        "tier_ended",
        ServiceTier,
        _taken_off,
        Midnight(F("ends_on")),
        lambda row: Fact("移出服务包名单", row.get_tier_display()),
    ),
    Line(
        "tier",
        ServiceTier,
        _of(ServiceTier),
        Midnight(F("starts_on")),
        lambda row: Fact("列入服务包", row.get_tier_display()),
    ),
    Line(
        "steward_ended",
        Stewardship,
        _of(Stewardship, ends_on__isnull=False),
        Midnight(F("ends_on")),
        lambda row: Fact("不再担任管家", _post(row)),
        ("user",),
    ),
    Line(
        "steward",
        Stewardship,
        _of(Stewardship),
        Midnight(F("starts_on")),
        lambda row: Fact("担任管家", _post(row)),
        ("user",),
    ),
    Line(
        "title_ended",
        Qualification,
        _running_out,
        Midnight(F("valid_to")),
        _title_ended,
        ("kind",),
    ),
    Line(
        "title_withdrawn",
        Qualification,
        _of(Qualification, withdrawn_on__isnull=False),
        Midnight(F("withdrawn_on")),
        lambda row: Fact("资质撤销", "：".join(filter(None, [_title(row), row.withdrawn_reason]))),
        ("kind",),
    ),
    Line(
        "title",
        Qualification,
        _of(Qualification),
        Midnight(F("valid_from")),
        lambda row: Fact("获得资质", f"{_title(row)}，{f'有效至 {row.valid_to}' if row.valid_to else '长期有效'}"),
        ("kind",),
    ),
    Line("answer", CallBack, _answered_again, F("called_at"), _again, ("appeal",)),
    Line("event", AppealEvent, _events, F("at"), related=("appeal", "actor")),
    Line(
        "flag",
        WarningFlag,
        _of(WarningFlag),
        F("raised_at"),
        lambda row: Fact("预警", " · ".join(filter(None, [row.get_kind_display(), row.detail])), str(row.raised_by)),
        ("raised_by",),
    ),
    Line(
        "flag_handled",
        WarningFlag,
        _of(WarningFlag, handled_at__isnull=False),
        F("handled_at"),
        lambda row: Fact("处理预警", f"{row.get_kind_display()}：{row.handled_note}", str(row.handled_by)),
        ("handled_by",),
    ),
    Line("ticket", HotlineTicket, _of(HotlineTicket), F("called_at"), _ticket),
    Line("visit", Visit, _visits, F("started_at")),
    Line(
        "left",
        Enterprise,
        _itself(left_on__isnull=False),
        Midnight(F("left_on")),
        lambda row: Fact(row.get_stage_display()),
    ),
)
