"""Make, rotate and destroy signing keys."""

from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from config.kernel import clock, keys, transactions
from config.kernel.audit import chain
from healthcode.codec.keys import short_kid, to_jwk
from healthcode.passes.models import SigningKey
from healthcode.passes.queries import SEAL
from healthcode.passes.values import KeyState

# A retired key verifies for as long as the longest pass it may have signed.
OVERLAP = timedelta(days=181)


@transactions.atomic_retry
def ensure_signing_key() -> SigningKey:
    """The active key; made if there is none. Safe beside itself."""
    found = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    return found or _make()


@transactions.atomic_retry
def rotate_signing_key(*, actor: str) -> SigningKey:
    """Put a new key in force; the old one goes on verifying."""
    now = clock.now()
    active = SigningKey.objects.select_for_update().filter(state=KeyState.ACTIVE)
    old = [key.kid for key in active]
    active.update(state=KeyState.VERIFY_ONLY, retired_at=now)
    made = _make()
    chain.record(
        action="health.rotate_key", actor=actor, target=f"key:{made.kid}", before={"kids": old}
    )
    return made


@transactions.atomic_retry
def destroy_retired_keys(*, now: datetime) -> int:
    """Destroy private halves of keys whose last pass has ended."""
    old = SigningKey.objects.filter(state=KeyState.VERIFY_ONLY, retired_at__lte=now - OVERLAP)
    return old.update(state=KeyState.DESTROYED, sealed_private_key=None)


def _make() -> SigningKey:
    private = ec.generate_private_key(ec.SECP256R1())
    jwk = to_jwk(private.public_key())
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey.objects.create(
        kid=short_kid(jwk).hex(),
        public_jwk=jwk,
        sealed_private_key=keys.seal(plain, purpose=SEAL),
        state=KeyState.ACTIVE,
    )
