"""Questions about certificates."""

from cryptography import x509

from config.kernel import clock
from config.kernel.errors import NotFound
from merchants.certificates import rules
from merchants.certificates.models import Certificate
from merchants.certificates.values import CertificateKind, Trio
from merchants.onboarding.queries import gateway_signer
from merchants.onboarding.rules import public_key_text
from merchants.onboarding.values import AppCredentials, AppPublicKey


class CertificateNotFound(NotFound):
    """There is no such certificate."""

    code = "certificate_not_found"
    message = "There is no such certificate."


def key_of_app(app: AppCredentials, sn: str) -> AppPublicKey | None:
    """The app's accepted key that this certificate of its holds; None if there is none."""
    now = clock.now()
    row = Certificate.objects.filter(
        kind=CertificateKind.APP, app__app_number=app.app_number, sn=sn, not_after__gt=now
    ).first()
    if row is None:
        return None
    certified_key = x509.load_pem_x509_certificate(row.pem.encode()).public_key()
    return next((app_key for app_key in app.public_keys if app_key.key == certified_key), None)


def roots() -> list[Certificate]:
    """The roots in force, oldest first."""
    return list(Certificate.objects.filter(kind=CertificateKind.ROOT, not_after__gt=clock.now()))


def signing_root() -> Certificate | None:
    """The root that signs at present: the newest whose key is kept."""
    return next((root for root in reversed(roots()) if root.sealed_private_key), None)


def roots_sn() -> str:
    """What a client sends that trusts our roots; empty before there are any.

    Clients leave out what is not signed with RSA.
    """
    return rules.bundle_sn(root.sn for root in roots() if _is_counted(root))


def are_our_roots(sent: str) -> bool:
    """Whether the roots that a client says it trusts are ours."""
    signing = signing_root()
    counted = [root.sn for root in roots() if _is_counted(root)]
    return signing is not None and rules.fits_roots(sent, counted=counted, signing=signing.sn)


def _is_counted(root: Certificate) -> bool:
    return rules.is_rsa_signed(x509.load_pem_x509_certificate(root.pem.encode()))


def gateway_certificate() -> Certificate | None:
    """The newest certificate of the gateway's present key."""
    fingerprint = public_key_text(gateway_signer().public_base64).fingerprint
    rows = Certificate.objects.filter(kind=CertificateKind.GATEWAY, fingerprint=fingerprint)
    return rows.order_by("-id").first()


def gateway_certificate_by_sn(sn: str) -> Certificate:
    """A certificate of the gateway's, present or past.

    Raises:
        CertificateNotFound: there is none of this number.
    """
    certificate = Certificate.objects.filter(kind=CertificateKind.GATEWAY, sn=sn).first()
    if certificate is None:
        raise CertificateNotFound(field="alipay_cert_sn")
    return certificate


def trio(app_number: str) -> Trio:
    """What a client of this app is set up with.

    Raises:
        CertificateNotFound: the app has no certificate yet.
    """
    rows = Certificate.objects.filter(kind=CertificateKind.APP, app__app_number=app_number)
    own, ours = rows.order_by("-id").first(), gateway_certificate()
    if own is None or ours is None:
        raise CertificateNotFound()
    root_certificates = roots()
    return Trio(
        app_sn=own.sn,
        app_pem=own.pem,
        gateway_sn=ours.sn,
        gateway_pem=ours.pem,
        roots_sn=roots_sn(),
        roots_pem=rules.bundle(root.pem for root in root_certificates),
    )
