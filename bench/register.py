"""A register of any size, made set-wise on PostgreSQL and in bulk on SQLite; names as registers have them."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random
from typing import Any

from django.db import connection

from crm.actions import create_organisation
from crm.models import Organisation, User
from crm.pinyin import initials, sort_key
from parks.models import Enterprise
from parks.names import normalise_name
from parks.search import index_enterprise

PLACES = ["北京", "云川", "天津", "河北", "上海", "深圳", "重庆", "南京"]
HEADS = "图维天下云安智联创信宏达华盛鼎泰恒瑞嘉诚博远景明正大中科金海东方新元启辰奇星数字蓝盾卫士长亭绿盟".strip()
FIELDS = [
    "网络安全",
    "信息技术",
    "软件开发",
    "数据服务",
    "智能装备",
    "生物医药",
    "商贸",
    "文化传媒",
    "建筑工程",
    "物业管理",
    "餐饮管理",
    "新材料",
]
FORMS = ["科技有限公司", "有限公司", "股份有限公司", "（北京）有限责任公司", "合伙企业（有限合伙）"]
SURNAMES = "王李张刘陈杨黄赵吴周欧诸司上".strip()
INDUSTRIES = ["6513", "6520", "6550", "2652", "3434", "3862", "5131", "5810", "7264", "8431"]


def make_offices() -> tuple[User, User]:
    """A district with ten offices; its manager sees all rows, an office's manager a tenth."""
    district = create_organisation(name="测算区", kind="district")
    offices = [create_organisation(name=f"测算园{n}", kind="park_office", parent=district) for n in range(10)]
    return _manager("district", district), _manager("office", offices[0])


def _manager(username: str, organisation: Organisation) -> User:
    return User.objects.create_user(username=username, name=username, role="manager", organisation=organisation)


def offices() -> list[int]:
    return list(Organisation.objects.filter(kind="park_office").order_by("pk").values_list("pk", flat=True))


def add_enterprises(first: int, last: int) -> None:
    """Enterprises number `first` to `last`."""
    if connection.vendor == "postgresql":
        _add_by_sql(first, last)
    else:
        _add_in_bulk(first, last)


