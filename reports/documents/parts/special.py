"""The words of a 专报: how the appeals of one matter stand."""

from __future__ import annotations

from reports.documents.material import Material
from reports.documents.summary import answered, handled, waiting_appeals
from reports.report import Figure, Part, Prose
from visits.choices import AppealCategory


def summary(material: Material) -> Part:
    figures, scope = material.by_key, material.scope
    firms = scope.appeals().filter(scope.within("accepted_at")).order_by().values("enterprise").distinct().count()
    about = "、".join(subject(material))
    raised = involving(figures["appeals_received"], firms)
    first = f"{scope.period.label}，{about}方面{handled(figures)}{raised}。{answered(figures)}。"
    return Part("summary", "总体情况", (Prose((first, f"{material.as_of}，{waiting_appeals(figures)}。")),))


def subject(material: Material) -> list[str]:
    scope = material.scope
    category = str(AppealCategory(scope.category).label) if scope.category else ""
    return [one for one in (f"“{scope.matter}”" if scope.matter else "", str(scope.unit or ""), category) if one]


def involving(received: Figure, firms: int) -> str:
    return f"，受理的诉求涉及企业{firms}家" if received.value else ""
