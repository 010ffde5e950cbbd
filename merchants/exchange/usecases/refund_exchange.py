"""Refund a payment in two currencies at the rate it was paid at."""

import uuid
from datetime import timedelta

from django.conf import settings

from config.kernel import clock, transactions
from merchants.exchange import queries, rules
from merchants.exchange.models import FxPayment, FxRefund
from merchants.exchange.values import PAID_IN
from merchants.onboarding.queries import merchant_by_number
from merchants.terms.queries import today_of
from wallet import public as wallet


@transactions.atomic_retry
def refund_exchange(
    *,
    merchant_number: str,
    owner_id: uuid.UUID,
    reference: str,
    request_no: str,
    amount_minor: int,
    currency: str,
) -> FxRefund:
    """Give back all or part of an order, at the original rate and with its mark-up.

    The payer gets the same share of the yuan as the merchant gives of its currency; what
    the rate has done since is the platform's position's. The same request number with the
    same amount gives the first refund again.

    Args:
        reference: the merchant's order number.
        request_no: the merchant's own number for this refund.
        amount_minor: what the merchant gives, in minor units of the payment's currency.

    Raises:
        MerchantNotFound, ExchangeUnknown: no such order of an own merchant has been paid.
        ExchangeCurrencyMismatch: the payment is in another currency.
        RefundConflict: the request number was used for another amount.
        RefundExceedsPaid: more than is left, or nothing.
        PaymentFinished: the time for refunds is over.
        PayeeFundsShort: the merchant's account in the currency does not cover it.

    Locks: the payment, the ledger accounts, then the person's limit usage.
    """
    merchant = merchant_by_number(merchant_number, owner_id=owner_id)
    payment = queries.locked_payment(queries.payment_of_order(merchant, reference).id)
    if payment.currency != currency:
        raise rules.ExchangeCurrencyMismatch(field="currency", currency=payment.currency)
    earlier = payment.refunds.filter(request_no=request_no).first()
    if earlier is not None:
        if earlier.amount_minor != amount_minor:
            raise wallet.RefundConflict(field="request_no", amount_minor=earlier.amount_minor)
        return earlier
    left_minor = payment.amount_minor - payment.refunded_minor
    if not 0 < amount_minor <= left_minor:
        raise wallet.RefundExceedsPaid(field="amount", remaining_minor=left_minor)
    now = clock.now()
    if now >= payment.paid_at + timedelta(days=settings.SAOMA_REFUND_WINDOW_DAYS):
        raise wallet.PaymentFinished()
    refund = FxRefund(
        payment=payment,
        request_no=request_no,
        amount_minor=amount_minor,
        returned_minor=rules.returned_minor(
            amount_minor,
            amount_minor=payment.amount_minor,
            refunded_minor=payment.refunded_minor,
            paid_minor=payment.paid_minor,
        ),
        created_at=now,
    )
    refund.journal_id = _post(payment, refund)
    refund.save(force_insert=True)
    payment.refunded_minor += refund.amount_minor
    payment.returned_minor += refund.returned_minor
    payment.save(update_fields=["refunded_minor", "returned_minor"])
    return refund


def _post(payment: FxPayment, refund: FxRefund) -> uuid.UUID:
    """Post both legs the other way round; a part worth less than a fen has no yuan leg."""
    payer = wallet.user(payment.payer_id)
    lines = [
        wallet.debit(payment.account_id, refund.amount_minor, payment.currency),
        wallet.credit(queries.position(payment.currency), refund.amount_minor, payment.currency),
    ]
    if refund.returned_minor:
        lines += [
            wallet.debit(queries.position(PAID_IN), refund.returned_minor, PAID_IN),
            wallet.credit(payer.available_account_id, refund.returned_minor, PAID_IN),
        ]
    try:
        journal_id = wallet.post_journal(
            wallet.Draft(
                key=f"fx-refund:{refund.id}",
                kind="fx_refund",
                lines=tuple(lines),
                posted_at=refund.created_at,
                business_date=today_of(payment.merchant, refund.created_at),
                reference=payment.reference,
            )
        )
    except wallet.InsufficientFunds as error:
        raise wallet.PayeeFundsShort(field="amount") from error
    if refund.returned_minor:
        wallet.restore_limit(
            user_id=payer.id, amount_minor=refund.returned_minor, paid_at=payment.paid_at
        )
    return journal_id
