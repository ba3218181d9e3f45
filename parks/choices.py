"""Fixed vocabularies of the register."""

from django.db import models


class RegistrationStatus(models.TextChoices):
    """登记状态, as the market regulator uses the words (domain practice maps all spellings onto these)."""

    ACTIVE = "active", "存续"
    MOVED = "moved", "迁出"
    CANCELLED = "cancelled", "注销"
    REVOKED = "revoked", "吊销"
    LIQUIDATING = "liquidating", "清算"
    SUSPENDED = "suspended", "停业"
    DORMANT = "dormant", "歇业"


class Stage(models.TextChoices):
    """Where the enterprise stands with the park."""

    REGISTERED = "registered", "注册"
    SETTLED = "settled", "入驻"
    MOVED_OUT = "moved_out", "迁出"
    CLOSED = "closed", "注销"


class Currency(models.TextChoices):
    """ISO 4217 codes met in registers."""

    CNY = "CNY", "人民币"
    USD = "USD", "美元"
    HKD = "HKD", "港元"
    EUR = "EUR", "欧元"
    JPY = "JPY", "日元"
    GBP = "GBP", "英镑"
    SGD = "SGD", "新加坡元"
    KRW = "KRW", "韩元"
    TWD = "TWD", "新台币"
    AUD = "AUD", "澳大利亚元"
    CAD = "CAD", "加拿大元"
    CHF = "CHF", "瑞士法郎"
    MOP = "MOP", "澳门元"
    SEK = "SEK", "瑞典克朗"
    DKK = "DKK", "丹麦克朗"
    NOK = "NOK", "挪威克朗"
    NZD = "NZD", "新西兰元"
    MYR = "MYR", "马来西亚林吉特"
    THB = "THB", "泰铢"
    RUB = "RUB", "俄罗斯卢布"
    INR = "INR", "印度卢比"
    DEM = "DEM", "德国马克"
    FRF = "FRF", "法国法郎"
    XXX = "XXX", "其他币种"


class Tier(models.TextChoices):
    """“服务包” list on which an enterprise stands."""

    CITY = "city", "市级"
    DISTRICT = "district", "区级"
    TOWN = "town", "镇级"


class StewardRole(models.TextChoices):
    INDUSTRY = "industry", "行业管家"
    LOCAL = "local", "属地管家"
    LEADER = "leader", "镇联系领导"
    CADRE = "cadre", "包联干部"


class IndicatorKind(models.TextChoices):
    """Economic indicators of an enterprise, in yuan (domain §8.4)."""

    OUTPUT = "output", "工业总产值"
    REVENUE = "revenue", "营业收入"
    PROFIT = "profit", "利润总额"
    TAX = "tax", "税收"
    DISTRICT = "district", "区级财力"
    RESEARCH = "research", "研发费用"
    INVESTMENT = "investment", "固定资产投资"


class Reach(models.TextChoices):
    """What a value is about: its own months, or the year up to its month."""

    MONTH = "month", "当月"
    TOTAL = "total", "累计"


class IndustryLevel(models.TextChoices):
    """Levels of GB/T 4754-2017."""

    SECTION = "section", "门类"
    DIVISION = "division", "大类"
    GROUP = "group", "中类"
    CLASS = "class", "小类"


class QualificationLevel(models.TextChoices):
    STATE = "state", "国家级"
    CITY = "city", "市级"
    TRADE = "trade", "行业"
    OTHER = "other", "其他"
