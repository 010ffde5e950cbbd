"""What a merchant's app hands the wallet: a signed order string, shown, then paid.

The string is a whole request (`k=v&…`, values percent-encoded) that the merchant's server
has signed and no server of ours has seen: it is verified here as the gateway would. The
methods in it are not called over HTTP; there the gateway does not know them.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from config.kernel.errors import NotPermitted
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.hold import request_hold
from merchants.consents.values import Scope
from merchants.funds import queries
from merchants.gateway.app_order import AppMethod, AppOrder
from merchants.gateway.methods.fund_auth_codes import FUND_AUTH
from merchants.gateway.methods.fund_auth_parts import ONLINE, DepositForm, deposit_of
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import SaleForm, sale_of
from merchants.gateway.methods.transfer_batches import BATCHES
from merchants.gateway.methods.transfer_orders import APP, TransferOrderForm, order_of
from merchants.gateway.schema import Call, text
from wallet import public as wallet


class NotTheOwner(NotPermitted):
    """Somebody else than the merchant's owner was handed its transfers."""

    code = "not_the_owner"
    message = "Only the merchant's owner can release its transfers."


@dataclass(kw_only=True, slots=True)
class AppPayForm(SaleForm):
    """alipay.trade.app.pay."""

    product_code: str = text(one_of=frozenset({"QUICK_MSECURITY_PAY"}))


@dataclass(kw_only=True, slots=True)
class AppFreezeForm(DepositForm):
    """alipay.fund.auth.order.app.freeze."""

    product_code: str = text(one_of=frozenset({ONLINE, "PREAUTH_PAY"}))


def open_payment(call: Call, form: AppPayForm, payer_id: Any) -> AppOrder:
    """Make the trade of an app order, or find it where it was opened before."""
    sale = sale_of(call, form)
    payment = wallet.payment_by_reference(
        payee_id=call.app.merchant_id, reference=form.out_trade_no
    )
    if _is_own(payment, payer_id) and payment is not None and payment.paid_at is not None:
        return AppOrder("alipay.trade.app.pay", payment=payment)
    product = sale.product or "QUICK_MSECURITY_PAY"
    outcome = create_order(sale=dataclasses.replace(sale, product=product), payer_id=payer_id)
    return AppOrder("alipay.trade.app.pay", payment=outcome.payment)


def open_freeze(call: Call, form: AppFreezeForm, payer_id: Any) -> AppOrder:
    """Ask the payer for the freeze of an app order, or find it."""
    outcome = request_hold(deposit=deposit_of(call, form, ONLINE), payer_id=payer_id)
    return AppOrder("alipay.fund.auth.order.app.freeze", freeze=outcome)


def open_transfers(call: Call, form: TransferOrderForm, payer_id: Any) -> AppOrder:
    """Find or make the transfers of an app order, for the merchant's owner alone."""
    row = queries.batch_by_id(order_of(call, form, APP).id)
    if row.merchant.owner_id != payer_id:
        raise NotTheOwner()
    return AppOrder(APP, batch=row)


def _is_own(payment: wallet.PaymentView | None, payer_id: Any) -> bool:
    return payment is not None and payment.payer_id == payer_id


APP_METHODS: Final = {
    method.name: method
    for method in (
        AppMethod("alipay.trade.app.pay", AppPayForm, open_payment, TRADE, Scope.PAY),
        AppMethod(
            "alipay.fund.auth.order.app.freeze", AppFreezeForm, open_freeze, FUND_AUTH, Scope.PAY
        ),
        AppMethod(APP, TransferOrderForm, open_transfers, BATCHES, Scope.TRANSFER),
    )
}
