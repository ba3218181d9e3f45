"""Upload and staging: from the bytes to rows with a verdict that a person can look at. Writes no business data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from crm.bulk import Mould, insert_rows, steady_memory
from crm.imports.digest import Digest
from crm.imports.errors import ImportFileError, ImportStateError
from crm.imports.glimpse import Glimpse, keep, kept
from crm.imports.headers import Heading, Table, find_table, table_at
from crm.imports.keeping import packed, unpacked
from crm.imports.mapping import ColumnMap, about, fingerprint, map_columns
from crm.imports.matching import ROWS_PER_PART, Matched, Matching, chunks
from crm.imports.parsing import Draft, parse_rows
from crm.imports.progress import Report, reported, silent
from crm.imports.reading import read_file
from crm.imports.resource import ImportResource, get_resource
from crm.imports.sheets import Sheet
from crm.imports.words import remembered
from crm.models import Organisation, User
from crm.models.imports import BatchState, ImportBatch, ImportFile, ImportLayout, ImportRow, Verdict

NO_HEADER = "没有找到表头：前 20 行里没有“企业名称”这样的列名。请检查是否选对了文件"


def institution_of(user: User) -> Organisation:
    """The organisation that will own the rows: the user's own or the institution its unit belongs to."""
    if user.organisation is None:
        raise ImportStateError("您的账号没有所属单位，不能导入。请联系系统管理员")
    if not user.organisation.is_unit:
        return user.organisation
    return Organisation.objects.get(path=user.organisation.institution_path)


def create_batch(
    *, resource_key: str, content: bytes, filename: str, actor: User, options: Mapping[str, Any], must_find_header: bool
) -> ImportBatch:
    """Keep the file with its header and columns as detected. Raises ``ImportFileError`` and then keeps nothing."""
    return open_file(
        resource_key=resource_key,
        content=content,
        filename=filename,
        actor=actor,
        options=options,
        must_find_header=must_find_header,
    )[0]


@steady_memory()
def open_file(
    *, resource_key: str, content: bytes, filename: str, actor: User, options: Mapping[str, Any], must_find_header: bool
) -> tuple[ImportBatch, Table]:
    """The same, with what was read, for those who stage it at once and need not read it again."""
    resource = get_resource(resource_key)
    organisation = resource.owner(options) or institution_of(actor)
    sheets = read_file(content, filename)
    table = find_table(sheets, resource)
    if table is None and must_find_header:
        raise ImportFileError(NO_HEADER)
    batch = ImportBatch(
        organisation=organisation,
        created_by=actor,
        resource=resource.key,
        filename=filename[-255:],
        sha256=hashlib.sha256(content).hexdigest(),
        options=dict(options),
    )
    table = table or table_at(sheets[0], 1, 1, resource)
    point_at(batch, table, resource)
    with transaction.atomic():
        batch.save()
        ImportFile.objects.create(batch=batch, content=packed(content))
    keep(batch, sheets, table)
    return batch, table


def earlier_batch(batch: ImportBatch) -> ImportBatch | None:
    """The last time that the very same file went in."""
    same = ImportBatch.objects.filter(
        organisation_id=batch.organisation_id,
        resource=batch.resource,
        sha256=batch.sha256,
        state=BatchState.COMMITTED,
    )
    return same.exclude(pk=batch.pk).select_related("committed_by").first()


def point_at(batch: ImportBatch, table: Table, resource: ImportResource) -> None:
    """Take a table as the one to import, with its columns as remembered or guessed. Does not save."""
    batch.sheet = table.sheet.name[:120]
    batch.header_row, batch.header_rows = table.header_row, table.header_rows
    batch.headings = [heading.text for heading in table.headings]
    remembered = ImportLayout.objects.filter(
        organisation_id=batch.organisation_id, resource=batch.resource, fingerprint=fingerprint(table.headings)
    ).first()
    known = {column.key for column in resource.columns}
    mapping: Mapping[Any, str] = remembered.mapping if remembered else map_columns(table, resource)
    batch.mapping = {str(index): key for index, key in mapping.items() if key in known}


def sheets_of(batch: ImportBatch, report: Report = silent) -> list[Sheet]:
    # No rows are counted before the last is read; but whoever waits may have had enough of it.
    return read_file(unpacked(bytes(batch.file.content)), batch.filename, lambda: report(0, 0))


def table_of(batch: ImportBatch, sheets: list[Sheet]) -> Table:
    sheet = next((sheet for sheet in sheets if sheet.name[:120] == batch.sheet), sheets[0])
    return table_at(sheet, batch.header_row, batch.header_rows, get_resource(batch.resource))


def glimpse_of(batch: ImportBatch) -> Glimpse:
    """What there is to see of the file, read only when it was not read lately."""
    if found := kept(batch):
        return found
    sheets = sheets_of(batch)
    return keep(batch, sheets, table_of(batch, sheets))


