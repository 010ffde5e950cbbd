"""Set the amount to pay to a static code."""

import uuid

from config.kernel import clock, transactions
from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.hold_order import pay_order
from merchants.acceptance.values import Scan


@transactions.atomic_retry
def set_amount(*, scan_id: uuid.UUID, payer_id: uuid.UUID, amount_minor: int) -> Scan:
    """Say how much to pay to a static code; the same amount again changes nothing.

    Raises:
        rules.CodeUnknown: the payer has no such scan.
        rules.AmountFixed: the amount was given before, and was another.
        rules.OrderCodeExpired: it took the payer more than a quarter of an hour.
        rules.AmountOutOfRange: not 0.01 to 100,000,000.00.
        and what the wallet refuses when the payment is made.

    Locks: the order.
    """
    rows = Order.objects.select_for_update(of=("self",)).select_related("merchant")
    order = rows.filter(id=scan_id, scanned_by=payer_id).first()
    if order is None:
        raise rules.CodeUnknown()
    if order.amount_minor is not None:
        if order.amount_minor != amount_minor:
            raise rules.AmountFixed(field="amount")
        return queries.scan_of(order)
    if order.code_expires_at <= clock.now():
        raise rules.OrderCodeExpired()
    return pay_order(order=order, amount_minor=amount_minor)
