"""A register of any size, on either database: `python -m bench.register 1000000`. Names as registers have them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

PLACES = ["北京", "云川", "天津", "河北", "上海", "深圳", "重庆", "南京"]
HEADS = "图维天下云安智联创信宏达华盛鼎泰恒瑞嘉诚博远景明正大中科金海东方新元启辰奇星数字蓝盾卫士长亭绿盟".strip()
THIRDS = [chr(0x4E2D + 23 * n) for n in range(400)]
FIELDS = ["网络安全", "信息技术", "软件开发", "数据服务", "智能装备", "生物医药", "商贸", "文化传媒", "建筑工程"]
FIELDS += ["物业管理", "餐饮管理", "新材料"]
FORMS = ["科技有限公司", "有限公司", "股份有限公司", "(北京)有限责任公司", "合伙企业(有限合伙)"]
SURNAMES = "王李张刘陈杨黄赵吴周欧诸司上".strip()
INDUSTRIES = ["6513", "6520", "6550", "2652", "3434", "3862", "5131", "5810", "7264", "8431"]
SCOPE = "技术开发、技术咨询、技术服务、技术推广；计算机系统服务；基础软件服务；应用软件服务。"
ENTERPRISE = [
    "id",
    "organisation_id",
    "name",
    "normalised_name",
    "uscc",
    "uscc_note",
    "reg_no",
    "legal_representative",
    "english_name",
    "registered_capital",
    "registered_capital_currency",
    "registered_capital_raw",
    "paid_in_capital_currency",
    "paid_in_capital_raw",
    "status",
    "enterprise_type",
    "industry_id",
    "registered_address",
    "actual_address",
    "building",
    "room",
    "phone",
    "email",
    "website",
    "business_scope",
    "registrar",
    "remark",
    "stage",
    "joined_on",
    "left_on",
    "created_at",
    "updated_at",
    "version",
    "search_text",
    "name_key",
]
AWARD = [
    "enterprise_id",
    "organisation_id",
    "kind_id",
    "batch",
    "number",
    "rule_version",
    "valid_from",
    "valid_to",
    "remark",
    "withdrawn_reason",
]
STEWARD = ["enterprise_id", "user_id", "role", "is_primary", "starts_on"]
CONTACT = ["enterprise_id", "name", "post", "mobile", "phone", "email", "is_primary", "remark", "search_text"]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def make_offices() -> tuple[Any, Any]:
    """A district with ten offices; its manager sees all rows, an office's manager a tenth."""
    from crm.actions import create_organisation
    from crm.models import User

    district = create_organisation(name="测算区", kind="district", parent=None)
    offices = [create_organisation(name=f"测算园{n}", kind="park_office", parent=district) for n in range(10)]
    made = [
        User.objects.create_user(username=name, name=name, role="manager", organisation=place)
        for name, place in (("district", district), ("office", offices[0]))
    ]
    return made[0], made[1]


