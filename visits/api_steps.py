"""The steps of an appeal through the API: which may be taken now and what each needs, and taking one.

Field by field the same form as on the page, so that what the page refuses is refused here in the same words.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import ScopedReadOnlyViewSet
from crm.http import user_of
from visits import actions
from visits.actions import guard
from visits.forms import StepForm
from visits.models import Appeal
from visits.workflow import STEPS, Step

STEP_CHOICES = [(step.key, step.label) for step in STEPS.values()]


class FieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    is_required = serializers.BooleanField()
    help_text = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    choices = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="可选的值和名称；没有的可自由填写"
    )


class OpenStepSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    is_forward = serializers.BooleanField(help_text="办理的下一步")
    fields_asked = FieldSerializer(many=True, help_text="这一步要填的内容")


class OpenStepsSerializer(serializers.Serializer[Any]):
    seen = serializers.IntegerField(help_text="最近一条办理记录；办理时原样带回，重复提交只记一次")
    steps = OpenStepSerializer(many=True)


class TakeStepSerializer(serializers.Serializer[Any]):
    """What a step may be given; which of it a step needs, GET says."""

    step = serializers.ChoiceField(STEP_CHOICES)
    seen = serializers.IntegerField(required=False)
    note = serializers.CharField(required=False, allow_blank=True)
    appeal_class = serializers.CharField(required=False, allow_blank=True)
    category = serializers.CharField(required=False, allow_blank=True)
    lead_unit = serializers.IntegerField(required=False)
    joint_units = serializers.ListField(child=serializers.IntegerField(), required=False)
    helpers = serializers.ListField(child=serializers.IntegerField(), required=False)
    due_at = serializers.DateField(required=False)
    joint_due_at = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    amount = serializers.IntegerField(required=False)
    parent = serializers.CharField(required=False, allow_blank=True, help_text="诉求编号")  # type: ignore[assignment]
    result = serializers.CharField(required=False, allow_blank=True)
    result_text = serializers.CharField(required=False, allow_blank=True)
    is_reached = serializers.CharField(required=False, allow_blank=True, help_text="yes 或 no")
    is_contacted = serializers.CharField(required=False, allow_blank=True, help_text="yes 或 no")
    solved = serializers.CharField(required=False, allow_blank=True)
    satisfaction = serializers.CharField(required=False, allow_blank=True)
    respondent = serializers.CharField(required=False, allow_blank=True)
    comment = serializers.CharField(required=False, allow_blank=True)
    caller = serializers.CharField(required=False, allow_blank=True)
    called_at = serializers.DateTimeField(required=False)
    files = serializers.ListField(child=serializers.FileField(), required=False, help_text="以 multipart 上传")


class TakenSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.CharField()


class AppealSteps(ScopedReadOnlyViewSet):
    """The part of the appeals' endpoint that is about steps."""

    permission_required = "visits.view_appeal"

    @extend_schema(responses=OpenStepsSerializer, operation_id="appeals_steps_list")
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def steps(self, request: Request, pk: str | None = None) -> Response:
        """现在可以办理的步骤和每一步要填的内容。"""
        appeal, user = self.get_object(), user_of(request)
        last = appeal.events.order_by("-pk").values_list("pk", flat=True).first()
        told = [_told(step, appeal, user) for step in actions.steps_open_to(appeal, user)]
        return Response({"seen": last or 0, "steps": told})

    @extend_schema(request=TakeStepSerializer, responses=TakenSerializer, operation_id="appeals_steps_take")
    @steps.mapping.post
    def take_step(self, request: Request, pk: str | None = None) -> Response:
        """办理一步；填写不全的答 400，现在不能办的答 409。"""
        asked = TakeStepSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        step, user = STEPS[asked.validated_data["step"]], user_of(request)
        appeal = self.get_object()
        if not user.has_perm(step.permission):
            raise PermissionDenied(f"您的角色不能“{step.label}”。")
        form = StepForm(request.data, request.FILES, appeal=appeal, step=step, user=user)
        if not form.is_valid():
            return Response(form.errors, status.HTTP_400_BAD_REQUEST)
        try:
            row = actions.advance_appeal(
                appeal,
                step.key,
                actor=user,
                seen=form.cleaned_data["seen"],
                **form.facts(),
            )
        except ValidationError as refused:
            return _refused(refused)
        return Response({"number": row.number, "status": row.status})


def _refused(refused: ValidationError) -> Response:
    if hasattr(refused, "error_dict"):
        return Response(refused.message_dict, status.HTTP_400_BAD_REQUEST)
    code = "already_done" if isinstance(refused, guard.AlreadyDone) else "refused"
    return Response({"detail": " ".join(refused.messages), "code": code}, status.HTTP_409_CONFLICT)


def _told(step: Step, appeal: Appeal, user: Any) -> dict[str, Any]:
    form = StepForm(appeal=appeal, step=step, user=user)
    asked = [_field(name, field) for name, field in form.fields.items() if name != "seen"]
    return {"key": step.key, "label": step.label, "is_forward": step.is_forward, "fields_asked": asked}


def _field(name: str, field: forms.Field) -> dict[str, Any]:
    # The appeals to merge into are too many to list; their numbers are typed.
    is_listed = hasattr(field, "choices") and name != "parent"
    choices = [[str(value), str(label)] for value, label in field.choices if value] if is_listed else []  # type: ignore[attr-defined]
    return {
        "name": name,
        "label": str(field.label or ""),
        "is_required": field.required,
        "help_text": str(field.help_text or ""),
        "choices": choices,
    }
