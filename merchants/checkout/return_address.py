"""The address that leads a browser back to the merchant, with the result signed in it.

It is for the buyer's eyes: merchants believe notifications and queries.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from config.kernel import clock
from merchants.acceptance.models import Order
from merchants.consents.models import Certification
from merchants.consents.values import CertificationState
from merchants.onboarding.queries import gateway_signer
from merchants.onboarding.values import SignType
from merchants.protocol import rules, signing
from merchants.protocol.agreements import agreement_facts
from merchants.protocol.formats import beijing
from merchants.protocol.pages import CERTIFY, SIGN
from merchants.protocol.values import UTF_8
from wallet.money import format_amount
from wallet.public import AgreementView, PaymentView


def signed_return(
    request_fields: Mapping[str, object], result: Mapping[str, str], *, method: str
) -> str:
    """The merchant's address with the signed result; empty where it gave none.

    What the address itself carries is signed too: clients check all that they receive.

    Args:
        request_fields: what was stored of the request: `return_url`, `charset`,
            `sign_type`, `app_id`.
        result: what is told beside; empty values are left out.
        method: the method whose result it is.
    """
    address = str(request_fields.get("return_url", ""))
    if not address:
        return ""
    sign_type = SignType(str(request_fields.get("sign_type", SignType.RSA2.value)))
    charset = rules.charset(str(request_fields.get("charset", ""))) or UTF_8
    app_number = str(request_fields.get("app_id", ""))
    parameters = {
        "charset": charset.name,
        "method": f"{method}.return",
        "auth_app_id": str(request_fields.get("auth_app_id", "")) or app_number,
        "version": "1.0",
        "app_id": app_number,
        "sign_type": sign_type.value,
        **{name: value for name, value in result.items() if value},
    }
    own = dict(parse_qsl(urlsplit(address).query, encoding=charset.encoding))
    text = rules.notification_canonical({**own, **parameters}).encode(charset.encoding)
    parameters["sign"] = signing.sign(gateway_signer().key, text, sign_type)
    # Before the fragment: what stands behind `#` never leaves the browser, and a page that
    # routes by it would not find its own path again.
    page, mark, fragment = address.partition("#")
    joint = "&" if "?" in page else "?"
    return page + joint + urlencode(parameters, encoding=charset.encoding) + mark + fragment


def order_return(order: Order, paid: PaymentView) -> str:
    """The merchant's address with the signed result; empty where it gave none."""
    result = {
        "out_trade_no": paid.reference,
        "total_amount": format_amount(paid.amount_minor, paid.currency),
        "trade_no": paid.number,
        "seller_id": order.merchant.merchant_number,
        "timestamp": beijing(paid.paid_at or clock.now()),
    }
    return signed_return(order.details, result, method=str(order.details.get("returning", "")))


def agreement_return(agreement: AgreementView, *, at: str) -> str:
    """The merchant's address with the signed agreement; empty where it gave none."""
    facts = agreement_facts(agreement) | {"status": "NORMAL", "timestamp": at}
    return signed_return(agreement.details, facts, method=SIGN)


def certification_return(row: Certification, *, at: str) -> str:
    """The app's address with the signed answer; empty where it gave none."""
    request = {"return_url": row.return_url, "app_id": row.app.app_number}
    result = {
        "certify_id": row.certify_id,
        "passed": "T" if row.state == CertificationState.PASSED else "F",
        "timestamp": at,
    }
    return signed_return(request, result, method=CERTIFY)
