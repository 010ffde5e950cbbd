"""Make an order that its code offers to whoever scans it first."""

from datetime import datetime

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from merchants.acceptance import rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.judge_sale import judge_sale
from merchants.acceptance.values import OrderKind, Sale
from wallet import public as wallet
from wallet.qr.merchant_code import new_token


@transactions.atomic_retry
def precreate_order(*, sale: Sale, code_expires_at: datetime | None = None) -> Order:
    """Make an order with a code; no trade exists before a payer scans it.

    The same order again gives the same code, with a new life while nobody has scanned it.

    Args:
        sale: what is sold; its reference is unique in the merchant.
        code_expires_at: until when the code may be scanned; None means two hours, and
            never longer than the trade may stay unpaid.

    Raises:
        the refusals of `judge_sale`; rules.ExpiryInvalid for the code's life too.
        rules.OrderConflict: the reference stands for other content.
        rules.OrderPaid, rules.OrderClosed: the reference's trade has ended.

    Locks: the order, where there is one.
    """
    now = clock.now()
    judge_sale(sale, now=now)
    pay_expires_at = sale.expires_at or now + rules.LONGEST_LIFE
    code_ends = min(code_expires_at or now + rules.CODE_LIFE, pay_expires_at)
    if code_ends <= now:
        raise rules.ExpiryInvalid(field="code_expires_at")
    _check_trade(sale)
    order = _locked(sale)
    if order is None:
        try:
            with transaction.atomic():
                return _new(sale, code_ends=code_ends, pay_expires_at=pay_expires_at)
        except IntegrityError:
            # Two tills at once with one number: the other one's order is ours as well.
            order = _locked(sale)
            if order is None:
                raise
    rules.check_same_order(sale, amount_minor=order.amount_minor, subject=order.description)
    if order.closed_at is not None:
        raise rules.OrderClosed()
    if order.scanned_by is None:
        order.code_expires_at = code_ends
        order.pay_expires_at = pay_expires_at
        order.save(update_fields=["code_expires_at", "pay_expires_at"])
    return order


def _check_trade(sale: Sale) -> None:
    """A trade with this reference decides: other content, paid, closed, or the same."""
    trade = wallet.payment_by_reference(payee_id=sale.seller.merchant_id, reference=sale.reference)
    if trade is None:
        return
    rules.check_same_order(sale, amount_minor=trade.amount_minor, subject=trade.description)
    if trade.status is wallet.PaymentStatus.CLOSED:
        raise rules.OrderClosed()
    if trade.status is not wallet.PaymentStatus.PENDING:
        raise rules.OrderPaid()


def _locked(sale: Sale) -> Order | None:
    rows = Order.objects.select_for_update(of=("self",)).select_related("merchant")
    return rows.filter(merchant_id=sale.seller.merchant_id, reference=sale.reference).first()


def _new(sale: Sale, *, code_ends: datetime, pay_expires_at: datetime) -> Order:
    return Order.objects.create(
        token=new_token(),
        kind=OrderKind.DYNAMIC,
        merchant_id=sale.seller.merchant_id,
        reference=sale.reference,
        description=sale.subject,
        amount_minor=sale.amount_minor,
        currency=sale.currency,
        store_code=sale.store_code,
        till_code=sale.till_code,
        details=rules.details_of(sale),
        code_expires_at=code_ends,
        pay_expires_at=pay_expires_at,
    )
