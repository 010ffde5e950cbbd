"""Sign a certificate with the root and keep it."""

from cryptography import x509

from config.kernel import clock, keys, transactions
from config.kernel.audit.chain import record
from merchants.certificates import rules
from merchants.certificates.models import Certificate
from merchants.certificates.usecases.ensure_root import ensure_root, new_serial
from merchants.certificates.values import ROOT_SEAL, CertificateKind
from merchants.onboarding.models import App
from merchants.onboarding.rules import load_private_key, load_public_key, public_key_text


def sign_certificate(
    *, kind: CertificateKind, public_key_pem: str, common_name: str, app: App | None, actor: str
) -> Certificate:
    """Make a certificate for a key, in the caller's transaction.

    Args:
        kind: APP or GATEWAY.
        public_key_pem: a key that has been checked before.
        common_name: whose it is, for people.
        app: the app, for APP.
        actor: who asked, for the audit trail.
    """
    transactions.require()
    root = ensure_root()
    certificate = rules.make_leaf(
        load_public_key(public_key_pem),
        common_name=common_name,
        root=x509.load_pem_x509_certificate(root.pem.encode()),
        root_key=load_private_key(keys.unseal(bytes(root.sealed_private_key), purpose=ROOT_SEAL)),
        serial=new_serial(),
        at=clock.now(),
    )
    row = Certificate.objects.create(
        kind=kind,
        app=app,
        sn=rules.sn_of(certificate),
        serial=str(certificate.serial_number),
        fingerprint=public_key_text(public_key_pem).fingerprint,
        pem=rules.pem_of(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )
    record(
        action="certificate.issued",
        actor=actor,
        target=f"certificate:{row.sn}",
        purpose="clients in certificate mode",
        after={"kind": kind.value, "fingerprint": row.fingerprint},
    )
    return row
