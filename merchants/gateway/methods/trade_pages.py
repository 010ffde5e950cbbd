"""Paying in the browser: page.pay on a desk, wap.pay on a phone; both end at the cashier."""

import dataclasses
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from merchants.acceptance.usecases.precreate import precreate_order
from merchants.acceptance.values import AGREEMENT
from merchants.consents.values import Scope
from merchants.gateway.methods.agreement_parts import OfferForm, make_offer
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import SaleForm, sale_of
from merchants.gateway.schema import Call, Method, Redirect, address, part, text

CASHIER: Final = "/cashier/"
PAGE: Final = "alipay.trade.page.pay"
WAP: Final = "alipay.trade.wap.pay"


@dataclass(kw_only=True, slots=True)
class SigningForm(OfferForm):
    """`agreement_sign_params`: the offer, and where its signing is told of."""

    sign_notify_url: str = address(called=True)


@dataclass(kw_only=True, slots=True)
class CashierForm(SaleForm):
    """What both ways to the cashier take: an agreement can be signed while paying."""

    agreement_sign_params: SigningForm | None = part(SigningForm)


@dataclass(kw_only=True, slots=True)
class PagePayForm(CashierForm):
    """alipay.trade.page.pay: how the page looks is the cashier's own business."""

    product_code: str = text(required=True, one_of=frozenset({"FAST_INSTANT_TRADE_PAY"}))


@dataclass(kw_only=True, slots=True)
class WapPayForm(CashierForm):
    """alipay.trade.wap.pay; an old library still sends QUICK_WAP_PAY."""

    product_code: str = text(required=True, one_of=frozenset({"QUICK_WAP_WAY", "QUICK_WAP_PAY"}))
    quit_url: str = address(longest=400)


def to_cashier(method: str, call: Call, form: CashierForm) -> Redirect:
    """Make the order and send the buyer to its cashier.

    No trade exists before the buyer acts there. Where the buyer returns to is kept with
    the order, and so is the agreement that is offered beside it.

    Raises:
        FieldInvalid: the address to return to is no web address.
        and what the making of an offer refuses.
    """
    sale = sale_of(call, form)
    return_details = {
        "return_url": call.return_url(),
        "returning": method,
        "quit_url": form.quit_url if isinstance(form, WapPayForm) else "",
    }
    if form.agreement_sign_params is not None:
        return_details[AGREEMENT] = _offer(call, form.agreement_sign_params)
    extras = {**sale.extras, **{name: value for name, value in return_details.items() if value}}
    order = precreate_order(sale=dataclasses.replace(sale, extras=extras))
    return Redirect(CASHIER + order.token)


def _offer(call: Call, form: SigningForm) -> str:
    """Make the offer that stands beside the order; gives its token."""
    told_at = {"notify_url": form.sign_notify_url} if form.sign_notify_url else {}
    return make_offer(call, form, **told_at).token


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(PAGE, PagePayForm, partial(to_cashier, PAGE), TRADE, Scope.PAY, page=True),
    Method(WAP, WapPayForm, partial(to_cashier, WAP), TRADE, Scope.PAY, page=True),
)
