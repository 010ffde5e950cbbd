"""Reading passes, keys and the lists made of them."""

import hashlib
import uuid
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from config.kernel import keys as master
from config.kernel.errors import NotFound, Unavailable, invariant
from healthcode.codec.keys import Key, from_jwk
from healthcode.passes.models import CodeGrant, Pass, SigningKey
from healthcode.passes.values import KeyState

SEAL = "health-signing-key"


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
    found = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    if found is None:
        raise SigningKeyMissing()
    return found


def private_key(row: SigningKey) -> ec.EllipticCurvePrivateKey:
    """A signing key's private half, opened."""
    invariant(row.sealed_private_key is not None, "a key that signs has a private half")
    return _opened(bytes(row.sealed_private_key or b""))


@lru_cache(maxsize=8)
def _opened(sealed: bytes) -> ec.EllipticCurvePrivateKey:
    private = load_der_private_key(master.unseal(sealed, purpose=SEAL), password=None)
    invariant(isinstance(private, ec.EllipticCurvePrivateKey), "signing keys are EC keys")
    return private  # type: ignore[return-value]


def trusted_keys() -> list[Key]:
    """Public keys whose passes are believed."""
    rows = SigningKey.objects.filter(state__in=[KeyState.ACTIVE, KeyState.VERIFY_ONLY])
    return [Key(from_jwk(row.public_jwk).public, bytes.fromhex(row.kid)) for row in rows]


def trusted_jwks() -> list[dict[str, Any]]:
    """The same keys as they are published."""
    rows = SigningKey.objects.filter(state__in=[KeyState.ACTIVE, KeyState.VERIFY_ONLY])
    return [{**row.public_jwk, "sh1_kid": row.kid} for row in rows.order_by("id")]


def cti_hash(cti: bytes) -> str:
    """How a pass's random id is kept and denied: SHA-256, in hex."""
    return hashlib.sha256(cti).hexdigest()


def pass_of(cti: bytes) -> Pass | None:
    """The record of a pass, by its id."""
    return (
        Pass.objects.filter(cti_hash=cti_hash(cti))
        .select_related("subject", "decision", "device")
        .first()
    )


def denied(*, at: datetime) -> list[str]:
    """Hashes of the ids of all passes that were revoked and have not ended."""
    rows = Pass.objects.filter(revoked_at__isnull=False, expires_at__gt=at)
    return list(rows.order_by("cti_hash").values_list("cti_hash", flat=True))


def grant_of(subject_id: uuid.UUID, grant_id: uuid.UUID, *, at: datetime) -> CodeGrant:
    """A person's grant that is in force.

    Raises:
        GrantUnknown: there is none.
    """
    found = CodeGrant.objects.filter(id=grant_id, subject_id=subject_id, valid_until__gt=at).first()
    if found is None:
        raise GrantUnknown(field="grant_id")
    return found
