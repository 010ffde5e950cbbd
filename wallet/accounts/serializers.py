"""Requests and answers of the accounts API: shapes, not decisions.

Money is a text such as "12.00" beside its currency; ids are the ones clients may know.
A field called `label` hides an attribute that DRF's fields have; serializers do not use it.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import ShownTextField, StrictSerializer
from wallet.accounts import queries
from wallet.accounts.values import (
    CURRENCY,
    ApplicationState,
    BankResult,
    CodePurpose,
    KycState,
    TopupState,
    UserState,
    WithdrawalState,
)
from wallet.money import format_amount, parse_amount

AMOUNT_PATTERN = r"^([1-9][0-9]{0,9}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"
CODE_PATTERN = r"^[0-9]{6}\Z"
PHONE_PATTERN = r"^((\+86)?1[3-9][0-9]{9}|\+([1-79][0-9]|8[0-57-9])[0-9]{5,13})$"
AMOUNT_SCHEMA = {"type": "string", "pattern": AMOUNT_PATTERN, "example": "12.00"}
MONEY_SCHEMA = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "example": "12.00"}


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes session tokens."""

    target_class = "wallet.accounts.authentication.SessionTokenAuthentication"
    name = "sessionToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A bearer token, opaque to the client."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "opaque"}


@extend_schema_field(AMOUNT_SCHEMA)
class AmountField(serializers.CharField):
    """An amount on its way in: a decimal text, never a JSON number."""

    def to_internal_value(self, data: Any) -> str:
        """Take texts only; a float has lost the exact amount before it gets here."""
        if not isinstance(data, str):
            self.fail("invalid")
        return data


@extend_schema_field({"type": "string", "pattern": PHONE_PATTERN, "example": "13800138000"})
class PhoneField(serializers.CharField):
    """A phone number on its way in; normalised by the use case."""


@extend_schema_field(MONEY_SCHEMA)
class MoneyField(serializers.Field[int, Any, str, Any]):
    """An amount on its way out: minor units as decimal text."""

    def to_representation(self, value: int) -> str:
        """Write fen as yuan with two decimals."""
        return format_amount(value, CURRENCY)


class AmountRequest(StrictSerializer):
    """An amount and its currency, which is the only one here: what is read is `amount_minor`."""

    amount = AmountField()
    currency = serializers.ChoiceField(choices=[CURRENCY], default=CURRENCY)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Turn the text into whole minor units.

        Raises:
            AmountInvalid, AmountPrecision: see wallet.money.
        """
        attrs["amount_minor"] = parse_amount(attrs.pop("amount"), attrs.pop("currency"))
        return attrs


class RegistrationRequest(StrictSerializer):
    """What a new customer gives."""

    phone = PhoneField(max_length=32)
    name = ShownTextField(max_length=64)
    password = serializers.CharField(min_length=8, max_length=128, trim_whitespace=False)
    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)
    code = serializers.RegexField(CODE_PATTERN, trim_whitespace=False, required=False)


class BankAnswerRequest(StrictSerializer):
    """What the bank says of one instruction; the amount is what it moved."""

    bank_reference = serializers.CharField(max_length=64)
    instruction_id = serializers.UUIDField()
    amount_minor = serializers.IntegerField(min_value=1, max_value=2**53)
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    result = serializers.ChoiceField(choices=[result.value for result in BankResult])
    reason = serializers.CharField(max_length=64, allow_blank=True, default="")


class BankAnswerStored(serializers.Serializer[Any]):
    """An answer that is kept; it is acted on by itself."""

    id = serializers.UUIDField()
    bank_reference = serializers.CharField()
    received_at = serializers.DateTimeField()


class PhoneCodeRequest(StrictSerializer):
    """Which phone is to be sent a code, and what for."""

    phone = PhoneField(max_length=32)
    purpose = serializers.ChoiceField(choices=[purpose.value for purpose in CodePurpose])


class PhoneCodeAnswer(serializers.Serializer[Any]):
    """Until when the code holds, if one was sent."""

    expires_at = serializers.DateTimeField()


class PhoneProofRequest(StrictSerializer):
    """The code that was sent to the customer's phone."""

    code = serializers.RegexField(CODE_PATTERN, trim_whitespace=False)


class ResetRequest(StrictSerializer):
    """A forgotten password: the phone, the code sent to it, and the password to come."""

    phone = PhoneField(max_length=32)
    code = serializers.RegexField(CODE_PATTERN, trim_whitespace=False)
    password = serializers.CharField(min_length=8, max_length=128, trim_whitespace=False)


class ClosingRequest(StrictSerializer):
    """The payment PIN, to close the account for good."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class ProfileRequest(StrictSerializer):
    """What a customer may change about themselves."""

    name = ShownTextField(max_length=64, required=False)
    zone = serializers.CharField(max_length=40, required=False)
    refunds_to_bank = serializers.BooleanField(required=False)


class SessionRequest(StrictSerializer):
    """A login."""

    phone = PhoneField(max_length=32)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    label = ShownTextField(max_length=64, default="", allow_blank=True)  # type: ignore[assignment]


class PasswordRequest(StrictSerializer):
    """The present password and the one to come."""

    password = serializers.CharField(max_length=128, trim_whitespace=False)
    new_password = serializers.CharField(min_length=8, max_length=128, trim_whitespace=False)


class PinRequest(StrictSerializer):
    """The login password as proof, and the new payment PIN."""

    password = serializers.CharField(max_length=128, trim_whitespace=False)
    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class WithdrawalRequest(AmountRequest):
    """An amount to send to the bank, and the payment PIN."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class KycRequest(StrictSerializer):
    """An application for verification."""

    tier = serializers.ChoiceField(choices=[1, 2, 3])
    legal_name = ShownTextField(max_length=64)
    id_number = serializers.RegexField(r"^[0-9]{17}[0-9Xx]\Z")


