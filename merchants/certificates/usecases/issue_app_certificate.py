"""Issue an app's certificate for a key that only the merchant has the other half of."""

from config.kernel import clock, transactions
from merchants.certificates import rules
from merchants.certificates.models import Certificate
from merchants.certificates.usecases.ensure_gateway_certificate import ensure_gateway_certificate
from merchants.certificates.usecases.sign_certificate import sign_certificate
from merchants.certificates.values import CertificateKind
from merchants.onboarding.queries import app as app_by_number
from merchants.onboarding.usecases.rotate_key import rotate_key
from merchants.onboarding.values import SignType


@transactions.atomic_retry
def issue_app_certificate(*, app_number: str, request: str) -> Certificate:
    """Give a certificate for a signing request or a public key.

    The key becomes the app's active one, as by rotation: the earlier key and every
    certificate of it stay good for the overlap. The same key again gives its certificate,
    or a new one once that ends soon.

    Args:
        app_number: the app's public number.
        request: a signing request (PEM), or a public key in any form that is pasted.

    Raises:
        AppNotFound: there is no such app.
        rules.RequestUnreadable, and whatever `rotate_key` refuses: no fit key.

    Locks: the app.
    """
    app = app_by_number(app_number)
    text = rules.requested_key(request)
    key = rotate_key(
        app_number=app_number, public_key=text, sign_types=(SignType.RSA2, SignType.RSA)
    )
    ensure_gateway_certificate()
    certificate = (
        Certificate.objects.filter(kind=CertificateKind.APP, app=app, fingerprint=key.fingerprint)
        .order_by("-id")
        .first()
    )
    if certificate is not None and clock.now() < certificate.not_after - rules.RENEW_BEFORE:
        return certificate
    return sign_certificate(
        kind=CertificateKind.APP,
        public_key_pem=key.public_key,
        common_name=f"{app.app_number}",
        app=app,
        actor=f"user:{app.merchant.owner_id}",
    )
