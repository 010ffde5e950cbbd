"""Shapes of what the lab's pages send."""

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from lab import demo_accounts
from lab.values import Step, WebhookResponse
from merchants.workbench.values import FaultKind


class OrderShape(StrictSerializer):
    """Which order of which shop."""

    shop = serializers.SlugField(max_length=32)
    order = serializers.RegexField(r"^[A-Za-z0-9_]{1,64}\Z")


class SaleShape(OrderShape):
    """What is sold; the gateway judges the amount."""

    amount = serializers.CharField(max_length=16)
    subject = serializers.CharField(max_length=128)


class ChargeShape(SaleShape):
    """A sale and the code on the customer's phone."""

    auth_code = serializers.CharField(max_length=64)


class PhoneShape(StrictSerializer):
    """Whose phone: by number or login; the first citizen where nobody is named."""

    buyer = serializers.CharField(max_length=32, default=demo_accounts.CITIZENS[0].phone)


class ScanShape(PhoneShape):
    """What the phone is held to, and whether its owner pays."""

    payload = serializers.CharField(max_length=16_384)
    amount = serializers.CharField(max_length=16, required=False)
    pay = serializers.BooleanField(default=False)


class QuestionShape(OrderShape):
    """Which order, and whether it was offered to be scanned."""

    offered = serializers.BooleanField(default=False)


class RefundShape(OrderShape):
    """How much of which order goes back, and the refund's own number."""

    amount = serializers.CharField(max_length=16)
    request = serializers.RegexField(r"^[A-Za-z0-9_]{1,64}\Z")


class StepShape(StrictSerializer):
    """How far the clock is to move."""

    step = serializers.ChoiceField(choices=[step.value for step in Step])


class WebhookResponseShape(StrictSerializer):
    """How a shop's receiver is to answer."""

    shop = serializers.SlugField(max_length=32)
    webhook_response = serializers.ChoiceField(choices=[kind.value for kind in WebhookResponse])


class FaultShape(StrictSerializer):
    """What is to go wrong with a shop's next call or notification."""

    shop = serializers.SlugField(max_length=32)
    kind = serializers.ChoiceField(choices=[kind.value for kind in FaultKind])


class ReceiptShape(serializers.Serializer[object]):
    """What the till shows."""

    outcome = serializers.CharField()
    order = serializers.CharField()
    code = serializers.CharField()
    sub_code = serializers.CharField()
    message = serializers.CharField()
    trade = serializers.DictField()
    raw = serializers.CharField()