def open_batch(batch_id: int) -> ImportBatch:
    """Lock a batch of which columns, cells and decisions may still be changed, until it is staged or queued anew."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=batch_id)
    if not batch.is_open:
        raise ImportStateError("这一批已经导入、作废或正在处理，不能再改")
    return batch


def set_mapping(batch: ImportBatch, headings: Sequence[Heading], mapping: ColumnMap) -> None:
    """The columns as a person left them; remembered for the next file of this layout."""
    batch.mapping = {str(index): key for index, key in mapping.items()}
    batch.save(update_fields=["mapping"])
    ImportLayout.objects.update_or_create(
        organisation_id=batch.organisation_id,
        resource=batch.resource,
        fingerprint=fingerprint(headings),
        defaults={"mapping": batch.mapping},
    )


@steady_memory()
def stage(batch: ImportBatch, *, actor: User, report: Report = silent, table: Table | None = None) -> ImportBatch:
    """Judge every row anew. Safe to repeat until the batch is committed. ``table`` is the one of ``open_file``."""
    resource = get_resource(batch.resource)
    table = table or table_of(batch, sheets_of(batch, report))
    mapping = {int(index): key for index, key in batch.mapping.items()}
    if not resource.is_named_by(mapping.values()):
        raise ImportStateError(f"请指明哪一列是{resource.column(resource.required).label}")
    if not table.rows:
        raise ImportFileError("表头下面没有数据，请检查表头行是否选对")
    resource.prepare(batch.organisation, actor)
    resource.told(about(batch.options, batch.filename, table, mapping))
    words = remembered(batch.organisation, batch.resource)
    drafts = reported(parse_rows(table, mapping, resource, batch.fixes, words), len(table.rows), report)
    matching = Matching(resource, batch.organisation, actor, batch.decisions)
    staged, mould = _Staged(batch), Mould(ImportRow, batch=batch)
    try:
        waiting: list[ImportRow] = []
        for part in chunks(drafts, ROWS_PER_PART):
            if waiting:
                staged.put(waiting)
            waiting = [_row(mould, batch, resource, item) for item in matching.judge(part)]
        staged.finish(waiting, table)
    except Exception:
        staged.drop()
        raise
    return batch


class _Staged:
    """The rows of one staging, put part by part. Only with the last of them is the batch staged."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch, self._digest = batch, Digest(batch.mapping)
        self._counts = dict.fromkeys(("rows", *Verdict.values, "unconfirmed", "suggestions", "suspects", "edited"), 0)
        self._is_begun = False

    @transaction.atomic
    def put(self, rows: Sequence[ImportRow]) -> None:
        """Another part, short enough to keep nobody waiting for the database."""
        self._lock()
        if not self._is_begun:
            ImportBatch.objects.filter(pk=self._batch.pk, state=BatchState.STAGED).update(state=BatchState.UPLOADED)
            self._batch.rows.all().delete()
        self._insert(rows)
        self._is_begun = True

    @transaction.atomic
    def finish(self, rows: Sequence[ImportRow], table: Table) -> None:
        """The last part, which for most lists is the only one."""
        batch = self._batch
        self._lock()
        if not self._is_begun:
            batch.rows.all().delete()
        self._insert(rows)
        batch.counts, batch.digest = self._counts, self._digest.as_json()
        batch.skipped = [{"row": number, "text": text} for number, text in sorted(table.skipped)]
        batch.state, batch.message = BatchState.STAGED, ""
        batch.save()

    def drop(self) -> None:
        """Nothing of a staging that came to nothing is kept; what another one has begun meanwhile is."""
        with transaction.atomic():
            if self._is_begun and self._is_ours(ImportBatch.objects.select_for_update().get(pk=self._batch.pk)):
                self._batch.rows.all().delete()

    def _lock(self) -> None:
        if not self._is_ours(ImportBatch.objects.select_for_update().get(pk=self._batch.pk)):
            raise ImportStateError("这一批已经导入或正在处理，不能再改")

    def _is_ours(self, locked: ImportBatch) -> bool:
        is_staged = self._is_begun and locked.state == BatchState.STAGED
        return locked.run == self._batch.run and not (
            is_staged or locked.is_committed or locked.state == BatchState.COMMITTING
        )

    def _insert(self, rows: Sequence[ImportRow]) -> None:
        insert_rows([self._digest.take(row) for row in rows])
        for row in rows:
            self._counts[str(row.verdict)] += 1
            self._counts["unconfirmed"] += row.needs_confirmation
            self._counts["suggestions"] += row.has_suggestion
            self._counts["suspects"] += row.has_suspects
            self._counts["edited"] += sum(change["by_hand"] for change in row.changes)
        self._counts["rows"] += len(rows)


def _row(mould: Mould, batch: ImportBatch, resource: ImportResource, matched: Matched) -> ImportRow:
    draft, changes = matched.draft, matched.changes
    row: ImportRow = mould.row(
        number=draft.number,
        label=_label(draft, resource, matched.target)[:200],
        verdict=matched.verdict.value,
        cells=draft.cells,
        values=draft.values,
        changes=[change.as_json() for change in changes],
        messages=draft.messages,
        target_id=matched.target.pk if matched.target else None,
        target_version=resource.version_of(matched.target) if matched.target else None,
        needs_confirmation=draft.is_doubtful and matched.verdict in (Verdict.NEW, Verdict.CHANGED),
        has_suggestion=draft.has_suggestion,
        fills_blanks=any(not change.old for change in changes),
        overwrites=any(change.old and not change.by_hand for change in changes),
        overwrites_edited=any(change.by_hand for change in changes),
        decision=batch.decisions.get(str(draft.number), ""),
    )
    return row


def _label(draft: Draft, resource: ImportResource, target: Any) -> str:
    return resource.subject_of(draft.values) or str(target or "（无名称）")
