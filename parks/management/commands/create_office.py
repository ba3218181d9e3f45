"""The first organisations, the park and the first administrator of a real installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from crm.actions import create_organisation, create_user
from crm.models import Organisation, User
from crm.models.organisation import OrganisationKind as Kind
from parks.models import Park


class Command(BaseCommand):
    help = "建立区、镇、园区管理机构和园区，并开通系统管理员（密码随机生成，只显示一次）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", required=True, help="区名称")
        parser.add_argument("--town", required=True, help="镇、街道名称")
        parser.add_argument("--office", required=True, help="园区管理机构名称")
        parser.add_argument("--park", required=True, help="园区名称")
        parser.add_argument("--unit", action="append", default=[], help="镇的科室、部门，可重复")
        parser.add_argument("--admin", required=True, help="系统管理员的用户名")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(username=options["admin"]).exists():
            raise CommandError(f"用户名 {options['admin']} 已存在，请换一个。")
        district = _get_or_create(options["district"], Kind.DISTRICT, None)
        town = _get_or_create(options["town"], Kind.TOWN, district)
        office = _get_or_create(options["office"], Kind.PARK_OFFICE, town)
        for name in options["unit"]:
            _get_or_create(name, Kind.UNIT, town)
        Park.objects.get_or_create(organisation=office, name=options["park"])
        admin = User(username=options["admin"], name="系统管理员", role="sysadmin", organisation=town)
        _, password = create_user(admin, actor=None)
        self.stdout.write(f"已建立 {district} / {town} / {office}，园区 {options['park']}。")
        self.stdout.write(f"系统管理员 {admin.username}，初始密码 {password}（只显示这一次，首次登录须修改）。")


def _get_or_create(name: str, kind: str, parent: Organisation | None) -> Organisation:
    found = Organisation.objects.filter(name=name, parent=parent).first()
    return found or create_organisation(name=name, kind=kind, parent=parent)
