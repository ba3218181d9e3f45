"""Columns of what the park itself keeps of an enterprise: people, tags, who looks after it."""

from __future__ import annotations

from crm.imports.columns import Column
from parks import relation_parsers as parsers
from parks.choices import Stage, Tier
from parks.import_columns import writing
from parks.import_columns.registration import words
from parks.parsers import date, text

SERVICE_COLUMNS = (
    Column(
        key="contact",
        label="联系人",
        parse=parsers.parse_contact,
        write=writing.contact("name"),
        example="李某",
        hint="企业的联系人，不是镇里的工作人员",
        strong=words("联系人 联系人姓名 企业联系人 对接人 填报人"),
    ),
    Column(
        key="contact_post",
        label="联系人职务",
        parse=text("_contact_post", 50),
        write=writing.contact("post"),
        example="办公室主任",
        strong=words("联系人职务 职务"),
        weak=words("岗位"),
    ),
    Column(
        key="contact_mobile",
        label="联系人手机",
        parse=text("_contact_mobile", 30),
        write=writing.contact("mobile"),
        example="13800000000",
        strong=words("联系人手机 联系人手机号 联系人电话 联系人联系方式 联系人联系电话"),
    ),
    Column(
        key="contact_phone",
        label="联系人座机",
        parse=text("_contact_phone", 30),
        write=writing.contact("phone"),
        strong=words("联系人座机 联系人固定电话"),
    ),
    Column(
        key="contact_email",
        label="联系人邮箱",
        parse=parsers.parse_contact_email,
        write=writing.contact("email"),
        strong=words("联系人邮箱 联系人电子邮箱"),
    ),
    Column(
        key="tags",
        label="标签",
        parse=parsers.parse_tags,
        between=parsers.BETWEEN_TAGS,
        write=writing.joined("tags"),
        example="网安、信创",
        hint="几个标签用顿号分开；只增加，不去掉已有的",
        strong=words("标签 企业标签 分类标签"),
    ),
    Column(
        key="tier",
        label="服务包级别",
        parse=parsers.parse_tier,
        write=writing.of_line("tier"),
        words=tuple(Tier.labels),
        hint="与现在不同时，从导入当天起变更",
        strong=words("服务包级别 服务包 服务包企业级别"),
        weak=words("企业级别 重点企业类型"),
    ),
    Column(
        key="steward",
        label="服务管家",
        parse=parsers.parse_steward,
        write=writing.of_line("steward"),
        hint="本单位人员的姓名；与现在不同时，从导入当天起变更",
        strong=words("服务管家 管家 包联干部 联系人(内部) 包联人 管家姓名"),
        weak=words("责任人"),
    ),
    Column(
        key="park",
        label="园区",
        parse=parsers.parse_park,
        write=writing.park,
        hint="本单位已有的园区名称",
        strong=words("园区 所属园区 所在园区 园区名称"),
    ),
    Column(
        key="stage",
        label="阶段",
        parse=parsers.parse_stage,
        write=writing.label("stage"),
        words=tuple(Stage.labels),
        hint="迁出、注销的要有离开日期",
        strong=words("阶段 企业阶段 在园状态 入驻状态"),
    ),
    Column(
        key="left_on",
        label="迁出或注销日期",
        parse=date("left_on", is_past=True),
        write=writing.field("left_on"),
        hint="企业离开园区的日期",
        strong=words("迁出或注销日期 离开日期 离园日期 离园时间 迁出日期 迁出时间 注销日期 注销时间"),
    ),
    Column(
        key="record",
        label="系统编号",
        parse=parsers.parse_record,
        write=writing.field("pk"),
        hint="导出时带出，用来认出同一家企业；新企业不填",
        strong=words("系统编号"),
    ),
)
