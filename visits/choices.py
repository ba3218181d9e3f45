"""Fixed vocabularies of visits and appeals."""

from django.db import models


class VisitKind(models.TextChoices):
    VISIT = "visit", "走访调研"
    FORUM = "forum", "座谈会"
    BREAKFAST = "breakfast", "政企早餐会"
    PHONE = "phone", "电话"
    ONLINE = "online", "线上"
    GRASSROOTS = "grassroots", "四下基层调研"


# 电话 and 线上 are 联系, not 走访 (domain: V1), unless the setting CONTACTS_COUNT_AS_VISITS says otherwise.
CONTACT_KINDS = (VisitKind.PHONE, VisitKind.ONLINE)


class VisitStatus(models.TextChoices):
    PLANNED = "planned", "已计划"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"


class AppealSource(models.TextChoices):
    VISIT = "visit", "走访"
    HOTLINE = "hotline", "12345热线"
    WECHAT = "wechat", "微信"
    LETTER = "letter", "来信来访"
    SUPERIOR = "superior", "上级交办"
    FORUM = "forum", "座谈会"
    PHONE = "phone", "电话"


class AppealCategory(models.TextChoices):
    POLICY = "policy", "政策兑现"
    SPACE = "space", "用房用地"
    TALENT = "talent", "人才服务"
    SCHOOL = "school", "子女入学"
    FINANCE = "finance", "融资服务"
    PERMIT = "permit", "审批办照"
    TRAFFIC = "traffic", "交通出行"
    UTILITY = "utility", "水电气热网"
    MARKET = "market", "市场对接"
    ENVIRONMENT = "environment", "园区环境"
    OTHER = "other", "其他"


class AppealClass(models.TextChoices):
    """Which limit applies (visits.models.TimeLimit): those of the 服务包, then the four of the 12345 hotline."""

    CONSULT = "consult", "咨询类"
    COORDINATE = "coordinate", "协调类"
    HARD = "hard", "疑难类"
    SUDDEN = "sudden", "热线突发"
    PROMPT = "prompt", "热线及时"
    GENERAL = "general", "热线一般"
    COMPLEX = "complex", "热线疑难"


class Urgency(models.TextChoices):
    NORMAL = "normal", "一般"
    URGENT = "urgent", "紧急"


class AppealStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待受理"
    ACCEPTED = "accepted", "待派单"
    DISPATCHED = "dispatched", "待签收"
    HANDLING = "handling", "办理中"
    PAUSED = "paused", "已挂起"
    SHELVED = "shelved", "挂账"
    ANSWERED = "answered", "待审核"
    CLOSED = "closed", "待回访"
    CONFIRMED = "confirmed", "已回访"
    ARCHIVED = "archived", "已归档"
    REJECTED = "rejected", "不予受理"
    MERGED = "merged", "已合并"
    WITHDRAWN = "withdrawn", "已撤回"


class Solved(models.TextChoices):
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    UNSOLVED = "unsolved", "未解决"


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class Result(models.TextChoices):
    """What the department says it achieved; the enterprise's own word is in the call-back."""

    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "未解决（政策解释）"


class AnswerType(models.TextChoices):
    """What an answer to a question of the visit form is."""

    TEXT = "text", "文字"
    NUMBER = "number", "数字"
    CHOICE = "choice", "选择"
    DATE = "date", "日期"
    YES_NO = "yes_no", "是否"


class FlagKind(models.TextChoices):
    """What a visit may warn of (domain §12)."""

    MOVE = "move", "搬迁外迁"
    RISK = "risk", "经营风险"
    LEASE = "lease", "租约到期"
    OWNERSHIP = "ownership", "股权变更"
    HIRE = "hire", "用工变化"
    EXPAND = "expand", "扩产增资"


class FlagLevel(models.TextChoices):
    HIGH = "high", "高"
    MEDIUM = "medium", "中"
    LOW = "low", "低"


# 低 is a chance rather than a danger; a lease that ends within URGENT_LEASE_DAYS is 高.
FLAG_LEVELS = {
    FlagKind.MOVE: FlagLevel.HIGH,
    FlagKind.RISK: FlagLevel.HIGH,
    FlagKind.LEASE: FlagLevel.MEDIUM,
    FlagKind.OWNERSHIP: FlagLevel.MEDIUM,
    FlagKind.HIRE: FlagLevel.LOW,
    FlagKind.EXPAND: FlagLevel.LOW,
}
LEASE_DAYS = 180
URGENT_LEASE_DAYS = 90


class SuggestionStatus(models.TextChoices):
    PENDING = "pending", "待研究"
    ADOPTED = "adopted", "已采纳"
    DECLINED = "declined", "未采纳"


class Via(models.TextChoices):
    """How an answer of the enterprise came in."""

    PHONE = "phone", "电话回访"
    LINK = "link", "企业自填"
    LIST = "list", "名单导入"


class JointStatus(models.TextChoices):
    """How far a joint unit has come with its own part."""

    WAITING = "waiting", "待签收"
    WORKING = "working", "办理中"
    ANSWERED = "answered", "已反馈"


class RequestKind(models.TextChoices):
    """What a lead unit may ask for and another person decides."""

    EXTENSION = "extension", "延期"
    SHELVING = "shelving", "挂账"
    EXCLUSION = "exclusion", "不合理剔除"


class MatterState(models.TextChoices):
    """What a handler decided on a common matter."""

    LISTED = "listed", "列为本月一题"
    DISMISSED = "dismissed", "不作为共性问题"


class ReminderKind(models.TextChoices):
    """Why people are reminded of an appeal; the first three are the rungs of the ladder (visits.reminding)."""

    HALF = "half", "时限过半"
    NEARLY = "nearly", "即将到期"
    OVERDUE = "overdue", "已超期"
    URGED = "urged", "催办"
    SUPERVISED = "supervised", "督办"


class TicketStatus(models.TextChoices):
    """How far the hotline says a ticket has come; the appeal raised from it has a status of its own."""

    PENDING = "pending", "待受理"
    HANDLING = "handling", "办理中"
    CLOSED = "closed", "已办结"
    RETURNED = "returned", "已退回"
    CANCELLED = "cancelled", "已作废"


class TicketParty(models.TextChoices):
    """Whose ticket it is: a resident's names no enterprise, an unmatched one names one that the register has not."""

    ENTERPRISE = "enterprise", "企业"
    UNMATCHED = "unmatched", "未匹配"
    RESIDENT = "resident", "居民"


class MatchedBy(models.TextChoices):
    """By what a ticket found its enterprise; what a person said no list changes."""

    NAME = "name", "名称"
    FORMER = "former", "曾用名"
    PHONE = "phone", "电话"
    PERSON = "person", "人工"
    NOTHING = "", "—"
