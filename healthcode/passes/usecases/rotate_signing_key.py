"""Make, rotate and destroy signing keys."""

import base64
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

from config.kernel import clock, keys, transactions
from config.kernel.audit import chain
from healthcode.codec.keys import short_kid, to_jwk
from healthcode.decisions.usecases.claim_keys import OWN, claim_keys
from healthcode.passes.models import SigningKey
from healthcode.passes.queries import private_key
from healthcode.passes.values import KEY_SEAL, KeyState
from healthcode.subjects.programme import require_running

# A retired key verifies for as long as the longest pass it may have signed.
OVERLAP = timedelta(days=181)
# A key is in the trust list for two of its lives before it signs; then it signs so long.
ANNOUNCED = timedelta(days=2)
SIGNS_FOR = timedelta(days=90)
CERTIFICATE_LIFE = timedelta(days=730)
# hcert 1.0.8: what the signer's certificate attests: tests, vaccinations, recoveries.
_USAGES = [x509.ObjectIdentifier(f"1.3.6.1.4.1.1847.2021.1.{number}") for number in (1, 2, 3)]


@transactions.atomic_retry
def ensure_signing_key() -> SigningKey:
    """The active key; made if there is none. Safe beside itself.

    Raises:
        ProgrammeEnded: nothing is signed any more.
    """
    key = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    return key or _make(KeyState.ACTIVE)


@transactions.atomic_retry
def certified_signing_key() -> SigningKey:
    """The active key with its certificate, for certificates that others verify."""
    key = ensure_signing_key()
    if not key.certificate:
        key.certificate = _certificate(private_key(key))
        key.save(update_fields=["certificate"])
    return key


@transactions.atomic_retry
def announce_signing_key() -> SigningKey:
    """Make the next key and publish it; it signs nothing yet. One waits at a time."""
    key = SigningKey.objects.filter(state=KeyState.PENDING).first()
    return key or _make(KeyState.PENDING)


@transactions.atomic_retry
def rotate_signing_key(*, actor: str) -> SigningKey:
    """Put the announced key in force, or a new one; the old one goes on verifying.

    Without an announced key (in an emergency) verifiers know the new one only with their
    next trust list.
    """
    now = clock.now()
    active = SigningKey.objects.select_for_update().filter(state=KeyState.ACTIVE)
    old = [key.kid for key in active]
    active.update(state=KeyState.VERIFY_ONLY, retired_at=now)
    waiting = SigningKey.objects.select_for_update().filter(state=KeyState.PENDING).first()
    if waiting is None:
        successor = _make(KeyState.ACTIVE)
    else:
        successor = waiting
        successor.state = KeyState.ACTIVE
        successor.activated_at = now
        successor.save(update_fields=["state", "activated_at"])
    chain.record(
        action="health.rotate_key", actor=actor, target=f"key:{successor.kid}", before={"kids": old}
    )
    return successor


@transactions.atomic_retry
def destroy_retired_keys(*, now: datetime) -> int:
    """Destroy private halves of keys whose last pass has ended."""
    old = SigningKey.objects.filter(state=KeyState.VERIFY_ONLY, retired_at__lte=now - OVERLAP)
    return old.update(state=KeyState.DESTROYED, sealed_private_key=None)


def next_rotation() -> datetime | None:
    """When the next key is to be announced or, once announced, to sign."""
    active = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    if active is None:
        return None
    ends = (active.activated_at or active.created_at) + SIGNS_FOR
    waiting = SigningKey.objects.filter(state=KeyState.PENDING).first()
    if waiting is None:
        return ends - ANNOUNCED
    return max(ends, waiting.created_at + ANNOUNCED)


def keep_rotating(*, now: datetime) -> int:
    """Announce or activate the next key, as its time has come. Returns 1 if it had."""
    due = next_rotation()
    if due is None or due > now:
        return 0
    if SigningKey.objects.filter(state=KeyState.PENDING).exists():
        rotate_signing_key(actor="system:timetable")
    else:
        announce_signing_key()
    return 1


def _make(state: KeyState) -> SigningKey:
    require_running()
    private = ec.generate_private_key(ec.SECP256R1())
    claim_keys([private.public_key()], party=OWN, field="signing_key")
    jwk = to_jwk(private.public_key())
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey.objects.create(
        kid=short_kid(jwk).hex(),
        public_jwk=jwk,
        sealed_private_key=keys.seal(plain, purpose=KEY_SEAL),
        state=state,
        activated_at=clock.now() if state is KeyState.ACTIVE else None,
        certificate=_certificate(private),
    )


def _certificate(private: ec.EllipticCurvePrivateKey) -> str:
    """A document signer's certificate, self-signed, in base64 of DER."""
    now = clock.now().replace(microsecond=0)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"DSC {settings.SAOMA_HEALTH_ISSUER}"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + CERTIFICATE_LIFE)
        .add_extension(x509.ExtendedKeyUsage(_USAGES), critical=False)
        .sign(private, hashes.SHA256())
    )
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
