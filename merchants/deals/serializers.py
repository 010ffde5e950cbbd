"""Shapes of the deals API. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField, StrictSerializer
from merchants.acceptance.serializers import AmountField, RowMoneyField
from merchants.deals.models import Deal, Entitlement, Offer
from merchants.deals.values import DealParty, DealState, GoodsType, ParcelState, PolicyName
from merchants.onboarding.callers import caller_id
from wallet.money import parse_amount

_NUMBER = r"^[0-9]{16}\Z"
_REFERENCE = r"^[0-9A-Za-z_\-]{1,64}\Z"
_STATES = [state.value for state in DealState]


class SplitShape(StrictSerializer):
    """Who gets which per cent of what is released."""

    payee = serializers.RegexField(_NUMBER)
    percent = serializers.RegexField(r"^[0-9]{1,3}(\.[0-9]{1,2})?\Z")


class ShareShape(StrictSerializer):
    """What a bundle holds of one partner; the amount is of each use."""

    partner = serializers.RegexField(_NUMBER)
    name = ShownTextField(max_length=64)
    uses = serializers.IntegerField(min_value=1, max_value=10_000)
    amount = serializers.RegexField(r"^[0-9]{1,9}(\.[0-9]{1,2})?\Z")


class StateMapField(serializers.DictField):
    """Values by a deal's state."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what is no state."""
        values = super().to_internal_value(data)
        if set(values) - set(_STATES):
            raise serializers.ValidationError("Keys are states of a deal.")
        return values


class OfferRequest(StrictSerializer):
    """An offer: the policy under which its money waits, and what the policy leaves open.

    `timers` are seconds by state, `dates` the moments at which states end.
    """

    merchant_id = serializers.RegexField(_NUMBER)
    policy = serializers.ChoiceField(choices=[name.value for name in PolicyName])
    reference = serializers.RegexField(_REFERENCE)
    subject = ShownTextField(max_length=256)
    price = serializers.RegexField(r"^[0-9]{1,9}(\.[0-9]{1,2})?\Z")
    deposit = AmountField(required=False)
    goods_type = serializers.ChoiceField(
        choices=[goods.value for goods in GoodsType], required=False
    )
    delivered_plus_days = serializers.IntegerField(min_value=1, max_value=30, required=False)
    pickup = serializers.BooleanField(default=False)
    needs_prescription = serializers.BooleanField(default=False)
    timers = StateMapField(child=serializers.IntegerField(), default=dict)
    dates = StateMapField(child=serializers.DateTimeField(), default=dict)
    splits = serializers.ListField(child=SplitShape(), default=list, max_length=20)
    shares = serializers.ListField(child=ShareShape(), default=list, max_length=20)
    breakage_to_partners = serializers.BooleanField(default=False)
    capacity = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    minimum = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)


def offer_values(data: dict[str, Any]) -> dict[str, Any]:
    """What a checked request says, as the use case takes it."""
    days = data.get("delivered_plus_days")
    dates = {state: moment.isoformat() for state, moment in data["dates"].items()}
    same = (
        "reference", "subject", "pickup", "needs_prescription", "breakage_to_partners",
    )  # fmt: skip
    return {
        **{name: data[name] for name in same},
        "policy": PolicyName(data["policy"]),
        "price_minor": parse_price(data["price"]),
        "deposit_minor": data.get("deposit", 0),
        "goods_type": data.get("goods_type", ""),
        "delivered_plus_s": None if days is None else days * 86_400,
        "seconds": dict(data["timers"]),
        "dates": dates,
        "splits": [dict(split) for split in data["splits"]],
        "shares": [
            {"amount_minor": parse_amount(share.pop("amount"), "CNY"), **share}
            for share in data["shares"]
        ],
        "capacity": data.get("capacity"),
        "minimum": data.get("minimum"),
    }


def parse_price(text: str) -> int:
    """A price in minor units; zero is one."""
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


class OfferSerializer(ModelAnswer[Offer]):
    """An offer as anybody sees it."""

    merchant_id = serializers.CharField(source="merchant.merchant_number")
    merchant_name = serializers.CharField(source="merchant.name")
    price = RowMoneyField()
    deposit = RowMoneyField()
    timers = serializers.DictField(source="seconds", child=serializers.IntegerField())
    dates = serializers.DictField(child=serializers.DateTimeField())

    class Meta:
        model = Offer
        fields = (
            "id", "merchant_id", "merchant_name", "policy", "reference", "subject", "price",
            "deposit", "currency", "goods_type", "pickup", "needs_prescription", "timers",
            "dates", "capacity", "taken", "minimum", "lot_state", "lot_due_at", "created_at",
        )  # fmt: skip


class DealRequest(StrictSerializer):
    """What a buyer takes; the reference is the buyer's own.

    `replaces_id` is the buyer's bundle in force whose place this one takes once it is paid.
    `agreement_number` is the buyer's agreement with the seller that pays each further term of
    a bundle.
    """

    offer_id = serializers.UUIDField()
    reference = serializers.RegexField(_REFERENCE)
    prescription_id = serializers.UUIDField(required=False)
    replaces_id = serializers.UUIDField(required=False)
    agreement_number = serializers.RegexField(r"^[0-9]{20}\Z", required=False)