def add_enterprises(first: int, last: int) -> None:
    """Enterprises number `first` to `last`, with titles, stewards and contacts for some of them."""
    from parks.shared import count_all

    with indexes_made_afterwards(("parks_enterprise", "parks_contact")):
        for start in range(first, last + 1, 20_000):
            _add(start, min(start + 19_999, last))
    if connection.vendor == "postgresql":
        run("SELECT setval(pg_get_serial_sequence('parks_enterprise', 'id'), %s)", [last])
    count_all()
    run("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _add(first: int, last: int) -> None:
    rng = Random(first)
    rows = list(_enterprises(range(first, last + 1), rng))
    insert("parks_enterprise", ENTERPRISE, rows)
    insert("parks_qualification", AWARD, list(_awards(rows, rng)))
    insert("parks_stewardship", STEWARD, list(_stewards(rows, rng)))
    insert("parks_contact", CONTACT, list(_contacts(rows, rng)))


def _enterprises(numbers: Iterable[int], rng: Random) -> Iterator[tuple[Any, ...]]:
    from crm.models import Organisation
    from crm.pinyin import initials, sort_key
    from crm.search import BETWEEN_SOURCES, pieces

    offices = list(Organisation.objects.filter(kind="park_office").order_by("pk").values_list("pk", flat=True))
    # What is read of each part once; of a name it is that of its parts, one after another.
    read = {part: (initials(part), sort_key(part)) for part in (*PLACES, *HEADS, *THIRDS, *FIELDS, *FORMS)}
    pick = rng.choice
    for n in numbers:
        parts = (pick(PLACES), pick(HEADS), pick(HEADS), pick(THIRDS), pick(FIELDS), pick(FORMS))
        name, person = "".join(parts), pick(SURNAMES) + pick(HEADS) + pick(THIRDS)
        letters, key = "".join(read[p][0] for p in parts), "".join(read[p][1] for p in parts)[:264]
        # One in a thousand each: no code, moved out, a telephone and person that two firms share.
        code = "" if rng.random() < 0.001 else f"91119900MA{n:08d}"
        left = rng.random() < 0.001
        phone, address = f"139{n * 7919 % 100_000_000:08d}", f"云川区西溪镇某路{rng.randrange(900)}号院"
        if rng.random() < 0.001:
            person, phone = "张同", f"1380000{n // 20 % 10_000:04d}"
        found = BETWEEN_SOURCES.join(map(pieces, filter(None, (name, code, person, phone, letters))))
        joined = date(2016, 1, 1) + timedelta(days=rng.randrange(3500))
        yield (
            n, offices[rng.randrange(10)], name, name, code, "", "", person, "", rng.randrange(5000) * 10_000, "CNY", "",
            "CNY", "", "active", "有限责任公司", pick(INDUSTRIES), address, "", "", "", phone, "", "", SCOPE, "", "",
            "moved_out" if left else "settled", joined, date(2026, 1, 1) if left else None, NOW,
            NOW - timedelta(seconds=rng.randrange(300_000_000)), 1, found, key,
        )  # fmt: skip


def _awards(rows: list[tuple[Any, ...]], rng: Random) -> Iterator[tuple[Any, ...]]:
    from parks.models import QualificationKind

    kinds = list(QualificationKind.objects.order_by("position").values_list("pk", flat=True)[:8])
    for row in rng.sample(rows, len(rows) // 10):
        end = NOW.date() + timedelta(days=rng.randrange(-60, 900))
        yield row[0], row[1], rng.choice(kinds), "", "", "", end - timedelta(days=1096), end, "", ""


def _stewards(rows: list[tuple[Any, ...]], rng: Random) -> Iterator[tuple[Any, ...]]:
    from crm.models import User

    steward = User.objects.get(username="office").pk
    for row in rng.sample(rows, len(rows) // 20):
        yield row[0], steward, "local", True, date(2026, 8, 1)


def _contacts(rows: list[tuple[Any, ...]], rng: Random) -> Iterator[tuple[Any, ...]]:
    from crm.search import index_text

    for row in rng.sample(rows, len(rows) // 4):
        yield row[0], row[7], "经理", row[21], "", "", True, "", index_text([row[7], row[21]])


def insert(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("".join("\t".join(map(_copied, row)) + "\n" for row in rows))
        else:
            values = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", rows)


def _copied(value: Any) -> str:
    """As COPY reads it; no text of ours has a tab or a backslash."""
    return "\\N" if value is None else str(value)


@contextmanager
def indexes_made_afterwards(tables: tuple[str, ...]) -> Iterator[None]:
    """As a restore does: without indexes and references, which are ours to trust."""
    if connection.vendor != "postgresql":
        yield
        return
    run("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint) AND schemaname = current_schema()",
            [list(tables)],
        )
        indexes = cursor.fetchall()
    for name, _ in indexes:
        run(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        run(definition)
    run("RESET session_replication_role; RESET maintenance_work_mem; RESET synchronous_commit")


def run(statement: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    make_offices()
    add_enterprises(1, int(sys.argv[1]))