class IdentityProofRequest(StrictSerializer):
    """Which identity card is to be proven."""

    document_number = serializers.RegexField(r"^[0-9]{17}[0-9Xx]\Z")


class IdentityProofAnswer(serializers.Serializer[Any]):
    """The proof, for `identity_proof` of a health declaration, and its end."""

    identity_proof = serializers.CharField()
    expires_at = serializers.DateTimeField()


class DeviceRequest(StrictSerializer):
    """A phone to be registered."""

    label = ShownTextField(max_length=64)  # type: ignore[assignment]
    public_key = serializers.CharField(max_length=4096, default="", allow_blank=True)


class StatementRequest(StrictSerializer):
    """Which part of the statement."""

    after = serializers.CharField(max_length=200, required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)


class UserAnswer(serializers.Serializer[Any]):
    """A customer, as they see themselves."""

    user_id = serializers.CharField(source="user_number")
    phone = serializers.CharField()
    name = serializers.CharField()
    zone = serializers.CharField()
    refunds_to_bank = serializers.BooleanField()
    state = serializers.ChoiceField(choices=[s.value for s in UserState])
    kyc_tier = serializers.IntegerField()
    kyc_state = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    @extend_schema_field({"type": "string", "enum": [s.value for s in KycState]})
    def get_kyc_state(self, user: Any) -> str:
        """Where the verification stands."""
        return queries.kyc_state(user).value


class SessionAnswer(serializers.Serializer[Any]):
    """A login in the list of logins."""

    session_id = serializers.UUIDField(source="id")
    label = serializers.CharField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class OpenedSessionAnswer(SessionAnswer):
    """A fresh login with its token, shown this once."""

    token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["Bearer"])
    user = UserAnswer()


class LimitsAnswer(serializers.Serializer[Any]):
    """What the tier allows to be paid out and what is left; null means unlimited."""

    lifetime = MoneyField(source="lifetime_minor", allow_null=True)
    lifetime_used = MoneyField(source="lifetime_used_minor")
    yearly = MoneyField(source="yearly_minor", allow_null=True)
    yearly_used = MoneyField(source="yearly_used_minor")
    year = serializers.IntegerField()
    remaining = MoneyField(source="remaining_minor", allow_null=True)


class WalletAnswer(serializers.Serializer[Any]):
    """Balances: available is posted less held."""

    user_id = serializers.CharField()
    state = serializers.ChoiceField(choices=[s.value for s in UserState])
    currency = serializers.ChoiceField(choices=[CURRENCY])
    available = MoneyField(source="available_minor")
    held = MoneyField(source="held_minor")
    posted = MoneyField(source="posted_minor")
    limits = LimitsAnswer()


class EntryAnswer(serializers.Serializer[Any]):
    """One movement of the wallet: `amount` is negative where money left.

    It was entered at `posted_at` and counts from `value_at`.
    """

    journal_id = serializers.UUIDField()
    posted_at = serializers.DateTimeField()
    value_at = serializers.DateTimeField()
    kind = serializers.CharField()
    narrative = serializers.CharField()
    reference = serializers.CharField()
    amount = MoneyField(source="change_minor")
    balance_after = MoneyField(source="balance_after_minor", allow_null=True)
    currency = serializers.ChoiceField(choices=[CURRENCY])


class StatementAnswer(serializers.Serializer[Any]):
    """A part of the statement, newest first; `next` is what to give as `after`."""

    entries = EntryAnswer(source="lines", many=True)
    next = serializers.CharField(source="after", allow_null=True)


class TopupAnswer(serializers.Serializer[Any]):
    """A top-up."""

    topup_id = serializers.UUIDField(source="id")
    amount = MoneyField(source="amount_minor")
    currency = serializers.ChoiceField(choices=[CURRENCY])
    state = serializers.ChoiceField(choices=[s.value for s in TopupState])
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class WithdrawalAnswer(serializers.Serializer[Any]):
    """A withdrawal."""

    withdrawal_id = serializers.UUIDField(source="id")
    amount = MoneyField(source="amount_minor")
    currency = serializers.ChoiceField(choices=[CURRENCY])
    state = serializers.ChoiceField(choices=[s.value for s in WithdrawalState])
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class KycAnswer(serializers.Serializer[Any]):
    """Where the verification stands, with the limits that follow from it."""

    state = serializers.ChoiceField(choices=[s.value for s in KycState])
    tier = serializers.IntegerField()
    limits = LimitsAnswer()


class ApplicationAnswer(serializers.Serializer[Any]):
    """An application for verification; `code` and `reason` say why it was rejected."""

    application_id = serializers.UUIDField(source="id")
    tier = serializers.IntegerField()
    legal_name = ShownTextField()
    id_number = serializers.CharField(source="id_number_masked")
    state = serializers.ChoiceField(choices=[s.value for s in ApplicationState])
    code = serializers.SerializerMethodField()
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field({"type": "string", "enum": ["", "kyc_rejected"]})
    def get_code(self, application: Any) -> str:
        """The stable code of a rejection."""
        return "kyc_rejected" if application.state == ApplicationState.REJECTED else ""


class DeviceAnswer(serializers.Serializer[Any]):
    """A registered phone."""

    device_id = serializers.UUIDField(source="id")
    label = serializers.CharField()  # type: ignore[assignment]
    key_version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()


class RegisteredDeviceAnswer(DeviceAnswer):
    """A fresh device with its secret (base64url, 32 bytes), shown this once."""

    key = serializers.CharField()
