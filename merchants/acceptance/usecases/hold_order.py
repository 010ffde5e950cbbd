"""Hold an order for the payer who came first, and make its payment."""

import uuid

from config.kernel import clock
from config.kernel.errors import required
from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.pay_into_escrow import into_escrow
from merchants.acceptance.values import OrderKind, OrderStatus, Scan
from merchants.onboarding.values import MerchantState
from wallet import public as wallet


def hold_order(*, order: Order, payer_id: uuid.UUID) -> Scan:
    """Give a dynamic order to this payer, unless another one has it.

    The caller holds the order's lock. Holding one's own order again shows it again.

    Raises:
        rules.OrderCodeExpired, rules.OrderClosed, rules.OrderPaid, rules.BeingPaid: too late.
        rules.MerchantNotActive: the merchant takes no payments now.
        and what the wallet refuses when the payment is made.
    """
    if order.scanned_by == payer_id:
        return queries.scan_of(order)
    _check_open(order)
    if order.merchant.state != MerchantState.APPROVED:
        raise rules.MerchantNotActive(state=order.merchant.state)
    order.scanned_by = payer_id
    order.scanned_at = clock.now()
    return pay_order(order=order, amount_minor=order.amount_minor or 0)


def pay_order(*, order: Order, amount_minor: int) -> Scan:
    """Make the payment of an order that has a scanner, and show the order.

    Raises:
        rules.AmountOutOfRange: not 0.01 to 100,000,000.00.
        and what the wallet refuses: limits, a frozen payer, the payee's own code, a
        reference that a till has charged meanwhile.
    """
    rules.check_amount(amount_minor)
    order.amount_minor = amount_minor
    created = wallet.create_payment(
        request=_pay_request(order),
        payer_id=order.scanned_by,
        method=wallet.Method.SCAN,
        presented=wallet.PresentedKind(order.kind),
    )
    order.payment_id = created.payment.id
    order.save(update_fields=["amount_minor", "scanned_by", "scanned_at", "payment_id"])
    return queries.scan_of(order)


def _check_open(order: Order) -> None:
    scan = queries.scan_of(order)
    if scan.status is OrderStatus.PAID:
        raise rules.OrderPaid()
    if scan.status is OrderStatus.CLOSED:
        raise rules.OrderClosed()
    if scan.status is OrderStatus.EXPIRED:
        raise rules.OrderCodeExpired()
    if order.scanned_by is not None or order.kind == OrderKind.STATIC:
        raise rules.BeingPaid()


def _pay_request(order: Order) -> wallet.PayRequest:
    merchant = order.merchant
    request = wallet.PayRequest(
        payee_id=merchant.id,
        payee_account_id=required(merchant.pending_account_id, "who is approved has accounts"),
        payee_name=merchant.name,
        payee_zone=merchant.zone,
        payee_cutoff_hour=merchant.cutoff_hour,
        payee_owner_id=merchant.owner_id,
        reference=order.reference,
        description=order.description,
        amount_minor=order.amount_minor or 0,
        currency=order.currency,
        expires_at=order.pay_expires_at,
        details=order.details,
    )
    return request if order.details.get("escrow_days") is None else into_escrow(request)
