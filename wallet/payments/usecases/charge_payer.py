"""Move a payment's money from the payer to the payee, and count it."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from config.kernel import transactions
from config.kernel.errors import required
from config.kernel.outbox import writes as outbox
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.consume_limit import consume_limit, restore_limit
from wallet.accounts.values import UserState
from wallet.coupons.usecases.spend_coupons import spend_coupons
from wallet.funding.queries import has_sources
from wallet.funding.usecases.draw_funds import draw_funds
from wallet.ledger.rules import AccountClosed, AccountFrozen, InsufficientFunds
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, Line, credit, debit
from wallet.payments import rules
from wallet.payments.models import PayerActivity, Payment
from wallet.payments.rules import PayerAuth
from wallet.payments.values import Method, PaymentStatus, PresentedKind
from wallet.risk.usecases.assess_movement import Assessed
from wallet.risk.values import Movement, Subject


def charge_payer(
    *,
    payment: Payment,
    payer: WalletUser,
    auth: PayerAuth,
    at: datetime,
    assessed: Assessed,
    debits: Sequence[Line] = (),
    coupon_ids: Collection[uuid.UUID] = (),
    from_sources: bool = False,
) -> None:
    """Make a PENDING payment PAID: post the journal, count it, tell of it.

    Sets the payment's fields and leaves saving them to the caller, whose transaction
    this is part of. `debits` are what the payment is taken from where that is not the
    payer's available balance alone; their sum is the payment's amount. What `coupon_ids`
    pay is the house's, and the rest of the amount the payer's. With `from_sources`
    the payer's savings and pay-later line are asked for what the balance lacks: only after
    the balance alone was refused, so that a covered payment costs what it always did.

    Raises:
        PaymentContested: its payer waits for a decision about it.
        PayeeIsPayer: payer and payee are the same wallet.
        AccountFrozen, AccountClosed: the payer's wallet account may not pay.
        whatever `spend_coupons` raises.
        InsufficientFunds: the available balance falls short.
        KycRequired, KycLimit: the payer's tier does not allow the amount.
        PinRequired, LimitExceeded: a limit of the day does not allow it this way.

    Locks: the coupons, the payer's ledger account, the person's limit usage, then activity.
    """
    transactions.require()
    rules.check_move(PaymentStatus(payment.status), PaymentStatus.PAID)
    rules.check_uncontested(payment.contested_at)
    check_payer(payment=payment, payer=payer)
    payment.payer_id = payer.id
    payment.business_date = rules.business_date(at, payment.payee_zone, payment.payee_cutoff_hour)
    coupons = spend_coupons(
        coupon_ids=coupon_ids,
        payer_id=payer.id,
        payment_id=payment.id,
        price_minor=payment.amount_minor,
        at=at,
    )
    own_minor = payment.amount_minor - sum(line.amount_minor for line in coupons)
    if from_sources:
        debits = draw_funds(payer=payer, payment_id=payment.id, amount_minor=own_minor, at=at)
    whole = debit(payer.available_account_id, own_minor, payment.currency)
    payment.journal_id = post_journal(
        Draft(
            key=f"payment:{payment.id}",
            kind="payment",
            lines=(
                *coupons,
                *(debits or [whole]),
                credit(payment.payee_account_id, payment.amount_minor, payment.currency),
            ),
            posted_at=at,
            business_date=payment.business_date,
            reference=payment.number,
            narrative=payment.description[: rules.NARRATIVE_MAXIMUM],
        )
    )
    consume_limit(
        user_id=payer.id,
        amount_minor=payment.amount_minor,
        days=rules.day_limits(auth, PresentedKind(payment.presented)),
        at=at,
    )
    _count_activity(payment, payer)
    payment.status = PaymentStatus.PAID
    payment.paid_at = at
    payment.finish_at = at + timedelta(days=settings.SAOMA_REFUND_WINDOW_DAYS)
    outbox.add(
        topic="payment.paid",
        aggregate_id=payment.id,
        payload=paid_payload(payment, assessed),
    )


def charge_covered(
    *,
    payment: Payment,
    payer: WalletUser,
    auth: PayerAuth,
    at: datetime,
    assessed: Assessed,
    coupon_ids: Collection[uuid.UUID] = (),
) -> None:
    """Make a PENDING payment PAID and save it: from the balance, or else from the sources too.

    Part of the caller's transaction; a refusal leaves nothing behind.

    Raises: what `charge_payer` raises.

    Locks: as `charge_payer`; where the balance falls short, as `draw_funds` before.
    """

    def charge(*, from_sources: bool) -> None:
        with transaction.atomic():
            charge_payer(
                payment=payment,
                payer=payer,
                auth=auth,
                at=at,
                assessed=assessed,
                coupon_ids=coupon_ids,
                from_sources=from_sources,
            )
            payment.save()

    try:
        charge(from_sources=False)
    except InsufficientFunds:
        if not has_sources(payer.id):
            raise
        charge(from_sources=True)


def check_payer(*, payment: Payment, payer: WalletUser) -> None:
    """Check that this payer may pay this payment at all.

    Raises:
        PayeeIsPayer, AccountFrozen, AccountClosed: they may not.
    """
    same = payment.payee_account_id == payer.available_account_id
    if same or payer.id in {payment.payee_id, payment.payee_owner_id}:
        raise rules.PayeeIsPayer()
    if payer.state == UserState.FROZEN:
        raise AccountFrozen()
    if payer.state == UserState.CLOSED:
        raise AccountClosed()


def give_back_counts(*, payment: Payment, amount_minor: int) -> None:
    """Give the payer's allowance of a refunded amount back; history keeps the payment."""
    payer_id = required(payment.payer_id, "a refunded payment has a payer")
    restore_limit(user_id=payer_id, amount_minor=amount_minor, paid_at=payment.paid_at)


