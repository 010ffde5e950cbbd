"""Requests and answers around codes."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from healthcode.decisions.serializers import ColourSerializer
from healthcode.passes.models import Pass
from healthcode.passes.values import PassKind
from healthcode.subjects.serializers import (
    StrictBoolean,
    StrictInteger,
    StrictShownText,
    StrictText,
)

COORDINATE = r"^[A-Za-z0-9_-]{43}$"
MAX_MINUTES = 7 * 24 * 60


class CoordinateField(serializers.RegexField):
    """A coordinate of a P-256 point: 32 bytes in base64url."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(COORDINATE, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class DeviceKeyRequest(serializers.Serializer[Any]):
    """A device's public key as WebCrypto exports it; members of no meaning here may come along."""

    kty = serializers.ChoiceField(["EC"])
    crv = serializers.ChoiceField(["P-256"])
    x = CoordinateField()
    y = CoordinateField()


class CodeRequest(StrictSerializer):
    """A code to be minted."""

    device_public_key = DeviceKeyRequest(required=False)
    device_id = serializers.UUIDField(
        required=False, help_text="this phone's record, where it comes with a new key for this pass"
    )
    device_name = StrictShownText(required=False, max_length=40, allow_blank=True)
    grant_id = serializers.UUIDField(required=False)
    subject_id = serializers.UUIDField(required=False)
    with_svg = StrictBoolean(required=False)


class CodeSerializer(ColourSerializer):
    """A code, how it is shown, and when to come back."""

    code = serializers.CharField()
    kind = serializers.ChoiceField([kind.value for kind in PassKind])
    issued_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    refresh_after_s = serializers.IntegerField()
    valid_until = serializers.DateTimeField(allow_null=True)
    device_id = serializers.UUIDField(allow_null=True)
    svg = serializers.CharField(allow_null=True)


class PaperSerializer(serializers.ModelSerializer[Pass]):
    """A code on paper that is in force; the code itself is kept nowhere."""

    class Meta:
        model = Pass
        fields = ("id", "issued_at", "expires_at")


class PapersRevokedSerializer(serializers.Serializer[Any]):
    """How many codes on paper are good no more."""

    revoked = serializers.IntegerField()


class SpecimenSerializer(ColourSerializer):
    """A code that opens nothing."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(["SPECIMEN"])
    expires_at = serializers.DateTimeField()
    svg = serializers.CharField()


class GrantRequest(StrictSerializer):
    """Leave for an app to call one's code."""

    app = StrictShownText(min_length=1, max_length=64)
    purpose = StrictShownText(min_length=3, max_length=128)
    minutes = StrictInteger(required=False, min_value=1, max_value=MAX_MINUTES)


class GrantSerializer(serializers.Serializer[Any]):
    """A grant and its end."""

    id = serializers.UUIDField()
    app = serializers.CharField()
    purpose = serializers.CharField()
    granted_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()


class CertificateRequest(StrictSerializer):
    """A foreign certificate: HC1:…, shc:/… or NZCP:/1/…"""

    payload = StrictText(min_length=4, max_length=12000, trim_whitespace=False)
    subject_id = serializers.UUIDField(required=False, help_text="a dependent's; else one's own")


class LatinNameRequest(StrictSerializer):
    """A name in Latin letters, as in the passport."""

    surname = StrictShownText(min_length=1, max_length=80)
    given = StrictShownText(required=False, max_length=80, allow_blank=True)


class ExportRequest(StrictSerializer):
    """Which test or vaccination, and how the name is spelled in Latin letters."""

    evidence_id = serializers.UUIDField()
    subject_id = serializers.UUIDField(required=False, help_text="a dependent's; else one's own")
    latin_name = LatinNameRequest(required=False)


class ExportSerializer(serializers.Serializer[Any]):
    """A European certificate."""

    certificate = serializers.CharField(help_text="HC1:…")


class ExportableSerializer(serializers.Serializer[Any]):
    """Something that a certificate can be made of."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    observed_at = serializers.DateTimeField()


class JwkSerializer(serializers.Serializer[Any]):
    """An issuer's public key."""

    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField()
    y = serializers.CharField()
    use = serializers.CharField()
    alg = serializers.CharField()
    kid = serializers.CharField()
    sh1_kid = serializers.CharField(help_text="hex of the 8 bytes that name the key in a pass")
    x5c = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="our document signer, base64 DER"
    )


class RegionKeySerializer(serializers.Serializer[Any]):
    """A key of another region."""

    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField()
    y = serializers.CharField()
    sh1_kid = serializers.CharField()


class RegionSerializer(serializers.Serializer[Any]):
    """A region whose passes are good here, and its colours as ours."""

    issuer = serializers.CharField()
    name = serializers.CharField()
    colours = serializers.DictField(child=serializers.CharField())
    valid_until = serializers.CharField()
    keys = RegionKeySerializer(many=True)


class RootSerializer(serializers.Serializer[Any]):
    """A root of trust lists, with what the one before says for it."""

    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField()
    y = serializers.CharField()
    use = serializers.CharField()
    alg = serializers.CharField()
    kid = serializers.CharField()
    endorsement = serializers.CharField(allow_blank=True, help_text="JWS; empty for the first")


class TrustListSerializer(serializers.Serializer[Any]):
    """Whom to believe; `jws` is the same content, signed."""

    version = serializers.IntegerField(help_text="grows with each list")
    issuer = serializers.CharField()
    issued_at = serializers.CharField()
    expires_at = serializers.CharField()
    keys = JwkSerializer(many=True)
    rule_sets = serializers.ListField(child=serializers.CharField())
    show_skew_s = serializers.IntegerField()
    regions = RegionSerializer(many=True)
    roots = RootSerializer(many=True)
    jws = serializers.CharField()


class RevocationsSerializer(serializers.Serializer[Any]):
    """Batches of our own certificates that are good no more, each as issuers upload it."""

    batches = serializers.ListField(
        child=serializers.CharField(),
        help_text='JSON: {"country","expires","kid","hashType","entries":[{"hash"}]}',
    )


class DenyListSerializer(serializers.Serializer[Any]):
    """What not to believe any more; `jws` is the same content, signed."""

    version = serializers.IntegerField(help_text="grows with each list")
    issuer = serializers.CharField()
    issued_at = serializers.CharField()
    expires_at = serializers.CharField()
    cti_sha256 = serializers.ListField(child=serializers.CharField())
    jws = serializers.CharField()
