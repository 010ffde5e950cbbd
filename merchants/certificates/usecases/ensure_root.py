"""The installation's own root."""

import secrets

from django.db import IntegrityError, transaction

from config.kernel import clock, keys, transactions
from config.kernel.audit.chain import record
from merchants.certificates import queries, rules
from merchants.certificates.models import Certificate
from merchants.certificates.values import CertificateKind
from merchants.onboarding.rules import load_private_key, new_key_pair, public_key_text

PURPOSE = "certificates/root"
# Two processes that start together must not make two roots: both would be trusted.
_FIRST_SERIAL = 1


@transactions.atomic_retry
def ensure_root() -> Certificate:
    """Give the root that signs at present; make one where the installation has none.

    Its private key is sealed under a key derived from the master key.
    """
    known = queries.roots()
    if known:
        return known[-1]
    pair = new_key_pair()
    made = rules.make_root(
        load_private_key(pair.private_pkcs8_pem.encode()), serial=_FIRST_SERIAL, at=clock.now()
    )
    try:
        with transaction.atomic():
            root = Certificate.objects.create(
                kind=CertificateKind.ROOT,
                sn=rules.sn_of(made),
                serial=str(made.serial_number),
                fingerprint=public_key_text(pair.public_pem).fingerprint,
                pem=rules.pem_of(made),
                sealed_private_key=keys.seal(pair.private_pkcs8_pem.encode(), purpose=PURPOSE),
                not_before=made.not_valid_before_utc,
                not_after=made.not_valid_after_utc,
            )
    except IntegrityError:
        return Certificate.objects.get(sn=rules.sn_of(made))
    record(
        action="root_certificate.made",
        actor="system:certificates",
        target=f"certificate:{root.sn}",
        purpose="sign the certificates of apps and of the gateway",
        after={"fingerprint": root.fingerprint},
    )
    return root


def new_serial() -> int:
    """A serial number that nobody can guess, of one length."""
    return secrets.randbits(rules.SERIAL_BITS) | 1 << rules.SERIAL_BITS
