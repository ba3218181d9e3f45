"""Columns of what the market regulator registers, and the headers under which lists write them."""

from __future__ import annotations

from collections.abc import Iterable

from crm.imports.resource import Column
from parks import parsers
from parks.capital import infer_header_unit
from parks.choices import IndustryLevel, RegistrationStatus
from parks.import_columns import writing


def _yuan_unit(texts: Iterable[str]) -> str:
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
        strong=words(
            "注册资本 注册资金 注册资本(金) 认缴资本 认缴出资额 开办资金 注册金额 资金数额 注册资本(注册金额)"
        ),
        weak=words("出资额"),
        infer_unit=_yuan_unit,
    ),
    Column(
        key="paid_in_capital",
        label="实缴资本",
        write=writing.capital("paid_in_capital"),
        unit="万元",
        hint="没有写单位的按万元；外币写明币种，如 30万美元",
        parse=parsers.capital("paid_in_capital"),
        strong=words("实缴资本 实收资本 实缴出资额 实缴资金"),
        infer_unit=_yuan_unit,
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
    Column(
        key="registered_address",
        label="注册地址",
        example="北京市通州区西集镇某路 1 号",
        write=writing.field("registered_address"),
        parse=parsers.text("registered_address", 300),
        strong=words("注册地址 住所 企业地址 公司地址 登记住所 住所(经营场所) 企业地址(公司地址)"),
        weak=words("地址 注册地 经营场所"),
    ),
    Column(
        key="actual_address",
        label="经营地址",
        write=writing.field("actual_address"),
        parse=parsers.text("actual_address", 300),
        strong=words("经营地址 实际经营地址 办公地址 通信地址 通讯地址"),
        weak=words("最新年报地址 年报地址 最新地址"),
    ),
    Column(
        key="building",
        label="楼宇",
        write=writing.field("building"),
        parse=parsers.text("building", 60),
        strong=words("楼宇 楼宇名称 所在楼宇"),
    ),
    Column(
        key="room",
        label="房间",
        write=writing.field("room"),
        parse=parsers.text("room", 60),
        strong=words("房间号 房号 房间"),
        weak=words("门牌号"),
    ),
    Column(
        key="phone",
        label="电话",
        example="010-00000000",
        write=writing.field("phone"),
        parse=parsers.text("phone", 200),
        strong=words("联系电话 电话 电话号码 公司电话 企业联系电话 联系方式 座机 固定电话 可用电话 电话(电话号码)"),
    ),
    Column(
        key="mobile",
        label="手机",
        alias_of="phone",
        parse=parsers.parse_mobile,
        strong=words("手机 手机号 手机号码 有效手机号 移动电话"),
        recognises=parsers.looks_like_mobile,
    ),
    Column(
        key="email",
        label="邮箱",
        write=writing.field("email"),
        parse=parsers.text("email", 200),
        strong=words("邮箱 电子邮箱 企业邮箱 email 邮箱(电子邮箱)"),
    ),
    Column(
        key="website",
        label="网址",
        write=writing.field("website"),
        parse=parsers.text("website", 200),
        strong=words("官网 网址 企业官网 官网网址 网站"),
    ),
    Column(
        key="insured_count",
        label="参保人数",
        write=writing.field("insured_count"),
        parse=parsers.number("insured_count"),
        strong=words("参保人数 社保人数 缴纳社保人数"),
    ),
    Column(
        key="insured_year",
        label="参保人数年度",
        write=writing.field("insured_year"),
        parse=parsers.year("insured_year"),
        strong=words("参保人数所属年报 参保年份"),
    ),
    Column(
        key="employee_count",
        label="从业人数",
        write=writing.field("employee_count"),
        parse=parsers.number("employee_count"),
        strong=words("从业人数 从业人员 员工人数 职工人数 人员规模"),
    ),
    *(
        Column(
            key=key,
            label=label,
            write=writing.ten_thousands(key),
            unit="万元",
            hint="没有写单位的按万元",
            parse=parsers.money(key),
            strong=words(known),
            infer_unit=_yuan_unit,
        )
        for key, label, known in (
            ("annual_revenue", "营业收入", "营业收入 营收 年营业收入 主营业务收入 营业总收入 年营收"),
            ("total_assets", "资产总额", "资产总额 总资产 资产总计 资产合计"),
        )
    ),
    Column(
        key="figures_year",
        label="财务数据年度",
        write=writing.field("figures_year"),
        parse=parsers.year("figures_year"),
        strong=words("财务数据年度 数据年度 财务年度 营业收入年度"),
        hint="营业收入、资产总额是哪一年的",
    ),
    Column(
        key="reg_no",
        label="工商注册号",
        write=writing.field("reg_no"),
        parse=parsers.text("reg_no", 20),
        strong=words("工商注册号 注册号 营业执照号 执照号"),
    ),
    Column(
        key="english_name",
        label="英文名称",
        write=writing.field("english_name"),
        parse=parsers.text("english_name", 200),
        strong=words("英文名 英文名称 外文名称"),
    ),
    Column(
        key="former_names",
        label="曾用名",
        write=writing.joined("former_names"),
        hint="几个名称用顿号分开",
        parse=parsers.parse_former_names,
        strong=words("曾用名 历史名称 原名称 变更前名称"),
    ),
    Column(
        key="business_scope",
        label="经营范围",
        write=writing.field("business_scope"),
        parse=parsers.text("business_scope", 10_000),
        strong=words("经营范围"),
    ),
    Column(
        key="registrar",
        label="登记机关",
        write=writing.field("registrar"),
        parse=parsers.text("registrar", 100),
        strong=words("登记机关 注册机关"),
    ),
    Column(
        key="joined_on",
        label="入园日期",
        example="2020-03-01",
        write=writing.field("joined_on"),
        parse=parsers.date("joined_on"),
        strong=words("入园日期 入园时间 入驻日期 入驻时间 引进日期 引进时间"),
    ),
    Column(
        key="remark",
        label="备注",
        write=writing.field("remark"),
        parse=parsers.text("remark", 10_000),
        strong=words("备注 说明"),
    ),
)
