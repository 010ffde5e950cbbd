"""Reading passes, keys and the lists made of them."""

import hashlib
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.db import connection
from django.db.models import Q, QuerySet

from config.kernel import keys as master
from config.kernel.errors import NotFound, Unavailable, invariant
from healthcode.codec.keys import Key, from_jwk, short_kid
from healthcode.passes.models import (
    CodeGrant,
    DeniedPass,
    Pass,
    RegionAgreement,
    RootKey,
    SigningKey,
)
from healthcode.passes.values import KEY_SEAL, KeyState, PassKind
from healthcode.rules.values import Colour

KEPT_S = 1.0
_kept: dict[str, tuple[float, "GateKeys"]] = {}


class SigningKeyMissing(Unavailable):
    """No key is active; a timetable job makes one."""

    code: ClassVar[str] = "signing_key_missing"
    message: ClassVar[str] = "Passes cannot be issued at the moment; try again."


class GrantUnknown(NotFound):
    """There is no such grant of this person, or it has ended."""

    code: ClassVar[str] = "grant_unknown"
    message: ClassVar[str] = "There is no such grant, or it has ended."


def active_key() -> SigningKey:
    """The key that signs now.

    Raises:
        SigningKeyMissing: there is none.
    """
    key = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    if key is None:
        raise SigningKeyMissing()
    return key


def private_key(row: SigningKey | RootKey) -> ec.EllipticCurvePrivateKey:
    """A signing key's private half, opened."""
    invariant(row.sealed_private_key is not None, "a key that signs has a private half")
    return _opened(bytes(row.sealed_private_key or b""))


@lru_cache(maxsize=8)
def _opened(sealed: bytes) -> ec.EllipticCurvePrivateKey:
    private = load_der_private_key(master.unseal(sealed, purpose=KEY_SEAL), password=None)
    invariant(isinstance(private, ec.EllipticCurvePrivateKey), "signing keys are EC keys")
    return private  # type: ignore[return-value]


def roots() -> list[dict[str, Any]]:
    """Every root there was, oldest first, each with what the one before says for it."""
    return [
        {**row.public_jwk, "endorsement": row.endorsement} for row in RootKey.objects.order_by("id")
    ]


def trusted_keys() -> list[Key]:
    """Public keys whose passes are believed."""
    rows = SigningKey.objects.filter(state__in=[KeyState.ACTIVE, KeyState.VERIFY_ONLY])
    return [Key(from_jwk(row.public_jwk).public, bytes.fromhex(row.kid)) for row in rows]


@dataclass(frozen=True, slots=True)
class GateKeys:
    """Whose passes a gate believes: ours, and those of regions we agreed with.

    `foreign` pairs each key of another region with its issuer and its map of colours.
    """

    own: list[Key]
    foreign: list[tuple[Key, str, dict[str, str]]]

    @property
    def all(self) -> list[Key]:
        """Every key to try."""
        return [*self.own, *(key for key, _, _ in self.foreign)]

    def agreement(self, key: Key) -> tuple[str, dict[str, str]] | None:
        """Issuer and colours of the region whose very key this is; None for our own."""
        return next(
            ((issuer, map_) for region_key, issuer, map_ in self.foreign if region_key is key), None
        )


def gate_keys(*, at: datetime) -> GateKeys:
    """The keys that gates believe at a moment."""
    rows = RegionAgreement.objects.filter(valid_from__lte=at, valid_until__gt=at).order_by("id")
    foreign = [
        (Key(from_jwk(jwk).public, short_kid(jwk)), row.issuer, dict(row.colours))
        for row in rows
        for jwk in row.jwks
    ]
    return GateKeys(trusted_keys(), foreign)


def kept_gate_keys(*, at: datetime) -> GateKeys:
    """The same, remembered by this process for KEPT_S: a rotation shows a second later."""
    entry = _kept.get("keys")
    if entry is not None and time.monotonic() < entry[0]:
        return entry[1]
    keys = gate_keys(at=at)
    _kept["keys"] = (time.monotonic() + KEPT_S, keys)
    return keys


