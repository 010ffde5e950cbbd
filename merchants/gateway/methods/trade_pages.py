"""Paying in the browser: page.pay on a desk, wap.pay on a phone; both end at the cashier."""

import dataclasses
import re
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from merchants.acceptance.usecases.precreate import precreate_order
from merchants.gateway.declarations import Call, FieldInvalid, Method, Redirect, text
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import SaleForm, sale_of

CASHIER: Final = "/cashier/"
PAGE: Final = "alipay.trade.page.pay"
WAP: Final = "alipay.trade.wap.pay"
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>\\]{1,400}", re.IGNORECASE)


@dataclass(kw_only=True, slots=True)
class PagePayForm(SaleForm):
    """alipay.trade.page.pay: how the page looks is the cashier's own business."""

    product_code: str = text(required=True, one_of=frozenset({"FAST_INSTANT_TRADE_PAY"}))


@dataclass(kw_only=True, slots=True)
class WapPayForm(SaleForm):
    """alipay.trade.wap.pay; an old library still sends QUICK_WAP_PAY."""

    product_code: str = text(required=True, one_of=frozenset({"QUICK_WAP_WAY", "QUICK_WAP_PAY"}))
    quit_url: str = text(longest=400)


def to_cashier(method: str, call: Call, form: SaleForm) -> Redirect:
    """Make the order and send the buyer to its cashier.

    No trade exists before the buyer acts there. Where the buyer returns to is kept with
    the order.

    Raises:
        FieldInvalid: the address to return to is no web address.
    """
    sale = sale_of(call, form)
    kept = {"return_url": return_url_of(call), "returning": method}
    extras = {**sale.extras, **{name: value for name, value in kept.items() if value}}
    order = precreate_order(sale=dataclasses.replace(sale, extras=extras))
    return Redirect(CASHIER + order.token)


def return_url_of(call: Call) -> str:
    """Where the buyer's browser goes afterwards; "" for nowhere.

    Raises:
        FieldInvalid: it is no web address.
    """
    return_url = call.envelope.text("return_url")
    if return_url and not _WEB_ADDRESS.fullmatch(return_url):
        raise FieldInvalid(field="return_url")
    return return_url


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(PAGE, PagePayForm, partial(to_cashier, PAGE), TRADE, page=True),
    Method(WAP, WapPayForm, partial(to_cashier, WAP), TRADE, page=True),
)
