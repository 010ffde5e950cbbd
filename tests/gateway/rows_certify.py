"""The rows of the certification methods."""

from tests.factories.accounts import id_number, serial_of
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser

INITIALIZE = "alipay.user.certify.open.initialize"
QUERY = "alipay.user.certify.open.query"
INVALID = "INVALID_PARAMETER"


def claiming(_: Shop, buyer: WalletUser) -> Content:
    """A question about the buyer, who is who they say."""
    return {
        "outer_order_no": new_order(),
        "biz_code": "FACE",
        "identity_param": {
            "identity_type": "CERT_INFO",
            "cert_type": "IDENTITY_CARD",
            "cert_name": buyer.person.legal_name,
            "cert_no": id_number(serial=serial_of(buyer)),
        },
        "merchant_config": {"return_url": "http://shop.example/certified"},
    }


def claimed(shop: Shop, buyer: WalletUser) -> Content:
    """A question that has been asked."""
    return {"certify_id": shop.ask(INITIALIZE, **claiming(shop, buyer)).node["certify_id"]}


ROWS = {
    INITIALIZE: Row(
        claiming,
        OK,
        {"biz_code": "CERT_PHOTO"},
        "REQUEST_CONTEXT_INCONSISTENT",
        None,
        None,
        OK,
        INVALID,
    ),
    QUERY: Row(
        claimed,
        OK,
        {},
        None,
        "CERTIFY_ID_NOT_EXIST",
        None,
        OK,
        INVALID,
        {"certify_id": "OC20260101"},
    ),
}
