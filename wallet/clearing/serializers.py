"""Shapes of the clearing API. Amounts are decimal text in yuan."""

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField
from wallet.accounts.serializers import AmountRequest, MoneyField
from wallet.clearing.models import OutgoingTransfer


class UnitTransferRequest(AmountRequest):
    """Which merchant of another unit to pay, for which order, with the payment PIN."""

    payee_id = serializers.UUIDField()
    reference = ShownTextField(max_length=64)
    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class UnitTransferAnswer(ModelAnswer[OutgoingTransfer]):
    """A transfer to another unit as its payer sees it; a RETURNED one says why."""

    transfer_id = serializers.UUIDField(source="id")
    amount = MoneyField(source="amount_minor")

    class Meta:
        model = OutgoingTransfer
        fields = (
            *("transfer_id", "payee_id", "amount", "currency", "reference"),
            *("state", "reason", "created_at"),
        )
