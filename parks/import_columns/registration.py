"""Columns of what the market regulator registers, and the headers under which lists write them."""

from __future__ import annotations

from collections.abc import Iterable

from crm.imports.columns import Column
from parks import parsers
from parks.capital import infer_header_unit
from parks.choices import IndustryLevel, RegistrationStatus
from parks.import_columns import writing


def yuan_unit(texts: Iterable[str]) -> str:
    return "元" if infer_header_unit(texts) else ""


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


REGISTRATION_COLUMNS = (
    Column(
        key="name",
        label="企业名称",
        example="北京某某科技有限公司",
        write=writing.field("name"),
        parse=parsers.parse_name,
        strong=words(
            "企业名称 公司名称 单位名称 企业全称 公司全称 名称 企业(机构)名称 市场主体名称 经营主体名称 纳税人名称"
            " 系统匹配企业名称 机构名称 主体名称 客户名称 商户名称"
        ),
        weak=words("公司 企业 单位 原文件导入名称"),
    ),
    Column(
        key="uscc",
        label="统一社会信用代码",
        write=writing.field("uscc"),
        parse=parsers.parse_code,
        strong=words(
            "统一社会信用代码 统一信用代码 社会信用代码 信用代码 统一代码 统一社会信用代码/注册号 社会统一信用代码"
            " 统一社会信用代码(信用代码) uniscid"
        ),
        weak=words("机构代码"),
        recognises=parsers.looks_like_code,
    ),
    Column(
        key="status",
        label="登记状态",
        write=writing.label("status"),
        words=tuple(RegistrationStatus.labels),
        example="存续",
        parse=parsers.parse_status,
        strong=words("登记状态 经营状态 企业状态 存续状态 主体状态"),
        weak=words("状态"),
    ),
    Column(
        key="legal_representative",
        label="法定代表人",
        example="张某",
        write=writing.field("legal_representative"),
        parse=parsers.text("legal_representative", 100),
        strong=words("法定代表人 法人 法人代表 法定代表人/负责人 企业法人 执行事务合伙人 法定代表人(企业法人)"),
        weak=words("负责人 经营者 投资人"),
    ),
    Column(
        key="registered_capital",
        label="注册资本",
        example="1000",
        write=writing.capital("registered_capital"),
        unit="万元",
        hint="没有写单位的按万元；外币写明币种，如 30万美元",
        parse=parsers.capital("registered_capital"),
        is_word_inside=True,
        strong=words(
            "注册资本 注册资金 注册资本(金) 认缴资本 认缴出资额 开办资金 注册金额 资金数额 注册资本(注册金额)"
        ),
        weak=words("出资额"),
        infer_unit=yuan_unit,
    ),
    Column(
        key="paid_in_capital",
        label="实缴资本",
        write=writing.capital("paid_in_capital"),
        unit="万元",
        hint="没有写单位的按万元；外币写明币种，如 30万美元",
        parse=parsers.capital("paid_in_capital"),
        is_word_inside=True,
        strong=words("实缴资本 实收资本 实缴出资额 实缴资金"),
        infer_unit=yuan_unit,
    ),
    Column(
        key="established_on",
        label="成立日期",
        example="2020-01-02",
        write=writing.field("established_on"),
        parse=parsers.date("established_on", is_past=True),
        strong=words("成立日期 成立时间 注册日期 注册时间 设立日期 开业日期 成立年份"),
    ),
    Column(
        key="approved_on",
        label="核准日期",
        write=writing.field("approved_on"),
        parse=parsers.date("approved_on"),
        strong=words("核准日期 核准时间 最近核准日期"),
        weak=words("变更日期"),
    ),
    Column(
        key="term",
        label="营业期限",
        alias_of="term_from",
        parse=parsers.parse_term,
        strong=words("营业期限 经营期限 营业期限自/至"),
    ),
    Column(
        key="term_from",
        label="营业期限自",
        write=writing.field("term_from"),
        parse=parsers.date("term_from"),
        strong=words("营业期限自 经营期限自 营业期限起"),
    ),
    Column(
        key="term_to",
        label="营业期限至",
        write=writing.last_day,
        parse=parsers.parse_term_end,
        strong=words("营业期限至 经营期限至 营业期限止"),
    ),
    Column(
        key="enterprise_type",
        label="企业类型",
        write=writing.field("enterprise_type"),
        parse=parsers.text("enterprise_type", 100),
        strong=words("企业类型 公司类型 企业(机构)类型 主体类型 市场主体类型"),
        weak=words("企业性质 类型"),
    ),
    # From general to particular: a later column that holds a value replaces the one before.
    Column(
        key="industry",
        label="行业",
        write=writing.industry,
        example="6513 应用软件开发",
        hint="国民经济行业的代码或名称",
        parse=parsers.industry(),
        strong=words("所属行业 国民经济行业 行业代码"),
        weak=words("行业 行业类别 产业类别"),
    ),
    Column(
        key="industry_section",
        label="行业门类",
        alias_of="industry",
        parse=parsers.industry(IndustryLevel.SECTION),
        strong=words("国标行业门类 行业门类"),
    ),
    Column(
        key="industry_division",
        label="行业大类",
        alias_of="industry",
        parse=parsers.industry(IndustryLevel.DIVISION),
        strong=words("国标行业大类 行业大类"),
    ),
    Column(
        key="industry_group",
        label="行业中类",
        alias_of="industry",
        parse=parsers.industry(IndustryLevel.GROUP),
        strong=words("国标行业中类 行业中类"),
    ),
    Column(
        key="industry_class",
        label="行业小类",
        alias_of="industry",
        parse=parsers.industry(IndustryLevel.CLASS),
        strong=words("国标行业小类 行业小类"),
    ),
)
