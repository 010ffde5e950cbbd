"""The row of the certificate method, and a shop set up with certificates."""

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from merchants.certificates import queries
from merchants.certificates.usecases.issue_app_certificate import issue_app_certificate
from merchants.certificates.values import Trio
from merchants.onboarding.rules import load_private_key
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

DOWNLOAD = "alipay.open.app.alipaycert.download"


def certified(shop: Shop) -> Trio:
    """Give a shop's app its certificate for the key it has."""
    key = load_private_key(shop.private_pem.encode()).public_key()
    public = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    issue_app_certificate(app_number=shop.app.app_number, request=public.decode())
    return queries.trio(shop.app.app_number)


def by_number(shop: Shop, _: WalletUser) -> Content:
    """A question for the gateway's certificate."""
    return {"alipay_cert_sn": certified(shop).gateway_sn}


ROWS = {
    DOWNLOAD: Row(
        by_number,
        OK,
        {},
        None,
        "CERT_NOT_EXIST",
        None,
        OK,
        empty="isv.missing-parameter",
        stranger={"alipay_cert_sn": "0" * 32},
    )
}
