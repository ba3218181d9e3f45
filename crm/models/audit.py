"""The audit trail of events that are not record changes: log-ins, imports, exports, downloads."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from crm.models.organisation import Organisation
from crm.scoping import ScopedQuerySet


class AuditAction(models.TextChoices):
    LOGIN = "login", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOGOUT = "logout", "退出"
    IMPORT = "import", "导入"
    EXPORT = "export", "导出"
    DOWNLOAD = "download", "下载报告"
    USER = "user", "用户变更"
    RULES = "rules", "日历与时限"
    REPORT = "report", "报告印发"
    EVALUATION = "evaluation", "考评"


class AuditEntryQuerySet(ScopedQuerySet["AuditEntry"]):
    pass


class AuditEntry(models.Model):
    """One event; entries are only ever added (crm/audit.py)."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    action = models.CharField("动作", max_length=20, choices=AuditAction)
    summary = models.CharField("内容", max_length=300)
    address = models.GenericIPAddressField("地址", null=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.summary}"
