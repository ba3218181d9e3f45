"""The workflow as a page for people: a diagram and a table, both written from the table of steps and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from crm.roles import ABILITIES, ROLES
from visits.choices import AppealStatus
from visits.workflow import STEPS, By, Step

PAGE = "docs/appeal-workflow.md"
_BY = {
    By.ANYONE: "",
    By.LEAD: "领办单位",
    By.LEAD_OR_JOINT: "领办或联办单位",
    By.JOINT: "联办单位本身",
}


def page() -> str:
    """docs/appeal-workflow.md; a test fails when the file says something else."""
    return "\n".join(
        [
            "# 诉求办理流程",
            "",
            "由 `manage.py appeal_workflow` 按 `visits/workflow.py` 的步骤表生成，请勿手改；改了步骤表后重新生成。",
            "",
            "```mermaid",
            *diagram(),
            "```",
            "",
            "“更多”里的步骤、申请和审批不改变状态的不在图上，全部步骤见下表。",
            "",
            *table(),
            "",
        ]
    )


def diagram() -> Iterator[str]:
    """Steps that lead from one status to another; those between the same two share an arrow."""
    yield "stateDiagram-v2"
    for status in AppealStatus:
        yield f'    state "{status.label}" as {status.value}'
    yield f"    [*] --> {AppealStatus.DRAFT.value}"
    for (source, target), labels in _arrows().items():
        yield f"    {source.value} --> {target.value}: {'、'.join(labels)}"
    left = {source for source, _ in _arrows()}
    for status in AppealStatus:
        if status not in left:
            yield f"    {status.value} --> [*]"


def _arrows() -> dict[tuple[AppealStatus, AppealStatus], list[str]]:
    arrows: dict[tuple[AppealStatus, AppealStatus], list[str]] = {}
    for step in STEPS.values():
        for source in step.sources:
            if step.target and step.target != source:
                arrows.setdefault((source, step.target), []).append(step.label)
    return arrows


def table() -> Iterator[str]:
    yield "| 步骤 | 从 | 到 | 权限 | 角色 | 须填 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for step in STEPS.values():
        cells = (step.label, _sources(step), _target(step), _permission(step), _roles(step), _needs(step))
        yield f"| {' | '.join(cells)} |"


def _sources(step: Step) -> str:
    return "、".join(status.label for status in step.sources)


def _target(step: Step) -> str:
    return step.target.label if step.target else "不变"


def _permission(step: Step) -> str:
    ability = ABILITIES.get(step.permission, step.permission)
    return f"{ability}（{_BY[step.by]}）" if step.by != By.ANYONE else ability


def _roles(step: Step) -> str:
    return "、".join(role.label for role in ROLES.values() if step.permission in role.permissions)


def _needs(step: Step) -> str:
    """What must be said, and in brackets what may be."""
    must = [step.name_of(need) for need in step.needs]
    may = [step.name_of(need) for need in step.takes]
    return "、".join(must) + (f"（{'、'.join(may)}）" if may else "") or "—"
