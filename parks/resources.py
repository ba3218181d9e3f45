"""What a list of enterprises may hold and how it meets the register; read by the import engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from crm.forms import ScopedForm
from crm.imports.resource import Change, Column, ImportResource, Keys, Reading, Values
from crm.models import Organisation, User
from parks import parsers
from parks.capital import infer_header_unit
from parks.choices import Currency, IndustryLevel, RegistrationStatus
from parks.models import Enterprise, FormerName, Industry, Park
from parks.names import normalise_name

_CAPITALS = ("registered_capital", "paid_in_capital")
_GONE = {RegistrationStatus.MOVED.value, RegistrationStatus.CANCELLED.value, RegistrationStatus.REVOKED.value}


def _yuan_unit(texts: Iterable[str]) -> str:
    return "元" if infer_header_unit(texts) else ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COLUMNS = (
    Column(
        key="name",
        label="企业名称",
        parse=parsers.parse_name,
        strong=_words(
            "企业名称 公司名称 单位名称 企业全称 公司全称 名称 企业(机构)名称 市场主体名称 经营主体名称 纳税人名称"
            " 系统匹配企业名称 机构名称 主体名称 客户名称 商户名称"
        ),
        weak=_words("公司 企业 单位 原文件导入名称"),
    ),
    Column(
        key="uscc",
        label="统一社会信用代码",
        parse=parsers.parse_code,
        strong=_words(
            "统一社会信用代码 统一信用代码 社会信用代码 信用代码 统一代码 统一社会信用代码/注册号 社会统一信用代码"
            " 统一社会信用代码(信用代码) uniscid"
        ),
        weak=_words("机构代码"),
        recognises=parsers.looks_like_code,
    ),
    Column(
        key="status",
        label="登记状态",
        parse=parsers.parse_status,
        strong=_words("登记状态 经营状态 企业状态 存续状态 主体状态"),
        weak=_words("状态"),
    ),
    Column(
        key="legal_representative",
        label="法定代表人",
        parse=parsers.text("legal_representative", 100),
        strong=_words("法定代表人 法人 法人代表 法定代表人/负责人 企业法人 执行事务合伙人 法定代表人(企业法人)"),
        weak=_words("负责人 经营者 投资人"),
    ),
    Column(
        key="registered_capital",
        label="注册资本",
        parse=parsers.capital("registered_capital"),
        strong=_words(
            "注册资本 注册资金 注册资本(金) 认缴资本 认缴出资额 开办资金 注册金额 资金数额 注册资本(注册金额)"
        ),
        weak=_words("出资额"),
        infer_unit=_yuan_unit,
    ),
    Column(
        key="paid_in_capital",
        label="实缴资本",
        parse=parsers.capital("paid_in_capital"),
        strong=_words("实缴资本 实收资本 实缴出资额 实缴资金"),
        infer_unit=_yuan_unit,
    ),
    Column(
        key="established_on",
        label="成立日期",
        parse=parsers.date("established_on", is_past=True),
        strong=_words("成立日期 成立时间 注册日期 注册时间 设立日期 开业日期 成立年份"),
    ),
    Column(
        key="approved_on",
        label="核准日期",
        parse=parsers.date("approved_on"),
        strong=_words("核准日期 核准时间 最近核准日期"),
        weak=_words("变更日期"),
    ),
    Column(key="term", label="营业期限", parse=parsers.parse_term, strong=_words("营业期限 经营期限 营业期限自/至")),
    Column(
        key="term_from",
        label="营业期限自",
        parse=parsers.date("term_from"),
        strong=_words("营业期限自 经营期限自 营业期限起"),
    ),
    Column(
        key="term_to",
        label="营业期限至",
        parse=parsers.date("term_to"),
        strong=_words("营业期限至 经营期限至 营业期限止"),
    ),
    Column(
        key="enterprise_type",
        label="企业类型",
        parse=parsers.text("enterprise_type", 100),
        strong=_words("企业类型 公司类型 企业(机构)类型 主体类型 市场主体类型"),
        weak=_words("企业性质 类型"),
    ),
    # From general to particular: a later column that holds a value replaces the one before.
    Column(
        key="industry",
        label="行业",
        parse=parsers.industry(),
        strong=_words("所属行业 国民经济行业 行业代码"),
        weak=_words("行业 行业类别 产业类别"),
    ),
    Column(
        key="industry_section",
        label="行业门类",
        parse=parsers.industry(IndustryLevel.SECTION),
        strong=_words("国标行业门类 行业门类"),
    ),
    Column(
        key="industry_division",
        label="行业大类",
        parse=parsers.industry(IndustryLevel.DIVISION),
        strong=_words("国标行业大类 行业大类"),
    ),
    Column(
        key="industry_group",
        label="行业中类",
        parse=parsers.industry(IndustryLevel.GROUP),
        strong=_words("国标行业中类 行业中类"),
    ),
    Column(
        key="industry_class",
        label="行业小类",
        parse=parsers.industry(IndustryLevel.CLASS),
        strong=_words("国标行业小类 行业小类"),
    ),
    Column(
        key="registered_address",
        label="注册地址",
        parse=parsers.text("registered_address", 300),
        strong=_words("注册地址 住所 企业地址 公司地址 登记住所 住所(经营场所) 企业地址(公司地址)"),
        weak=_words("地址 注册地 经营场所"),
    ),
    Column(
        key="actual_address",
        label="经营地址",
        parse=parsers.text("actual_address", 300),
        strong=_words("经营地址 实际经营地址 办公地址 通信地址 通讯地址"),
        weak=_words("最新年报地址 年报地址 最新地址"),
    ),
    Column(key="building", label="楼宇", parse=parsers.text("building", 60), strong=_words("楼宇 楼宇名称 所在楼宇")),
    Column(
        key="room",
        label="房间",
        parse=parsers.text("room", 60),
        strong=_words("房间号 房号 房间"),
        weak=_words("门牌号"),
    ),
    Column(
        key="phone",
        label="电话",
        parse=parsers.text("phone", 200),
        strong=_words("联系电话 电话 电话号码 公司电话 企业联系电话 联系方式 座机 固定电话 可用电话 电话(电话号码)"),
    ),
    Column(
        key="mobile",
        label="手机",
        parse=parsers.parse_mobile,
        strong=_words("手机 手机号 手机号码 有效手机号 移动电话"),
        recognises=parsers.looks_like_mobile,
    ),
    Column(
        key="email",
        label="邮箱",
        parse=parsers.text("email", 200),
        strong=_words("邮箱 电子邮箱 企业邮箱 email 邮箱(电子邮箱)"),
    ),
    Column(
        key="website",
        label="网址",
        parse=parsers.text("website", 200),
        strong=_words("官网 网址 企业官网 官网网址 网站"),
    ),
    Column(
        key="insured_count",
        label="参保人数",
        parse=parsers.number("insured_count"),
        strong=_words("参保人数 社保人数 缴纳社保人数"),
    ),
    Column(
        key="insured_year",
        label="参保人数年度",
        parse=parsers.parse_year,
        strong=_words("参保人数所属年报 参保年份"),
    ),
    Column(
        key="employee_count",
        label="从业人数",
        parse=parsers.number("employee_count"),
        strong=_words("从业人数 从业人员 员工人数 职工人数 人员规模"),
    ),
    Column(
        key="reg_no",
        label="工商注册号",
        parse=parsers.text("reg_no", 20),
        strong=_words("工商注册号 注册号 营业执照号 执照号"),
    ),
    Column(
        key="english_name",
        label="英文名称",
        parse=parsers.text("english_name", 200),
        strong=_words("英文名 英文名称 外文名称"),
    ),
    Column(
        key="former_names",
        label="曾用名",
        parse=parsers.parse_former_names,
        strong=_words("曾用名 历史名称 原名称 变更前名称"),
    ),
    Column(
        key="business_scope",
        label="经营范围",
        parse=parsers.text("business_scope", 10_000),
        strong=_words("经营范围"),
    ),
    Column(key="registrar", label="登记机关", parse=parsers.text("registrar", 100), strong=_words("登记机关 注册机关")),
    Column(
        key="joined_on",
        label="入园日期",
        parse=parsers.date("joined_on"),
        strong=_words("入园日期 入园时间 入驻日期 入驻时间 引进日期 引进时间"),
    ),
    Column(key="remark", label="备注", parse=parsers.text("remark", 2_000), strong=_words("备注 说明")),
)


class EnterpriseImportForm(ScopedForm):
    """What holds for every row of the file."""

    park = forms.ModelChoiceField(
        Park.objects.all(), required=False, label="归入园区", empty_label="不归入园区", help_text="只用于新增的企业。"
    )
    joined_on = forms.ChoiceField(
        choices=[("today", "今天"), ("established", "成立日期（没有时用今天）")],
        initial="today",
        required=False,
        label="文件里没有入园日期时，用",
        help_text="按时间统计在册企业时以入园日期为准。",
    )

    def options(self) -> dict[str, Any]:
        park = self.cleaned_data["park"]
        return {"park": park.pk if park else None, "joined_on": self.cleaned_data["joined_on"] or "today"}


class EnterpriseResource(ImportResource):
    key = "enterprises"
    label = "企业名单"
    measure = "家"
    permission = "parks.import_enterprise"
    model = Enterprise
    columns = COLUMNS
    required = "name"
    options_form: ClassVar[type[forms.Form]] = EnterpriseImportForm

    def __init__(self) -> None:
        self._former: dict[int, dict[str, str]] = defaultdict(dict)
        self._industry_names: dict[str, str] = {}

    def lookups(self) -> dict[str, Any]:
        rows = list(Industry.objects.order_by("-code").values_list("code", "name", "rank"))
        names = {(rank, name): code for code, name, rank in rows}
        # Without a level the most general entry of that name is meant: sorted so that it is written last.
        names |= {("", name): code for code, name, _ in sorted(rows, key=lambda row: -len(row[0]))}
        self._industry_names = {code: name for code, name, _ in rows}
        return {"industry_codes": self._industry_names, "industry_names": names}

    def finish(self, values: Values, reading: Reading) -> None:
        mobile = values.pop("_mobile", "")
        if mobile and not values.get("phone"):
            values["phone"] = mobile
        if values.get("status") in _GONE:
            label = RegistrationStatus(values["status"]).label
            reading.warn(f"登记状态为{label}，导入后请在企业页登记离开园区的日期")

    def keys_of(self, values: Values) -> Keys:
        return Keys(values.get("uscc", ""), normalise_name(values["name"]))

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        rows = Enterprise.objects.filter(organisation=organisation).order_by("pk")
        return ((pk, Keys(code, name)) for pk, code, name in rows.values_list("pk", "uscc", "normalised_name"))

    def aliases(self, organisation: Organisation) -> Iterable[tuple[int, str]]:
        rows = FormerName.objects.filter(enterprise__organisation=organisation)
        self._former.clear()
        for pk, name, key in rows.values_list("enterprise_id", "name", "normalised_name"):
            self._former[pk][key] = name
        return [(pk, key) for pk, names in self._former.items() for key in names]

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        return set(Enterprise.objects.visible_to(user).values_list("pk", flat=True)) & set(pks) if pks else set()

    def reconcile(self, values: Values, target: Enterprise, changes: list[Change], reading: Reading) -> None:
        for prefix in _CAPITALS:
            self._reconcile_capital(prefix, values, target, changes, reading)
        for change in list(changes):
            if change.field == "name":
                self._reconcile_name(values, target, change, changes, reading)
            elif change.field == "uscc" and target.uscc and values.get("_uscc_doubt"):
                changes.remove(change)
                reading.warn(f"代码校验不符，保留名册中的 {target.uscc}")
        known = self._former.get(target.pk, {})
        names = [name for name in values.get("_former_names", ()) if normalise_name(name) not in known]
        if names := [name for name in names if normalise_name(name) != target.normalised_name]:
            before = "、".join(known.values())
            changes.append(Change("_former_names", "曾用名", before, "、".join([*known.values(), *names])))

    def _reconcile_name(
        self, values: Values, target: Enterprise, change: Change, changes: list[Change], reading: Reading
    ) -> None:
        key = normalise_name(values["name"])
        if key == target.normalised_name:
            changes.remove(change)
        elif key in self._former.get(target.pk, {}):
            changes.remove(change)
            reading.warn(f"文件用的是曾用名，现名称为 {target.name}")
        else:
            reading.warn(f"企业更名，原名称“{target.name}”将记入曾用名")

    def _reconcile_capital(
        self, prefix: str, values: Values, target: Enterprise, changes: list[Change], reading: Reading
    ) -> None:
        """Amount and currency are one fact; how the list spelled it is none."""
        parts = [change for change in changes if change.field.startswith(prefix)]
        if not parts:
            return
        changes[:] = [change for change in changes if change not in parts]
        old, currency = getattr(target, prefix), getattr(target, f"{prefix}_currency")
        new, new_currency = values[prefix], values[f"{prefix}_currency"]
        if old == new and (currency == new_currency or values.get(f"_{prefix}_currency_assumed")):
            # "30" under 注册资金(万元) says nothing about the currency of 30万美元 on the register.
            values[f"{prefix}_currency"] = currency
            return
        if old is not None and currency != new_currency:
            reading.doubt(f"币种由{Currency(currency).label}变为{Currency(new_currency).label}，请核对")
        label = str(Enterprise._meta.get_field(prefix).verbose_name)
        by_hand = any(part.by_hand for part in parts)
        changes.append(Change(prefix, label, _money(old, currency), _money(new, new_currency), by_hand))

    def new_instance(
        self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]
    ) -> Enterprise:
        today = timezone.localdate()
        enterprise = Enterprise(
            organisation=organisation, created_by=user, park_id=options.get("park"), joined_on=today
        )
        if options.get("joined_on") == "established":
            enterprise.joined_on = values.get("established_on") or today
        self._set(enterprise, values, [name for name in values if not name.startswith("_")])
        return enterprise

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        names = {name.removesuffix("_id") for name in fields} | {"version", "updated_at"}
        if "name" in names:
            names.add("normalised_name")
        if "uscc" in names:
            names.add("uscc_note")
        names |= {f"{prefix}_{part}" for prefix in _CAPITALS if prefix in names for part in ("currency", "raw")}
        return sorted(names)

    def apply(self, target: Enterprise, values: Values, fields: Iterable[str]) -> None:
        former = target.name
        self._set(target, values, [name for name in fields if not name.startswith("_")])
        if target.name != former:
            values.setdefault("_former_names", []).append(former)
        target.version += 1
        target.updated_at = timezone.now()

    def _set(self, enterprise: Enterprise, values: Values, fields: Sequence[str]) -> None:
        for name in fields:
            setattr(enterprise, name, values[name])
            if name in _CAPITALS:
                for part in ("currency", "raw"):
                    setattr(enterprise, f"{name}_{part}", values[f"{name}_{part}"])
        if "name" in fields:
            enterprise.normalised_name = normalise_name(enterprise.name)
        if "uscc" in fields:
            doubt = values.get("_uscc_doubt", "")
            enterprise.uscc_note = f"{doubt}（导入时已确认）"[:200] if doubt else ""

    def after_write(self, written: Sequence[tuple[Enterprise, Values, Sequence[str]]]) -> None:
        rows = [
            FormerName(enterprise=enterprise, name=name, normalised_name=normalise_name(name))
            for enterprise, values, fields in written
            if "_former_names" in fields or "name" in fields
            for name in values.get("_former_names", ())
            if normalise_name(name) != enterprise.normalised_name
        ]
        FormerName.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)

    def describe(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name == "status":
            return str(RegistrationStatus(value).label)
        if name == "industry_id":
            return f"{value} {self._industry_names.get(value, '')}".strip()
        return str(value)


def _money(amount: Decimal | None, currency: str) -> str:
    """``28,566.7891 万元`` or ``30 万美元``."""
    if amount is None:
        return ""
    unit = "元" if currency == Currency.CNY else Currency(currency).label
    number = f"{Decimal(amount) / 10_000:,.6f}".rstrip("0").rstrip(".")
    return f"{number} 万{unit}"
