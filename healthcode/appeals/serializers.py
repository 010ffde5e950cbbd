"""Requests and answers of corrections."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from config.kernel.data_flows import ANSWER, LAB, PUSH
from healthcode.appeals.models import Appeal
from healthcode.appeals.values import AppealState
from healthcode.subjects.serializers import StrictShownText, TextsSerializer


class CorrectionRequest(StrictSerializer):
    """Why the colour is wrong, and the evidence that is, if the person knows."""

    grounds = StrictShownText(min_length=10, max_length=2000, lines=True)
    evidence_id = serializers.UUIDField(required=False)
    subject_id = serializers.UUIDField(required=False)


class CorrectionSerializer(serializers.ModelSerializer[Appeal]):
    """A correction and what came of it."""

    state = serializers.ChoiceField([state.value for state in AppealState])
    decision_id = serializers.UUIDField(allow_null=True)
    evidence_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = Appeal
        fields = (
            "id", "state", "grounds", "decision_id", "evidence_id", "filed_at", "due_at",
            "overdue", "decided_at", "outcome_text",
        )  # fmt: skip


class FlowSerializer(serializers.Serializer[Any]):
    """One way in which data leaves."""

    name = serializers.CharField()
    kind = serializers.ChoiceField([PUSH, ANSWER, LAB])
    to = serializers.CharField()
    # The metaclass takes declared fields off the class: the serializer's own is not hidden.
    data = serializers.CharField()  # type: ignore[assignment]
    purpose = serializers.CharField()
    health = serializers.BooleanField()


class RetentionSerializer(serializers.Serializer[Any]):
    """What is kept how long."""

    what = TextsSerializer()
    days = serializers.IntegerField(
        allow_null=True, help_text="null where time alone deletes nothing; `then` says what does"
    )
    then = TextsSerializer()


class PrivacySerializer(serializers.Serializer[Any]):
    """What leaves the installation, what is kept, and what a person can do about it."""

    flows = FlowSerializer(many=True)
    retention = RetentionSerializer(many=True)
    rights = serializers.DictField(child=serializers.CharField())


class ErasureRequest(StrictSerializer):
    """Erasing cannot be undone, so it has to be spelled out."""

    confirm = serializers.ChoiceField(["ERASE"])
