"""Import batches: the file as uploaded, its rows as staged, and column choices worth remembering.

What happens to them is in crm/imports/; these are only the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from crm.models.organisation import Organisation
from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from crm.models import User


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", "待选列"
    STAGING = "staging", "核对中"
    STAGED = "staged", "待确认"
    COMMITTING = "committing", "导入中"
    COMMITTED = "committed", "已导入"
    UNDOING = "undoing", "撤销中"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "未完成"
    DROPPED = "dropped", "已作废"


# Nothing written yet, and nobody at work on it: columns, cells and decisions may be changed.
OPEN_STATES = (BatchState.UPLOADED, BatchState.STAGED, BatchState.FAILED)


class Verdict(models.TextChoices):
    """What a staged row is, compared with the register."""

    NEW = "new", "新增"
    CHANGED = "changed", "更新"
    SAME = "same", "相同"
    DUPLICATE = "duplicate", "疑似重复"
    ERROR = "error", "错误"


class ImportMode(models.TextChoices):
    """What may happen to rows that are already on the register."""

    OVERWRITE = "overwrite", "新增，并以文件更新已有企业"
    FILL = "fill", "新增，已有企业只补空白项"
    NEW = "new", "只新增，不动已有企业"

    def about(self, noun: str) -> str:
        """The label for a list of other things than enterprises."""
        return str(self.label).replace("企业", noun)


class Outcome(models.TextChoices):
    CREATED = "created", "已新增"
    UPDATED = "updated", "已更新"
    SKIPPED = "skipped", "未导入"
    CONFLICT = "conflict", "核对后有变，未导入"
    REMOVED = "removed", "新增的已移入回收站"
    RESTORED = "restored", "已恢复原值"
    KEPT = "kept", "之后有变化，保留"


class ImportBatchQuerySet(ScopedQuerySet["ImportBatch"]):
    def of_person(self, user: User) -> Q:
        return Q(created_by=user)

    def of_unit(self, user: User) -> Q:
        assert user.organisation is not None
        return Q(created_by__organisation__path__startswith=user.organisation.path)


class ImportBatch(models.Model):
    """One uploaded file on its way into the register of one organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    resource = models.CharField("名单种类", max_length=40)
    filename = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("文件指纹", max_length=64, db_index=True)
    state = models.CharField("状态", max_length=20, choices=BatchState, default=BatchState.UPLOADED)
    message = models.CharField("说明", max_length=300, blank=True)

    sheet = models.CharField("工作表", max_length=120, blank=True)
    header_row = models.PositiveIntegerField("表头行", default=1)
    header_rows = models.PositiveSmallIntegerField("表头行数", default=1)
    # Index of the file's column (a string, as JSON has it) → key of the resource's column.
    mapping: models.JSONField[Any, Any] = models.JSONField("列对应", default=dict)
    headings: models.JSONField[Any, Any] = models.JSONField("表头", default=list)
    skipped: models.JSONField[Any, Any] = models.JSONField("跳过的行", default=list)
    # Cells that a person corrected: row number → index of column → text.
    fixes: models.JSONField[Any, Any] = models.JSONField("更正", default=dict)
    # What stood there before: row number → index of column → text.
    originals: models.JSONField[Any, Any] = models.JSONField("更正前", default=dict)
    # What a person decided on suspected duplicates: row number → "update", "create", or "update:" and the key of whom.
    decisions: models.JSONField[Any, Any] = models.JSONField("取舍", default=dict)
    options: models.JSONField[Any, Any] = models.JSONField("选项", default=dict)
    counts: models.JSONField[Any, Any] = models.JSONField("核对结果", default=dict)
    # What the review offers of all rows together (digest.py): reasons, columns that change, words not known.
    digest: models.JSONField[Any, Any] = models.JSONField("核对摘要", default=dict)

    mode = models.CharField("方式", max_length=20, choices=ImportMode, default=ImportMode.OVERWRITE)
    accept_doubts = models.BooleanField("确认存疑的行", default=False)
    overwrite_edited = models.BooleanField("覆盖人工修改", default=False)
    # Fields whose old values stay, though the mode is to overwrite; their blanks are filled.
    spared: models.JSONField[Any, Any] = models.JSONField("不覆盖的列", default=list)
    committed_at = models.DateTimeField("导入时间", null=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    # Who put it aside without importing it, when, and from which state; blank once its file is gone.
    dropped_at = models.DateTimeField("作废时间", null=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作废人"
    )
    dropped_from = models.CharField("作废前的状态", max_length=20, choices=BatchState, blank=True)
    results: models.JSONField[Any, Any] = models.JSONField("导入结果", default=dict)
    # The last run in the background: its number, since when it was wanted, and by whom (crm/imports/tasks.py).
    run = models.PositiveIntegerField("第几次运行", default=0)
    run_at = models.DateTimeField("开始排队", null=True)
    run_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="运行人"
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"导入 #{self.pk} {self.filename}"

    def get_absolute_url(self) -> str:
        return reverse("crm:import_detail", args=[self.pk])

    def whose(self, actor: User | None) -> str:
        """Who uploaded it, for the record of what somebody else does with it."""
        return "" if actor is None or self.created_by_id == actor.pk else f"（{self.created_by}上传）"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_restorable(self) -> bool:
        """Dropped, and the file still there."""
        return self.state == BatchState.DROPPED and bool(self.dropped_from)

    @property
    def is_running(self) -> bool:
        return self.state in (BatchState.STAGING, BatchState.COMMITTING, BatchState.UNDOING)

    @property
    def is_committed(self) -> bool:
        """Written once, and never to be written again, even when it was undone."""
        return self.state in (BatchState.COMMITTED, BatchState.UNDOING, BatchState.UNDONE)

    @property
    def is_undone(self) -> bool:
        return self.state == BatchState.UNDONE


class ImportFile(models.Model):
    """The bytes, apart from the batch so that lists of batches do not load them."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, related_name="file", verbose_name="批次")
    content = models.BinaryField("内容")

    class Meta:
        verbose_name = "导入文件"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return str(self.batch)


class ImportRow(models.Model):
    """One row of the file as staged: what preview and commit both read."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name="批次")
    number = models.PositiveIntegerField("行号")
    label = models.CharField("名称", max_length=200)
    verdict = models.CharField("结论", max_length=20, choices=Verdict)
    cells: models.JSONField[Any, Any] = models.JSONField("原始内容", default=list)
    values: models.JSONField[Any, Any] = models.JSONField("取值", default=dict, encoder=DjangoJSONEncoder)
    changes: models.JSONField[Any, Any] = models.JSONField("变化", default=list)
    messages: models.JSONField[Any, Any] = models.JSONField("提示", default=list)
    target_id = models.BigIntegerField("对应记录", null=True)
    target_version = models.PositiveIntegerField("对应记录的版本", null=True)
    needs_confirmation = models.BooleanField("须确认", default=False)
    has_suggestion = models.BooleanField("有更正建议", default=False)
    fills_blanks = models.BooleanField("补空白", default=False)
    overwrites = models.BooleanField("更新原值", default=False)
    overwrites_edited = models.BooleanField("覆盖人工修改", default=False)
    has_suspects = models.BooleanField("可能重复", default=False)
    # Keys of its messages and names of the fields whose old values it changes, "|" around each (digest.py).
    reasons = models.TextField("问题", blank=True)
    overwritten = models.TextField("更新的列", blank=True)
    decision = models.CharField("取舍", max_length=30, blank=True)
    outcome = models.CharField("结果", max_length=20, choices=Outcome, blank=True)
    # The version that the commit left, and what it takes to go back: old values, rows of other tables (journal.py).
    written_version = models.PositiveIntegerField("写入后的版本", null=True)
    undo: models.JSONField[Any, Any] = models.JSONField("撤销用", default=dict)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "导入行"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_is_staged_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "verdict", "number"], name="import_row_by_verdict"),
            models.Index(fields=["target_id"], name="import_row_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class ImportLayout(models.Model):
    """The columns a person chose for a layout, offered again for the next file that has it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name="所属机构")
    resource = models.CharField("名单种类", max_length=40)
    fingerprint = models.CharField("表头指纹", max_length=64)
    mapping: models.JSONField[Any, Any] = models.JSONField("列对应", default=dict)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "列对应记忆"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "resource", "fingerprint"], name="import_layout_is_remembered_once"
            )
        ]

    def __str__(self) -> str:
        return self.fingerprint[:12]
