"""Pay somebody in another unit: the payer's half, in the payer's books."""

import uuid

from django.db import transaction

from config.kernel import clock, ids, transactions
from config.kernel.outbox import writes as outbox
from config.kernel.transactions import KeyTaken
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.consume_limit import consume_limit
from wallet.accounts.values import UserState
from wallet.clearing import rules
from wallet.clearing.models import OutgoingTransfer
from wallet.clearing.usecases.clearing_account import clearing_account
from wallet.clearing.values import ASK_AGAIN_AFTER
from wallet.ledger.rules import AccountClosed, AccountFrozen
from wallet.ledger.usecases.post_journals import move_money
from wallet.payments.models import PayerActivity
from wallet.payments.rules import PayerAuth, check_order, check_text, day_limits
from wallet.payments.usecases.assess_payment import order_features
from wallet.payments.usecases.transfer_money import KEY_MAXIMUM
from wallet.payments.values import CURRENCY, PresentedKind
from wallet.risk.usecases.refuse_movement import screen_movement
from wallet.risk.values import Movement, Subject


def pay_across(
    *,
    key: str,
    payer_id: uuid.UUID,
    payee_id: uuid.UUID,
    amount_minor: int,
    reference: str,
    pin: str,
) -> tuple[OutgoingTransfer, bool]:
    """Debit the payer, credit the clearing account, and tell the payee's unit after commit.

    The key is looked up before anything is judged: the same key with the same content gives
    the first transfer again, in whatever state it is by then. Call it outside a transaction:
    PIN strikes must survive a refusal.

    Args:
        key: the payer's own id for this transfer, made before asking; 1 to 255 characters.
        payer_id: who pays; their books are at home.
        payee_id: merchant of another unit, which alone can say whether there is one.
        amount_minor: in fen, at least 1.
        reference: the payee's order number, 1 to 64 characters.
        pin: the payer's payment PIN; always needed.

    Returns:
        The transfer, and whether it was there before.

    Raises:
        AmountOutOfRange, ReferenceInvalid, TextInvalid: an input is wrong.
        SameUnit: payer and payee are in one unit.
        PinWrong, PinLocked: the PIN is not the payer's.
        CrossingConflict: the key was used for other content.
        PaymentDeclined, PaymentDelayed: the risk rules refuse it.
        AccountFrozen, AccountClosed, KycRequired, KycLimit, LimitExceeded, InsufficientFunds:
            refused.

    Locks: the payer's ledger account, then the person's limit usage.
    """
    check_order(reference=reference, amount_minor=amount_minor, currency=CURRENCY)
    check_text(key, field="key", longest=KEY_MAXIMUM)
    transfer = OutgoingTransfer(
        id=ids.uuid7(),
        key=key,
        payer_id=payer_id,
        payee_id=payee_id,
        amount_minor=amount_minor,
        reference=reference,
        unit=ids.unit_of(payer_id),
        payee_unit=ids.unit_of(payee_id),
    )
    earlier = OutgoingTransfer.objects.filter(payer_id=payer_id, key=key).first()
    if earlier is not None:
        return _again(earlier, transfer)
    if transfer.unit == transfer.payee_unit:
        raise rules.SameUnit(field="payee_id")
    check_pin(user_id=payer_id, pin=pin)
    _screen(transfer)
    return _send(transfer)


def _screen(transfer: OutgoingTransfer) -> None:
    """Ask the risk rules as for any payment that its payer confirms with the PIN."""
    at = clock.now()
    activity = PayerActivity.objects.filter(payer_id=transfer.payer_id).first() or PayerActivity()
    features = order_features(
        amount_minor=transfer.amount_minor,
        payments=activity.payments,
        total_minor=activity.total_minor,
        largest_minor=activity.largest_minor,
        pin_given=True,
        payee_since=None,
        at=at,
    )
    subject = Subject(
        payment_id=transfer.id,
        payer_id=transfer.payer_id,
        payee_id=transfer.payee_id,
        device_id=None,
        amount_minor=transfer.amount_minor,
        currency=CURRENCY,
        movement=Movement.SCAN,
    )
    screen_movement(subject=subject, context=features, at=at)


@transactions.atomic_retry
def _send(transfer: OutgoingTransfer) -> tuple[OutgoingTransfer, bool]:
    """Post the local journal; row, money, limit and event are one transaction."""
    payer, at = accounts.user(transfer.payer_id), clock.now()
    if payer.state == UserState.FROZEN:
        raise AccountFrozen()
    if payer.state == UserState.CLOSED:
        raise AccountClosed()
    transfer.created_at, transfer.due_at = at, at + ASK_AGAIN_AFTER
    transfer.payer_account_id = payer.available_account_id
    clearing_id = clearing_account(transfer.unit, transfer.payee_unit)
    try:
        with transaction.atomic():
            transfer.journal_id = move_money(
                key=f"clearing:{transfer.id}:out",
                kind="clearing.sent",
                debited=payer.available_account_id,
                credited=clearing_id,
                amount_minor=transfer.amount_minor,
                currency=CURRENCY,
                at=at,
                reference=transfer.reference,
            )
            transactions.insert(transfer)
            consume_limit(
                user_id=payer.id,
                amount_minor=transfer.amount_minor,
                days=day_limits(PayerAuth(with_pin=True), PresentedKind.DYNAMIC),
                at=at,
            )
            tell("clearing.sent", transfer.id)
    except KeyTaken:
        # The same key arrived twice in this moment; the other one has moved the money.
        earlier = OutgoingTransfer.objects.get(payer_id=transfer.payer_id, key=transfer.key)
        return _again(earlier, transfer)
    return transfer, False


def tell(topic: str, transfer_id: uuid.UUID) -> None:
    """Write the event that something has become of a transfer's half here."""
    outbox.add(topic=topic, aggregate_id=transfer_id, payload={"transfer_id": str(transfer_id)})


def _again(earlier: OutgoingTransfer, transfer: OutgoingTransfer) -> tuple[OutgoingTransfer, bool]:
    """Answer a repeated key: the first transfer, if it is the same one."""
    same = all(
        getattr(earlier, name) == getattr(transfer, name)
        for name in ("payee_id", "amount_minor", "reference")
    )
    if not same:
        raise rules.CrossingConflict(field="key", transfer_id=str(earlier.id))
    return earlier, True
