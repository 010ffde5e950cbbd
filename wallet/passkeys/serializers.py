"""Shapes of the passkeys API: WebAuthn's JSON as browsers write and read it."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField, StrictSerializer
from wallet.passkeys.models import Passkey, PasskeyChallenge
from wallet.passkeys.usecases.offer_challenge import signing_options
from wallet.payments.values import ConfirmationKind

LONGEST = 16_384


class _BytesField(serializers.RegexField):
    """Bytes as base64url without padding."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[A-Za-z0-9_-]+\Z", max_length=LONGEST, trim_whitespace=False, **kwargs)


class AttestationRequest(serializers.Serializer[Any]):
    """What the device says of the new key; what else browsers send is passed over."""

    clientDataJSON = _BytesField()  # noqa: N815
    attestationObject = _BytesField()  # noqa: N815


class NewCredentialRequest(serializers.Serializer[Any]):
    """`navigator.credentials.create()`, by its `toJSON()`."""

    id = _BytesField()
    rawId = _BytesField()  # noqa: N815
    type = serializers.ChoiceField(choices=["public-key"])
    response = AttestationRequest()


class SignatureRequest(serializers.Serializer[Any]):
    """What the device signed, and how."""

    clientDataJSON = _BytesField()  # noqa: N815
    authenticatorData = _BytesField()  # noqa: N815
    signature = _BytesField()


class CredentialRequest(serializers.Serializer[Any]):
    """`navigator.credentials.get()`, by its `toJSON()`."""

    id = _BytesField()
    rawId = _BytesField()  # noqa: N815
    type = serializers.ChoiceField(choices=["public-key"])
    response = SignatureRequest()


class PasskeyOptionsRequest(StrictSerializer):
    """No body, or an empty object."""


class PasskeyRequest(StrictSerializer):
    """The new passkey, with the payment PIN that it will stand for."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)
    label = ShownTextField(max_length=64, default="", allow_blank=True)  # type: ignore[assignment]
    credential = NewCredentialRequest()


class ChallengeRequest(StrictSerializer):
    """What is to be confirmed: a payment by its id, a freeze by its authorisation's."""

    kind = serializers.ChoiceField(choices=[k.value for k in ConfirmationKind])
    subject_id = serializers.UUIDField()


class AssertionRequest(StrictSerializer):
    """The signature over the challenge."""

    credential = CredentialRequest()


class PasskeyOptionsAnswer(serializers.Serializer[Any]):
    """For `navigator.credentials.create()`: `public_key` is WebAuthn's own JSON."""

    expires_at = serializers.DateTimeField()
    public_key = serializers.DictField()


class PasskeyAnswer(ModelAnswer[Passkey]):
    """A passkey of mine; `ended_at` is when it was suspended or revoked."""

    class Meta:
        model = Passkey
        fields = ("id", "label", "state", "credential", "activated_at", "used_at", "ended_at")


class ChallengeAnswer(ModelAnswer[PasskeyChallenge]):
    """What is to be signed: show `transaction`, whose SHA-256 is `public_key.challenge`."""

    public_key = serializers.SerializerMethodField()

    class Meta:
        model = PasskeyChallenge
        fields = ("id", "kind", "subject_id", "transaction", "expires_at", "public_key")

    def get_public_key(self, challenge: PasskeyChallenge) -> dict[str, Any]:
        """For `navigator.credentials.get()`: WebAuthn's own JSON."""
        return signing_options(challenge)


class AssertionAnswer(ModelAnswer[PasskeyChallenge]):
    """What was confirmed, when, and by which passkey."""

    passkey_id = serializers.UUIDField()

    class Meta:
        model = PasskeyChallenge
        fields = ("id", "kind", "subject_id", "passkey_id", "used_at")
