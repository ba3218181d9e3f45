"""A list of 20 000 rows and 26 columns into the register, changed, and back; against reading and inserting alone."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import python_calamine
import xlsxwriter
from django.db import connection, reset_queries, transaction
from django.utils import timezone

from bench.table import Measured
from crm.actions import create_organisation
from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models import ImportBatch, Organisation, User
from parks import uscc
from parks.models import Enterprise

ROWS = 20_000
PEER_ROWS = 5_000
HEADER = [
    "企业名称",
    "统一社会信用代码",
    "登记状态",
    "法定代表人",
    "注册资本(万元)",
    "实缴资本(万元)",
    "成立日期",
    "核准日期",
    "营业期限自",
    "营业期限至",
    "企业类型",
    "行业",
    "注册地址",
    "经营地址",
    "楼宇",
    "房间",
    "电话",
    "邮箱",
    "网址",
    "参保人数",
    "从业人数",
    "登记机关",
    "联系人",
    "联系人手机",
    "经营范围",
    "备注",
]


def run() -> list[Measured]:
    office = create_organisation(name="测试园区办公室", kind="park_office", parent=None)
    user = User.objects.create_user("bench", password=None, name="测试员", role="manager", organisation=office)
    new, changed = workbook(ROWS, 0), workbook(ROWS, 1)
    queries = _Queries()
    floor = _seconds(lambda: _floor(new, office))
    made, batch = _timed(lambda: _import(new, user))
    assert batch.results["created"] == ROWS, batch.results
    updated, batch = _timed(lambda: _import(changed, user))
    assert batch.results["updated"] == ROWS, batch.results
    back, batch = _timed(lambda: undo(batch.pk, actor=user))
    assert batch.results["restored"] == ROWS, batch.results
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counted = queries.count(lambda: _import(workbook(ROWS, 2), user)) if connection.vendor == "postgresql" else 0
    return [
        Measured("floor: read + bulk_create, no checks, no history", floor, unit="s"),
        Measured("new: read, stage, commit", made, 12, "s", f"×{made / floor:.1f} the floor (≤ 5)"),
        Measured("all changed: read, stage, commit", updated, 15, "s", f"×{updated / floor:.1f} the floor"),
        Measured("undo of all changed", back, 10, "s"),
        Measured("peak memory", memory, 400, "MB"),
        Measured("queries, all changed", counted, 150, ""),
        *_peer(user, made),
    ]


def workbook(count: int, edition: int, start: int = 0) -> bytes:
    """Every edition says something else of every row, in four of its columns."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for line, row in enumerate(_rows(start, start + count, edition), 1):
            sheet.write_row(line, 0, row)
    return buffer.getvalue()


def _rows(start: int, end: int, edition: int) -> Iterator[list[Any]]:
    for n in range(start, end):
        founded = date(2000, 1, 1) + timedelta(days=n % 9000)
        yield [
            f"北京测试{n}号科技有限公司", _code(n), "存续", f"张{chr(0x4E00 + n % 5000)}", n % 5000 + 10 + edition, n % 3000,
            founded.isoformat(), founded.isoformat(), founded.isoformat(), "长期", "有限责任公司(自然人投资或控股)", "软件开发",
            f"北京市通州区西集镇创新路{n}号{edition}", f"北京市通州区西集镇创业街{n}号", f"{n % 9}号楼", str(n % 999),
            f"010-{60000000 + n}", f"info{n}@example.com", f"https://www.example{n}.com", n % 300, n % 400 + edition,
            "北京市通州区市场监督管理局", f"李{chr(0x4E00 + n % 4000)}", f"138{n % 100_000_000:08d}",
            "技术开发；技术咨询；技术服务；技术转让；计算机系统服务；软件开发；销售计算机、软件及辅助设备", f"第{edition}版",
        ]  # fmt: skip


def _code(number: int) -> str:
    body = f"{number:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    inner = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
    first = f"91110112{body}{inner}"
    return first + uscc.check_digit(first)


def _import(content: bytes, user: User) -> ImportBatch:
    batch = create_batch(
        resource_key="enterprises", content=content, filename="名单.xlsx", actor=user, options={}, must_find_header=True
    )
    stage(batch, actor=user)
    ImportBatch.objects.filter(pk=batch.pk).update(overwrite_edited=True, accept_doubts=True)
    return commit(batch.pk, actor=user)


def _floor(content: bytes, office: Organisation) -> None:
    """What no import can do without; taken back at once."""
    today = timezone.localdate()
    with transaction.atomic():
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python()[1:]
        Enterprise.objects.bulk_create(
            [
                Enterprise(
                    organisation=office, name=row[0], uscc=row[1], legal_representative=row[3], registered_capital=row[4],
                    paid_in_capital=row[5], established_on=row[6], approved_on=row[7], term_from=row[8], enterprise_type=row[10],
                    registered_address=row[12], actual_address=row[13], building=row[14], room=row[15], phone=row[16],
                    email=row[17], website=row[18], insured_count=row[19], employee_count=row[20], registrar=row[21],
                    business_scope=row[24], remark=row[25], joined_on=today,
                )
                for row in rows
            ],
            batch_size=1000,
        )  # fmt: skip
        transaction.set_rollback(True)


def _peer(user: User, ours: float) -> list[Measured]:
    """django-import-export as its documentation begins: dry run and import of a dataset read by openpyxl."""
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        return []
    from import_export import resources
    from tablib import Dataset

    class Peer(resources.ModelResource):
        class Meta:
            model = Enterprise
            import_id_fields = ("uscc",)
            fields = ("uscc", "name", "organisation", "joined_on", "registered_address", "phone", "remark")

    def both() -> None:
        data = Dataset().load(_peer_file(user), format="xlsx")
        Peer().import_data(data, dry_run=True, raise_errors=True)
        Peer().import_data(data, dry_run=False, raise_errors=True)

    seconds = _seconds(both)
    per_row = seconds / PEER_ROWS / (ours / ROWS)
    return [
        Measured(f"django-import-export, {PEER_ROWS} rows, 7 columns", seconds, unit="s", note=f"×{per_row:.0f} a row")
    ]


def _peer_file(user: User) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["uscc", "name", "organisation", "joined_on", "registered_address", "phone", "remark"])
        for n in range(PEER_ROWS):
            sheet.write_row(
                n + 1, 0, [_code(ROWS + n), f"对照{n}公司", user.organisation_id, "2020-01-02", "某路", "010", ""]
            )
    return buffer.getvalue()


class _Queries:
    def count(self, call: Callable[[], Any]) -> int:
        reset_queries()
        connection.force_debug_cursor = True
        try:
            call()
            return len(connection.queries_log)
        finally:
            connection.force_debug_cursor = False
            reset_queries()


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def _seconds(call: Callable[[], Any]) -> float:
    return _timed(call)[0]
