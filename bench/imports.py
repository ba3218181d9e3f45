"""Lists of 26 columns into the register, changed, and back; against reading and inserting alone, and against a peer."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection

from bench.import_run import HEADER_FIELDS
from bench.table import Measured
from crm.actions import create_organisation
from crm.models import User
from parks import uscc

ROWS, PEER_ROWS, TASK_ROWS = 20_000, 5_000, 100_000
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
    User.objects.create_user("bench", password=None, name="测试员", role="manager", organisation=office)
    with tempfile.TemporaryDirectory() as folder:
        return _all(Path(folder), office.pk)


def _all(folder: Path, office: int) -> list[Measured]:
    first, second = _saved(folder, workbook(ROWS, 0)), _saved(folder, workbook(ROWS, 1))
    floor = _run("floor", first)
    made, changed = _run("new", first), _run("new", second)
    back, gone = _run("back", changed["batch"]), _run("back", made["batch"])
    ours = _run("new", _saved(folder, workbook(PEER_ROWS, 0, ROWS)))
    peer = _run("peer", _saved(folder, peer_workbook(PEER_ROWS, ROWS + PEER_ROWS, office)))
    large = _run("task", _saved(folder, workbook(TASK_ROWS, 0, 10 * ROWS)))
    runs = [made, changed, back, gone]
    return [
        _line("floor: read + bulk_create, no checks, no history", floor),
        _line("new: read, stage, commit", made, 12),
        Measured("  times the floor", made["seconds"] / floor["seconds"], 5, "×", _by_cpu(made, floor)),
        _line("all changed: read, stage, commit", changed, 15),
        Measured("  times the floor", changed["seconds"] / floor["seconds"], 5, "×", _by_cpu(changed, floor)),
        _line("undo of all changed", back, 10),
        _line("undo of all new", gone, 10),
        Measured("statements, COPY included, at most", max(run["queries"] for run in runs), 150, ""),
        Measured("peak memory of any of these processes", max(run["memory"] for run in runs), 400, "MB"),
        _line(f"{PEER_ROWS} rows", ours),
        _line(f"{PEER_ROWS} rows by django-import-export", peer),
        # At least so many times: printed upside down, so that less is better as everywhere.
        Measured(
            "  part of its time that we take", ours["seconds"] / peer["seconds"], 0.1, "",
            f"×{peer['seconds'] / ours['seconds']:.1f} as fast (≥ 10), by processor ×{peer['cpu'] / ours['cpu']:.1f}",
        ),
        _line(f"{TASK_ROWS} rows through the task", large, 75),
        Measured("  its peak memory", large["memory"], 600, "MB"),
    ]  # fmt: skip


def _line(what: str, run: dict[str, Any], limit: float | None = None) -> Measured:
    note = f"processor {run['cpu']:.1f} s, {run['queries']} statements, {run['memory']:.0f} MB"
    return Measured(what, run["seconds"], limit, "s", note)


def _by_cpu(run: dict[str, Any], floor: dict[str, Any]) -> str:
    return f"by processor ×{run['cpu'] / floor['cpu']:.1f}"


def _run(name: str, argument: Any) -> dict[str, Any]:
    """In a process of its own."""
    known = connection.settings_dict
    address = f"sqlite:///{known['NAME']}"
    if connection.vendor == "postgresql":
        secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
        address = f"postgres://{known['USER']}{secret}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    command = [sys.executable, "-m", "bench.import_run", json.dumps([name, argument])]
    env = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    found: dict[str, Any] = json.loads(subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True).stdout)
    return found


def _saved(folder: Path, content: bytes) -> str:
    path = folder / f"{len([*folder.iterdir()])}.xlsx"
    path.write_bytes(content)
    return str(path)


def workbook(count: int, edition: int, start: int = 0) -> bytes:
    """Every edition says something else of every row, in four of its columns."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_urls": False}) as book:
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


def peer_workbook(count: int, start: int, office: int) -> bytes:
    """The same columns under the names of the fields; what hangs on other tables is there and not taken."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        names = [name or f"other{index}" for index, name in enumerate(HEADER_FIELDS)]
        sheet.write_row(0, 0, [*names, "organisation", "joined_on"])
        for line, row in enumerate(_rows(start, start + count, 0), 1):
            row[2] = "active"
            sheet.write_row(line, 0, [*row, office, "2020-01-02"])
    return buffer.getvalue()
