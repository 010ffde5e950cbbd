"""The gateway's own certificate."""

from config.kernel import clock, transactions
from merchants.certificates import queries, rules
from merchants.certificates.models import Certificate
from merchants.certificates.usecases.sign_certificate import sign_certificate
from merchants.certificates.values import CertificateKind
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key


@transactions.atomic_retry
def ensure_gateway_certificate() -> Certificate:
    """Give the certificate of the gateway's present key; a new one where it ends soon.

    Clients that know an older one learn of the new by its number and fetch it.
    """
    key = ensure_gateway_key()
    certificate = queries.gateway_certificate()
    if certificate is not None and clock.now() < certificate.not_after - rules.RENEW_BEFORE:
        return certificate
    return sign_certificate(
        kind=CertificateKind.GATEWAY,
        public_key_pem=key.public_key,
        common_name="Saoma Gateway",
        app=None,
        actor="system:certificates",
    )
