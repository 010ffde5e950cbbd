"""Requests and answers of corrections."""

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from healthcode.appeals.models import Appeal
from healthcode.appeals.values import AppealState
from healthcode.subjects.serializers import StrictText


class CorrectionRequest(StrictSerializer):
    """Why the colour is wrong, and the evidence that is, if the person knows."""

    grounds = StrictText(min_length=10, max_length=2000)
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


class ErasureRequest(StrictSerializer):
    """Erasing cannot be undone, so it has to be spelled out."""

    confirm = serializers.ChoiceField(["ERASE"])
