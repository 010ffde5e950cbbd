"""Shapes of the funding API. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, StrictSerializer
from wallet.accounts.serializers import MoneyField
from wallet.funding.models import Bill, CreditLine, SavingsOrder
from wallet.funding.rules import SOURCES


class FundingOrderShape(StrictSerializer):
    """Which sources are asked, in order, once the balance falls short."""

    sources = serializers.ListField(
        child=serializers.ChoiceField(choices=[source.value for source in SOURCES]),
        allow_empty=True,
        max_length=len(SOURCES),
    )


class SavingsAnswer(serializers.Serializer[Any]):
    """What is saved."""

    balance = MoneyField()
    yield_bps = serializers.IntegerField()


class SavingsOrderAnswer(ModelAnswer[SavingsOrder]):
    """A deposit or redemption."""

    amount = MoneyField(source="amount_minor")

    class Meta:
        model = SavingsOrder
        fields = ("id", "kind", "amount", "created_at", "confirmed_at")


class CreditLineAnswer(ModelAnswer[CreditLine]):
    """A pay-later line."""

    limit = MoneyField(source="limit_minor")
    owed = MoneyField(source="owed_minor")

    class Meta:
        model = CreditLine
        fields = ("state", "limit", "owed", "opened_at")


class BillAnswer(ModelAnswer[Bill]):
    """A bill of a pay-later line."""

    amount = MoneyField(source="amount_minor")
    fee = MoneyField(source="fee_minor")
    paid = MoneyField(source="paid_minor")

    class Meta:
        model = Bill
        fields = ("id", "state", "amount", "fee", "paid", "billed_at", "due_at")


class FundingOfferAnswer(serializers.Serializer[Any]):
    """An offer to somebody who has agreed to be shown some."""

    product = serializers.ChoiceField(choices=["SAVINGS", "CREDIT"])
    yield_bps = serializers.IntegerField(required=False)
    limit = MoneyField(source="limit_minor", required=False)


class ConsentAnswer(serializers.Serializer[Any]):
    """Since when offers may be shown."""

    given_at = serializers.DateTimeField()
