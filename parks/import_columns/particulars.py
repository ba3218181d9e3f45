"""Columns of where an enterprise is, how it is reached, what it reports every year, and the rest of its licence."""

from __future__ import annotations

from crm.imports.columns import Column
from parks import parsers
from parks.import_columns import writing
from parks.import_columns.registration import words, yuan_unit
from parks.relation_parsers import parse_more_emails, parse_more_phones

PARTICULARS_COLUMNS = (
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
        key="more_phones",
        label="更多电话",
        may_repeat=True,
        write=writing.joined("more_phones"),
        hint="电话以外的号码，几个用分号分开，记入联系人“其他联系方式”",
        parse=parse_more_phones,
        strong=words("更多电话 其他电话 其它电话 更多联系电话 其他联系电话")
        + tuple(f"{word}{n}" for word in ("联系电话", "电话", "电话号码") for n in range(2, 11)),
    ),
    Column(
        key="more_emails",
        label="更多邮箱",
        may_repeat=True,
        write=writing.joined("more_emails"),
        hint="邮箱以外的邮箱地址，几个用分号分开，记入联系人“其他联系方式”",
        parse=parse_more_emails,
        strong=words("更多邮箱 其他邮箱 其它邮箱")
        + tuple(f"{word}{n}" for word in ("邮箱", "电子邮箱") for n in range(2, 6)),
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
            infer_unit=yuan_unit,
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
