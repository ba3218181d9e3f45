"""Visits, appeals and hotline tickets over the API: read-only, the same rows and filters as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from crm.api import ScopedReadOnlyViewSet
from crm.scoping import visible
from parks.models import Enterprise
from visits.api_steps import AppealSteps
from visits.filters import AppealFilter, VisitFilter
from visits.filters_tickets import TicketFilter
from visits.models import (
    Appeal,
    AppealEvent,
    AppealRequest,
    CallBack,
    HotlineTicket,
    JointUnit,
    Visit,
    VisitAnswer,
    VisitEnterprise,
)
from visits.workflow import label_of


class EnterpriseRefSerializer(serializers.ModelSerializer[Enterprise]):
    class Meta:
        model = Enterprise
        fields = ["id", "name", "uscc"]


class AnswerSerializer(serializers.ModelSerializer[VisitAnswer]):
    question = serializers.StringRelatedField[Any](read_only=True)
    answer = serializers.CharField(source="shown", read_only=True)

    class Meta:
        model = VisitAnswer
        fields = ["question", "answer"]


class PairSerializer(serializers.ModelSerializer[VisitEnterprise]):
    enterprise = EnterpriseRefSerializer(read_only=True)
    park = serializers.StringRelatedField[Any](read_only=True, help_text="走访时所在园区")
    steward = serializers.StringRelatedField[Any](read_only=True, help_text="走访时的管家")
    team = serializers.StringRelatedField[Any](read_only=True, help_text="走访时管家所在单位")
    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = VisitEnterprise
        fields = ["id", "enterprise", "has_attended", "attendees", "note", "park", "tier", "steward", "team", "answers"]


class VisitSerializer(serializers.ModelSerializer[Visit]):
    pairs = PairSerializer(many=True, read_only=True, help_text="走访的企业，一家一个家次")
    staff = serializers.StringRelatedField[Any](many=True, read_only=True)
    created_by = serializers.StringRelatedField[Any](read_only=True)
    appeals = serializers.SlugRelatedField[Any](slug_field="number", many=True, read_only=True)

    class Meta:
        model = Visit
        fields = [
            "id", "kind", "status", "cancel_reason", "started_at", "ended_at", "place", "topic", "summary",
            "next_visit_on", "pairs", "staff", "appeals", "created_by", "created_at", "updated_at",
        ]  # fmt: skip


class EventSerializer(serializers.ModelSerializer[AppealEvent]):
    step_label = serializers.SerializerMethodField()
    actor = serializers.CharField(source="who", read_only=True, help_text="操作人；企业通过链接答复的写明")

    class Meta:
        model = AppealEvent
        fields = ["id", "step", "step_label", "from_status", "to_status", "at", "actor", "note"]

    def get_step_label(self, event: AppealEvent) -> str:
        return label_of(event.step)


class CallBackSerializer(serializers.ModelSerializer[CallBack]):
    called_by = serializers.CharField(source="who", read_only=True, help_text="谁录入的；企业通过链接答复的写明")
    stands = serializers.BooleanField(read_only=True, help_text="计入评价；后来又答的和被复核替代的不计")

    class Meta:
        model = CallBack
        fields = [
            "id", "round", "called_at", "called_by", "via", "is_own", "is_reached", "is_contacted", "solved",
            "satisfaction", "comment", "stands", "rechecks",
        ]  # fmt: skip


class JointUnitSerializer(serializers.ModelSerializer[JointUnit]):
    unit = serializers.StringRelatedField[Any](read_only=True)

    class Meta:
        model = JointUnit
        fields = ["unit", "status", "asked_for", "due_at", "signed_at", "answered_at", "answer"]


class RequestSerializer(serializers.ModelSerializer[AppealRequest]):
    class Meta:
        model = AppealRequest
        fields = ["kind", "asked_at", "reason", "amount", "unit", "until", "decided_at", "is_granted", "note"]


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    enterprise = EnterpriseRefSerializer(read_only=True)
    lead_unit = serializers.StringRelatedField[Any](read_only=True)
    joint_units = serializers.StringRelatedField[Any](many=True, read_only=True)
    joint_parts = JointUnitSerializer(source="joint_rows", many=True, read_only=True, help_text="各联办单位的办理情况")
    requests = RequestSerializer(many=True, read_only=True, help_text="延期、挂账、剔除申请")
    merged_into = serializers.SlugRelatedField[Any](slug_field="number", read_only=True)
    events = EventSerializer(many=True, read_only=True)
    call_backs = CallBackSerializer(many=True, read_only=True)

    class Meta:
        model = Appeal
        fields = [
            "id", "number", "source", "enterprise", "content", "category", "appeal_class", "urgency", "status",
            "lead_unit", "joint_units", "joint_parts", "requests", "merged_into", "result", "result_text", "round",
            "submitted_at", "accepted_at", "dispatched_at", "signed_at", "contact_due_at", "first_contact_at", "due_at",
            "paused_at", "paused_until", "shelved_at", "review_on", "excluded_at", "excluded_reason", "answered_at",
            "closed_at", "events", "call_backs", "created_at", "updated_at",
        ]  # fmt: skip


class VisitViewSet(ScopedReadOnlyViewSet):
    queryset = Visit.objects.select_related("created_by")
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    permission_required = "visits.view_visit"

    def get_queryset(self) -> QuerySet[Any]:
        """With those of the visited enterprises and raised appeals that the reader may see."""
        user: Any = self.request.user
        pairs = VisitEnterprise.objects.filter(enterprise__in=visible(Enterprise, user))
        pairs = pairs.select_related("enterprise", "park", "steward", "team")
        pairs = pairs.prefetch_related(Prefetch("answers", VisitAnswer.objects.select_related("question")))
        appeals = Appeal.objects.visible_to(user).only("number", "visit_id")
        return super().get_queryset().prefetch_related(Prefetch("pairs", pairs), Prefetch("appeals", appeals), "staff")


class AppealViewSet(AppealSteps):
    queryset = Appeal.objects.select_related("enterprise", "lead_unit", "merged_into").prefetch_related(
        "joint_units", "joint_rows__unit", "requests", "call_backs__called_by", "events__actor"
    )
    serializer_class = AppealSerializer
    filterset_class = AppealFilter
    permission_required = "visits.view_appeal"


class HotlineTicketSerializer(serializers.ModelSerializer[HotlineTicket]):
    """Without the name and telephone of who called, which no other system needs."""

    enterprise = EnterpriseRefSerializer(read_only=True)
    appeal = serializers.SlugRelatedField[Any](slug_field="number", read_only=True)

    class Meta:
        model = HotlineTicket
        fields = [
            "id", "number", "kind", "category", "category_2", "category_3", "tags", "title", "content", "status",
            "nature", "accept_way", "district", "town", "community", "place", "lead_unit", "result", "reply",
            "called_at", "closed_at", "is_valid_call_back", "is_contacted", "solved", "satisfaction", "party",
            "firm_name", "enterprise", "matched_by", "match_note", "appeal", "created_at", "updated_at",
        ]  # fmt: skip


class HotlineTicketViewSet(ScopedReadOnlyViewSet):
    queryset = HotlineTicket.objects.select_related("enterprise")
    serializer_class = HotlineTicketSerializer
    filterset_class = TicketFilter
    permission_required = "visits.view_hotlineticket"

    def get_queryset(self) -> QuerySet[Any]:
        """Without the number of an appeal that the reader may not see."""
        user: Any = self.request.user
        return super().get_queryset().prefetch_related(Prefetch("appeal", Appeal.objects.visible_to(user)))
