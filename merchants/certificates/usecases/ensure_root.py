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
    root = queries.signing_root()
    if root is not None and len(queries.roots()) > 1:
        return root
    if root is None:
        pair = new_key_pair()
        key = load_private_key(pair.private_pkcs8_pem.encode())
        certificate = rules.make_root(key, serial=_FIRST_SERIAL, at=clock.now())
        sealed = keys.seal(pair.private_pkcs8_pem.encode(), purpose=ROOT_SEAL)
        root = _kept(certificate, sealed)
    _ensure_others()
    return root


def _ensure_others() -> None:
    now = clock.now()
    skipped = rules.make_root(
        new_ec_key(SECP256R1()), serial=_FIRST_SERIAL, at=now, name_parts=rules.SKIPPED_ROOT_NAME
    )
    second = rules.make_root(
        load_private_key(new_key_pair().private_pkcs8_pem.encode()),
        serial=rules.SECOND_SERIAL,
        at=now,
        name_parts=rules.SECOND_ROOT_NAME,
    )
    for certificate in (skipped, second):
        _kept(certificate, b"")


def _kept(certificate: x509.Certificate, sealed: bytes) -> Certificate:
    """Keep a root; of two made at once the first one stands, for both have one number."""
    sn = rules.sn_of(certificate)
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    row = Certificate.objects.filter(sn=sn).first()
    if row is not None:
        return row
    try:
        with transaction.atomic():
            root = Certificate.objects.create(
                kind=CertificateKind.ROOT,
                sn=sn,
                serial=str(certificate.serial_number),
                fingerprint=hashlib.sha256(public).hexdigest(),
                pem=rules.pem_of(certificate),
                sealed_private_key=sealed,
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
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
