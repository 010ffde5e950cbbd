"""alipay.trade.pay out of a pre-authorisation: the capture."""

from typing import Final

from merchants.acceptance.usecases.capture import ANY_PRODUCT, capture
from merchants.gateway.methods.fund_auth_parts import OFFLINE, ONLINE
from merchants.gateway.methods.pay_parts import PayForm, named_buyer, paid_answer
from merchants.gateway.methods.trade_parts import sale_of
from merchants.gateway.schema import Answer, Call, FieldMissing
from wallet import public as wallet

PRODUCTS: Final = frozenset({OFFLINE, ONLINE, ANY_PRODUCT})


def names_authorisation(form: PayForm) -> bool:
    """Whether a form is a capture: by its number, or by its product without one."""
    return bool(form.auth_no) or form.product_code in PRODUCTS


def pay_by_authorisation(call: Call, form: PayForm) -> Answer:
    """Capture part or all of what was authorised; COMPLETE frees the rest.

    Raises:
        FieldMissing: the authorisation or the product is not named.
        ProductMismatch: it was authorised as another product.
    """
    if not form.auth_no:
        raise FieldMissing(field="auth_no")
    if not form.product_code:
        raise FieldMissing(field="product_code")
    if form.product_code not in PRODUCTS:
        raise wallet.ProductMismatch(field="product_code")
    outcome = capture(
        sale=sale_of(call, form),
        number=form.auth_no,
        complete=form.auth_confirm_mode == "COMPLETE",
        buyer=named_buyer(call, form),
    )
    return paid_answer(call, form, outcome)
