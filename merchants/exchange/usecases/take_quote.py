"""Pay with a quote: yuan leave the payer's wallet, the merchant is credited in its currency."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from config.kernel.rows import first_or
from merchants.acceptance.rules import MerchantNotActive
from merchants.exchange import queries, rules
from merchants.exchange.models import FxPayment, FxQuote
from merchants.exchange.values import PAID_IN, QuoteState
from merchants.onboarding.values import MerchantState
from merchants.terms.queries import today_of
from wallet import public as wallet
from wallet.public import consume_limit


def take_quote(
    *,
    quote_id: uuid.UUID,
    payer_id: uuid.UUID,
    key: str,
    amount_minor: int,
    currency: str,
    pin: str,
) -> tuple[FxPayment, bool]:
    """Pay with a quote, once; the same key for the same gives the same payment again.

    Returns the payment, and whether the key had made it before.

    Call it outside a transaction: PIN strikes and verdicts must survive a refusal.

    Args:
        key: the payer's own id for this intent.
        amount_minor: what the merchant is to get, in minor units of `currency`, as quoted.
        pin: the payer's payment PIN; always needed.

    Raises:
        QuoteUnknown, QuoteUsed, QuoteExpired, QuoteChanged: it cannot be taken, or not for this.
        OrderTaken: the order was paid with another quote.
        MerchantNotActive: the merchant takes no payments now.
        PinWrong, PinLocked, PaymentDeclined, PaymentDelayed: the payer is refused.
        PayeeIsPayer, AccountFrozen, AccountClosed, InsufficientFunds, KycRequired, KycLimit,
        LimitExceeded: the payer's wallet does not pay it.

    Locks: the quote, the ledger accounts, then the person's limit usage.
    """
    earlier = queries.payment_of_quote(quote_id, payer_id=payer_id)
    if earlier is not None:
        return _again(earlier, key, amount_minor, currency)
    quote = first_or(FxQuote.objects.filter(id=quote_id, payer_id=payer_id), rules.QuoteUnknown())
    at = clock.now()
    _check(quote, amount_minor, currency, at)
    wallet.check_pin(user_id=payer_id, pin=pin)
    _screen(quote, at)
    return _take(quote_id, payer_id, key, amount_minor, currency)


def _again(
    payment: FxPayment, key: str, amount_minor: int, currency: str
) -> tuple[FxPayment, bool]:
    same = (payment.key, payment.amount_minor, payment.currency) == (key, amount_minor, currency)
    if not same:
        raise rules.QuoteUsed(payment_id=str(payment.id))
    return payment, True


def _check(quote: FxQuote, amount_minor: int, currency: str, at: datetime) -> None:
    state = rules.state_of(used=False, expires_at=quote.expires_at, at=at)
    if state is QuoteState.EXPIRED:
        raise rules.QuoteExpired(expired_at=quote.expires_at.isoformat())
    if (quote.amount_minor, quote.currency) != (amount_minor, currency):
        raise rules.QuoteChanged(field="amount")


def _screen(quote: FxQuote, at: datetime) -> None:
    """Ask the risk rules before the money moves."""
    wallet.screen_movement(
        subject=wallet.Subject(
            payment_id=ids.uuid7(),
            payer_id=quote.payer_id,
            payee_id=quote.merchant_id,
            device_id=None,
            amount_minor=quote.paid_minor,
            currency=PAID_IN,
            movement=wallet.Movement.SCAN,
        ),
        context={"pin_given": True},
        at=at,
    )


@transactions.atomic_retry
def _take(
    quote_id: uuid.UUID, payer_id: uuid.UUID, key: str, amount_minor: int, currency: str
) -> tuple[FxPayment, bool]:
    quote = queries.locked_quote(quote_id, payer_id=payer_id)
    earlier = queries.payment_of_quote(quote_id, payer_id=payer_id)
    if earlier is not None:
        return _again(earlier, key, amount_minor, currency)
    at = clock.now()
    _check(quote, amount_minor, currency, at)
    payment = FxPayment(
        quote=quote,
        key=key,
        payer_id=payer_id,
        merchant=quote.merchant,
        account_id=queries.foreign_account(quote.merchant, quote.currency),
        reference=quote.reference,
        amount_minor=quote.amount_minor,
        currency=quote.currency,
        paid_minor=quote.paid_minor,
        paid_at=at,
    )
    # A refusal leaves nothing behind, also where the caller goes on in its transaction.
    try:
        with transaction.atomic():
            payment.journal_id = _post(payment)
            payment.save(force_insert=True)
    except IntegrityError as error:
        raise rules.OrderTaken(field="order_no") from error
    quote.used_at = at
    quote.save(update_fields=["used_at"])
    return payment, False


def _post(payment: FxPayment) -> uuid.UUID:
    """Post both legs in one journal, each currency balanced by itself, and count the yuan."""
    payer, merchant = wallet.user(payment.payer_id), payment.merchant
    if merchant.state != MerchantState.APPROVED:
        raise MerchantNotActive(state=merchant.state)
    if payer.id == merchant.owner_id:
        raise wallet.PayeeIsPayer()
    journal_id = wallet.post_journal(
        wallet.Draft(
            key=f"fx-payment:{payment.id}",
            kind="fx_payment",
            lines=(
                wallet.debit(payer.available_account_id, payment.paid_minor, PAID_IN),
                wallet.credit(queries.position(PAID_IN), payment.paid_minor, PAID_IN),
                wallet.debit(
                    queries.position(payment.currency), payment.amount_minor, payment.currency
                ),
                wallet.credit(payment.account_id, payment.amount_minor, payment.currency),
            ),
            posted_at=payment.paid_at,
            business_date=today_of(merchant, payment.paid_at),
            reference=payment.reference,
        )
    )
    consume_limit(
        user_id=payer.id,
        amount_minor=payment.paid_minor,
        days=(wallet.PIN_DAY,),
        at=payment.paid_at,
    )
    return journal_id