def paid_payload(payment: Payment, assessed: Assessed) -> dict[str, object]:
    """What `payment.paid` tells: ids, amounts, the movement if not by code, an unplain verdict."""
    payload: dict[str, object] = {
        "payment_id": str(payment.id),
        "payer_id": str(payment.payer_id),
        "payee_id": str(payment.payee_id),
        "device_id": str(payment.device_id) if payment.device_id else None,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "paid_at": payment.paid_at.isoformat() if payment.paid_at else None,
        "zone": payment.payee_zone,
    }
    if _movement(payment) is not Movement.CODE:
        payload["movement"] = _movement(payment).value
    if assessed.verdict.reasons:
        payload["risk"] = _risk_payload(assessed)
    return payload


def movement_of(payment: Payment, payer_id: uuid.UUID) -> Subject:
    """A payment as the risk slice sees it."""
    return Subject(
        payment_id=payment.id,
        payer_id=payer_id,
        payee_id=payment.payee_id,
        device_id=payment.device_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        movement=_movement(payment),
    )


def _movement(payment: Payment) -> Movement:
    if payment.method == Method.DEBIT:
        return Movement.DEBIT
    return Movement.CODE if payment.method == Method.CODE else Movement.SCAN


def _risk_payload(assessed: Assessed) -> dict[str, object]:
    """An in-line verdict as the risk slice's consumer reads it."""
    verdict = assessed.verdict
    return {
        "decision": verdict.decision.value,
        "score": verdict.score,
        "reasons": list(verdict.reasons),
        "opens_case": verdict.opens_case,
        "rule_set": verdict.rule_set,
        "degraded": list(verdict.degraded),
        "features": dict(assessed.features),
    }


def _count_activity(payment: Payment, payer: WalletUser) -> None:
    """Add the payment to the payer's history; the row is locked."""
    row, _ = PayerActivity.objects.select_for_update().get_or_create(payer_id=payer.id)
    row.payments += 1
    row.total_minor += payment.amount_minor
    row.largest_minor = max(row.largest_minor, payment.amount_minor)
    row.save()