class MoveRequest(StrictSerializer):
    """A move of the deal's policy, with what it takes."""

    move = serializers.RegexField(r"^[a-z_]{1,32}\Z")
    pin = serializers.CharField(max_length=6, required=False)
    code = serializers.CharField(max_length=16, required=False)
    days = serializers.IntegerField(min_value=1, max_value=10, required=False)


class ShipmentRequest(StrictSerializer):
    """The carrier's 16-digit number and its number of the parcel."""

    carrier_id = serializers.RegexField(_NUMBER)
    parcel = serializers.RegexField(_REFERENCE)


class DealRefundRequest(StrictSerializer):
    """What a buyer asks back while the money waits."""

    amount = AmountField()
    reason = ShownTextField(max_length=500)
    returns = serializers.BooleanField(default=False)


class AnswerToRefund(StrictSerializer):
    """What one side answers."""

    answer = serializers.ChoiceField(
        choices=["agree", "refuse", "withdraw", "return", "receive", "arbitrate"]
    )


class SellerRefund(StrictSerializer):
    """What a seller gives back, under a number of its own."""

    amount = AmountField()
    request_no = serializers.RegexField(r"^[0-9A-Za-z_\-]{1,48}\Z")


class ParcelEventRequest(StrictSerializer):
    """What a carrier or its device says of a parcel."""

    event_no = serializers.RegexField(_REFERENCE)
    parcel = serializers.RegexField(_REFERENCE)
    state = serializers.ChoiceField(
        choices=[state.value for state in ParcelState if state is not ParcelState.CREATED]
    )
    occurred_at = serializers.DateTimeField()
    proof = serializers.CharField(max_length=128, default="", allow_blank=True)


class ParcelEventSerializer(serializers.Serializer[Any]):
    """An event that is kept; an orphan is of no shipment yet."""

    id = serializers.UUIDField()
    parcel_state = serializers.CharField()
    orphan = serializers.BooleanField()


class PrescriptionRequest(StrictSerializer):
    """Which consultation; the number is the issuer's. What is prescribed is not told."""

    deal_id = serializers.UUIDField()
    number = serializers.RegexField(_REFERENCE)
    valid_days = serializers.IntegerField(min_value=1, max_value=90, default=3)


class PrescriptionSerializer(serializers.Serializer[Any]):
    """A prescription that unlocks one order."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    valid_until = serializers.DateTimeField()


class RedemptionRequest(StrictSerializer):
    """The partner's own number for one use."""

    request_no = serializers.RegexField(_REFERENCE)


class EntitlementSerializer(ModelAnswer[Entitlement]):
    """What of a bundle may be used of one partner."""

    partner_id = serializers.CharField(source="partner.merchant_number")
    amount = RowMoneyField(of="deal")

    class Meta:
        model = Entitlement
        fields = ("id", "name", "partner_id", "uses", "uses_made", "amount")


class StageSerializer(serializers.Serializer[Any]):
    """A stage's payment: confirmed like any other, in the payments API."""

    stage = serializers.CharField()
    payment_id = serializers.UUIDField()
    amount = RowMoneyField(of="deal")
    paid_at = serializers.DateTimeField(allow_null=True)


class DealMoveSerializer(serializers.Serializer[Any]):
    """What happened to a deal."""

    move = serializers.CharField()
    start = serializers.CharField()
    to = serializers.CharField()
    by = serializers.ChoiceField(choices=[party.value for party in DealParty])
    amount = RowMoneyField(of="deal")
    at = serializers.DateTimeField()


class RefundAskedSerializer(serializers.Serializer[Any]):
    """A refund request as both sides see it."""

    id = serializers.UUIDField()
    amount = RowMoneyField(of="deal")
    reason = serializers.CharField()
    returns = serializers.BooleanField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)


class DealSerializer(ModelAnswer[Deal]):
    """A deal as both sides see it; its code is shown to the buyer alone."""

    offer_id = serializers.UUIDField()
    replaces_id = serializers.UUIDField(allow_null=True)
    policy = serializers.CharField(source="offer.policy")
    subject = serializers.CharField(source="offer.subject")
    merchant_name = serializers.CharField(source="offer.merchant.name")
    amount = RowMoneyField()
    code = serializers.SerializerMethodField()
    parcel_state = serializers.SerializerMethodField()
    remaining_s = serializers.SerializerMethodField()
    payments = StageSerializer(many=True)
    timeline = DealMoveSerializer(many=True)
    refund_requests = RefundAskedSerializer(many=True)
    entitlements = EntitlementSerializer(many=True)

    class Meta:
        model = Deal
        fields = (
            "id", "offer_id", "policy", "subject", "merchant_name", "reference", "state",
            "amount", "currency", "code", "due_at", "remaining_s", "parcel_state", "created_at",
            "ended_at", "replaces_id", "agreement_number", "payments", "refund_requests",
            "entitlements", "timeline",
        )  # fmt: skip

    def get_code(self, row: Deal) -> str:
        """The buyer's code; "" for the seller."""
        return row.code if caller_id(self.context["request"]) == row.buyer_id else ""

    def get_parcel_state(self, row: Deal) -> str:
        """Where the parcel is; "" where nothing was sent."""
        return row.parcel.state if hasattr(row, "parcel") else ""

    def get_remaining_s(self, row: Deal) -> int | None:
        """What a timer that stands still has left, in whole seconds."""
        return None if row.remaining is None else round(row.remaining.total_seconds())