def _add_in_bulk(first: int, last: int) -> None:
    rng = Random(first)
    places = offices()
    rows = []
    for n in range(first, last + 1):
        name = rng.choice(PLACES) + rng.choice(HEADS) + rng.choice(HEADS) + rng.choice(FIELDS) + rng.choice(FORMS)
        row = Enterprise(
            organisation_id=places[n % 10], name=name, normalised_name=normalise_name(name),
            uscc=f"91119900MA{n:08d}", legal_representative=rng.choice(SURNAMES) + rng.choice(HEADS),
            registered_capital=(n * 7919 % 5000) * 10_000, industry_id=INDUSTRIES[n // 10 % 10],
            joined_on=date(2016, 1, 1 + n % 28), phone=f"139{n * 7919 % 10**8:08d}", status="active",
        )  # fmt: skip
        index_enterprise(row, ())
        rows.append(row)
    Enterprise.objects.bulk_create(rows, batch_size=500)


def _add_by_sql(first: int, last: int) -> None:
    """One INSERT … SELECT over generate_series; the index over the pieces is made afterwards, as a restore does."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS enterprise_by_pieces")
        cursor.execute(PIECES)
        cursor.execute(INSERT, {**_words(), "offices": offices(), "first": first, "last": last})
        cursor.execute(
            "CREATE INDEX enterprise_by_pieces ON parks_enterprise USING gin (string_to_array(search_text, ' '))"
        )


def _words() -> dict[str, Any]:
    """The parts of names with their initials and keys, so that the database need not know how they are read."""
    heads = ["".join(pair) for pair in product(HEADS, HEADS)]
    parts = {"place": PLACES, "head": heads, "field": FIELDS, "form": [normalise_name(form) for form in FORMS]}
    words: dict[str, Any] = {"industries": INDUSTRIES, "surnames": list(SURNAMES)}
    for part, texts in parts.items():
        words[part] = texts
        words[f"{part}_i"] = [initials(text) for text in texts]
        words[f"{part}_k"] = [sort_key(text) for text in texts]
    return words


def add_service() -> None:
    """Titles, stewards, tags and contacts for some of them, by the same means."""
    steward = User.objects.get(username="office")
    for statement in SERVICE if connection.vendor == "postgresql" else ():
        with connection.cursor() as cursor:
            cursor.execute(statement, {"user": steward.pk})


PIECES = """
CREATE OR REPLACE FUNCTION pg_temp.pieces(t text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT string_agg(substr(t, i, 2), ' ' ORDER BY i) FROM generate_series(1, greatest(length(t) - 1, 1)) i $$
"""
INSERT = """
INSERT INTO parks_enterprise (
  organisation_id, name, normalised_name, uscc, uscc_note, reg_no, legal_representative, english_name,
  registered_capital, registered_capital_currency, registered_capital_raw, paid_in_capital_currency,
  paid_in_capital_raw, status, enterprise_type, industry_id, registered_address, actual_address, building, room,
  phone, email, website, business_scope, registrar, remark, stage, joined_on, created_at, updated_at, version,
  search_text, name_key)
SELECT (%(offices)s::bigint[])[1 + n %% 10], name, name, code, '', '', person, '',
  (n * 7919 %% 5000) * 10000, 'CNY', '', 'CNY', '', 'active', '有限责任公司',
  (%(industries)s::text[])[1 + n / 10 %% 10], '云川区西溪镇某路' || n %% 90 || '号院', '', '', '',
  phone, '', '', '技术开发、技术咨询、技术服务、技术推广；计算机系统服务；基础软件服务；应用软件服务。', '', '', 'settled',
  date '2016-01-01' + (n * 31 %% 3500)::int, now(), now() - n * interval '17 seconds', 1,
  pg_temp.pieces(name) || ' / ' || pg_temp.pieces(code) || ' / ' || pg_temp.pieces(person) || ' / '
    || pg_temp.pieces(phone) || ' / ' || pg_temp.pieces(letters),
  left(key, 264)
FROM (
  SELECT n, '91119900MA' || lpad(n::text, 8, '0') AS code, '139' || lpad((n * 7919 %% 100000000)::text, 8, '0') AS phone,
    (%(surnames)s::text[])[1 + r3 %% array_length(%(surnames)s::text[], 1)] || left((%(head)s::text[])[h], 1) AS person,
    (%(place)s::text[])[p] || (%(head)s::text[])[h] || (%(field)s::text[])[f] || (%(form)s::text[])[m] AS name,
    (%(place_i)s::text[])[p] || (%(head_i)s::text[])[h] || (%(field_i)s::text[])[f] || (%(form_i)s::text[])[m] AS letters,
    (%(place_k)s::text[])[p] || (%(head_k)s::text[])[h] || (%(field_k)s::text[])[f] || (%(form_k)s::text[])[m] AS key
  FROM (
    SELECT n, (n::bigint * 2654435761 >> 7) %% 1000003 AS r3,
      1 + (n::bigint * 2654435761 >> 3) %% array_length(%(place)s::text[], 1) AS p,
      1 + (n::bigint * 40503 >> 2) %% array_length(%(head)s::text[], 1) AS h,
      1 + (n::bigint * 69069 >> 5) %% array_length(%(field)s::text[], 1) AS f,
      1 + (n::bigint * 22695477 >> 8) %% array_length(%(form)s::text[], 1) AS m
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
  ) numbers
) rows
"""
SERVICE = (
    """INSERT INTO parks_qualification (enterprise_id, kind_id, batch, number, rule_version, valid_from, valid_to, remark, withdrawn_reason)
    SELECT e.id, (SELECT id FROM parks_qualificationkind ORDER BY position LIMIT 1 OFFSET e.id %% 8), '', '', '',
      current_date - 500, current_date + (e.id %% 700)::int - 60, '', ''
    FROM parks_enterprise e WHERE e.id %% 10 = 3 ON CONFLICT DO NOTHING""",
    """INSERT INTO parks_stewardship (enterprise_id, user_id, role, is_primary, starts_on)
    SELECT id, %(user)s, 'local', true, current_date - 100 FROM parks_enterprise WHERE id %% 20 = 3
    ON CONFLICT DO NOTHING""",
    """INSERT INTO parks_contact (enterprise_id, name, post, mobile, phone, email, is_primary, remark, search_text)
    SELECT id, legal_representative, '经理', phone, '', '', true, '',
      pg_temp.pieces(legal_representative) || ' / ' || pg_temp.pieces(phone)
    FROM parks_enterprise WHERE id %% 4 = 3 ON CONFLICT DO NOTHING""",
)
