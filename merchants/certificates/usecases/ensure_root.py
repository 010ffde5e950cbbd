"""The installation's own root."""

import hashlib
import secrets

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import IntegrityError, transaction

from config.kernel import clock, keys, transactions
from config.kernel.audit.chain import record
from merchants.certificates import queries, rules
from merchants.certificates.models import Certificate
from merchants.certificates.values import ROOT_SEAL, CertificateKind
from merchants.onboarding.rules import load_private_key, new_key_pair

# Two processes that start together must not make two roots: both would be trusted.
_FIRST_SERIAL = 1


@transactions.atomic_retry
def ensure_root() -> Certificate:
    """Give the root that signs at present; make one where the installation has none.

    Its private key is sealed under a key derived from the master key. Beside it stand two
    roots that sign nothing and whose keys are thrown away, so that clients are tried with a
    bundle as the real one is.
    """
    known = queries.signing_root()
    if known is not None and len(queries.roots()) > 1:
        return known
    if known is None:
        pair = new_key_pair()
        key = load_private_key(pair.private_pkcs8_pem.encode())
        made = rules.make_root(key, serial=_FIRST_SERIAL, at=clock.now())
        sealed = keys.seal(pair.private_pkcs8_pem.encode(), purpose=ROOT_SEAL)
        known = _kept(made, sealed)
    _ensure_others()
    return known


def _ensure_others() -> None:
    now = clock.now()
    skipped = rules.make_root(
        new_ec_key(SECP256R1()), serial=_FIRST_SERIAL, at=now, named=rules.SKIPPED_ROOT_NAME
    )
    second = rules.make_root(
        load_private_key(new_key_pair().private_pkcs8_pem.encode()),
        serial=rules.SECOND_SERIAL,
        at=now,
        named=rules.SECOND_ROOT_NAME,
    )
    for made in (skipped, second):
        _kept(made, b"")


def _kept(made: x509.Certificate, sealed: bytes) -> Certificate:
    """Keep a root; of two made at once the first one stands, for both have one number."""
    sn = rules.sn_of(made)
    public = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    known = Certificate.objects.filter(sn=sn).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            root = Certificate.objects.create(
                kind=CertificateKind.ROOT,
                sn=sn,
                serial=str(made.serial_number),
                fingerprint=hashlib.sha256(public).hexdigest(),
                pem=rules.pem_of(made),
                sealed_private_key=sealed,
                not_before=made.not_valid_before_utc,
                not_after=made.not_valid_after_utc,
            )
    except IntegrityError:
        return Certificate.objects.get(sn=sn)
    record(
        action="root_certificate.made",
        actor="system:certificates",
        target=f"certificate:{root.sn}",
        purpose="sign the certificates of apps and of the gateway"
        if sealed
        else "stand in the bundle that clients trust",
        after={"fingerprint": root.fingerprint},
    )
    return root


def new_serial() -> int:
    """A serial number that nobody can guess, of one length."""
    return secrets.randbits(rules.SERIAL_BITS) | 1 << rules.SERIAL_BITS