def regions(*, at: datetime) -> list[dict[str, Any]]:
    """Agreements in force, as they are published for verifiers without network."""
    rows = RegionAgreement.objects.filter(valid_from__lte=at, valid_until__gt=at).order_by("issuer")
    return [
        {
            "issuer": row.issuer,
            "name": row.name,
            "colours": row.colours,
            "valid_until": row.valid_until.isoformat(),
            "keys": [{**jwk, "sh1_kid": short_kid(jwk).hex()} for jwk in row.jwks],
        }
        for row in rows
    ]


def forget_keys() -> None:
    """Drop what this process remembers of keys."""
    _kept.clear()


def trusted_jwks() -> list[dict[str, Any]]:
    """The same keys as they are published, and the one that will sign next."""
    published = [KeyState.PENDING, KeyState.ACTIVE, KeyState.VERIFY_ONLY]
    rows = SigningKey.objects.filter(state__in=published).order_by("id")
    return [
        {
            **row.public_jwk,
            "sh1_kid": row.kid,
            **({"x5c": [row.certificate]} if row.certificate else {}),
        }
        for row in rows
    ]


def cti_hash(cti: bytes) -> str:
    """How a pass's random id is kept and denied: SHA-256, in hex."""
    return hashlib.sha256(cti).hexdigest()


@dataclass(frozen=True, slots=True)
class PassState:
    """What a gate must know of a pass it was shown: whose, whether good, and how they stand.

    A pass of an agreed region is nobody's here, and stands as it says.
    """

    subject_id: uuid.UUID | None
    revoked: bool
    colour: Colour
    own: bool = True


# The same twice: a function whose plan a PostgreSQL session keeps, and its plain text.
_STATE_FUNCTION = "SELECT * FROM health_pass_state(%s, %s)"
_STATE_JOIN = """
    SELECT p.subject_id, p.revoked_at IS NOT NULL OR v.revoked_at IS NOT NULL,
           CASE WHEN d.valid_until IS NULL OR d.valid_until > %(moment)s THEN d.colour END
    FROM health_pass p
    LEFT JOIN health_device v ON v.id = p.device_id
    LEFT JOIN health_decision_head h ON h.subject_id = p.subject_id
    LEFT JOIN health_decision d ON d.id = h.decision_id
    WHERE p.cti_hash = %(wanted)s
"""


def state_of(cti: bytes, *, at: datetime) -> PassState | None:
    """The state of a pass, its device and its person in one look-up; None if it is not ours.

    Plain SQL: every scan at every gate comes through here.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_STATE_FUNCTION, [cti_hash(cti), at])
        else:
            moment = connection.ops.adapt_datetimefield_value(at)
            cursor.execute(_STATE_JOIN, {"moment": moment, "wanted": cti_hash(cti)})
        row = cursor.fetchone()
    if row is None:
        return None
    subject_id, revoked, colour = row
    whose = subject_id if isinstance(subject_id, uuid.UUID) else uuid.UUID(str(subject_id))
    return PassState(whose, bool(revoked), Colour(colour) if colour else Colour.UNKNOWN)


def denied(*, at: datetime) -> list[str]:
    """Hashes of the ids of all passes that were revoked and have not ended, in order."""
    lost = Q(revoked_at__isnull=False) | Q(device__revoked_at__isnull=False)
    rows = Pass.objects.filter(lost, expires_at__gt=at).values_list("cti_hash", flat=True)
    denied_passes = DeniedPass.objects.filter(expires_at__gt=at).values_list("cti_hash", flat=True)
    return sorted({*rows, *denied_passes})


def grant_of(subject_id: uuid.UUID, grant_id: uuid.UUID, *, at: datetime) -> CodeGrant:
    """A person's grant that is in force.

    Raises:
        GrantUnknown: there is none.
    """
    grant = CodeGrant.objects.filter(id=grant_id, subject_id=subject_id, valid_until__gt=at).first()
    if grant is None:
        raise GrantUnknown(field="grant_id")
    return grant


def papers_of(subject_id: uuid.UUID, *, at: datetime) -> QuerySet[Pass]:
    """A subject's codes on paper that are in force, newest first."""
    return Pass.objects.filter(
        subject_id=subject_id, kind=PassKind.PAPER, revoked_at__isnull=True, expires_at__gt=at
    ).order_by("-issued_at")
