"""Send money from a merchant's balance to a wallet or a bank card."""

import uuid

from django.conf import settings

from config.kernel import clock, ids, transactions
from config.kernel.limits.ceilings import ceiling
from config.kernel.outbox.writes import add as add_event
from merchants.acceptance.rules import MerchantNotActive, MerchantSuspended
from merchants.exposure.queries import settled_funds
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.funds import queries, rules
from merchants.funds.models import MerchantTransfer
from merchants.funds.ports import CARD_BANK
from merchants.funds.values import Order, PayeeNamedBy, TransferKind, TransferState
from merchants.onboarding import queries as onboarding
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.find_payee import FoundPayee, find_payee
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.onboarding.values import MerchantState
from merchants.terms.queries import today_of
from wallet.public import (
    Draft,
    InsufficientFunds,
    Movement,
    Subject,
    account_id,
    credit,
    debit,
    post_journal,
    screen_movement,
)

RANDOM_DIGITS = 16
PAYEES = uuid.UUID("5a0f7c1e-5d1b-4c39-9a86-1f6f6a3b2c10")
IN_TRANSIT = "bank:payout_in_transit"


def send_transfer(*, merchant_id: uuid.UUID, order: Order) -> tuple[MerchantTransfer, bool]:
    """Debit the merchant's balance and credit the payee, once for the merchant's number.

    A wallet (or another merchant's balance) has the money at once. For a card it is set
    aside in transit and the bank is told; the timetable hears its answer. The number is
    looked up before anything is checked; a refused transfer leaves nothing behind, so the
    merchant may use its number again.

    Returns:
        The transfer, and whether it is a repeat.

    Raises:
        TransferConflict: the number stands for another transfer.
        MerchantNotActive: a merchant that is not approved sends nothing.
        AmountTooSmall, AmountTooLarge, DayLimitPassed: the amount is out of range.
        PayeeUnknown, PayeeNameDiffers, PayeeIsPayer: the payee is not who can be paid.
        BalanceShort: the balance, less what the merchant owes us, does not cover it.
        PaymentDeclined, PaymentDelayed: the risk rules refuse it, for now or for good.

    Locks: the merchant, then the ledger accounts in id order.
    """
    if queries.by_reference(merchant_id, order.reference) is None:
        _screen(merchant_id, order)
    return _send(merchant_id, order)


def _screen(merchant_id: uuid.UUID, order: Order) -> None:
    """Ask the risk rules before the money moves; whoever is paid is known by a name alone."""
    screen_movement(
        subject=Subject(
            payment_id=ids.uuid7(),
            payer_id=merchant_id,
            payee_id=payee_key(order.payee.identity),
            device_id=None,
            amount_minor=order.amount_minor,
            currency=onboarding.merchant(merchant_id).currency,
            movement=Movement.MERCHANT_TRANSFER,
        ),
        context={},
        at=clock.now(),
    )


def payee_key(identity: str) -> uuid.UUID:
    """An id for a payee that is known by login, number or card, the same each time."""
    return uuid.uuid5(PAYEES, identity)


@transactions.atomic_retry
def _send(merchant_id: uuid.UUID, order: Order) -> tuple[MerchantTransfer, bool]:
    merchant = onboarding.merchant_for_update(merchant_id)
    earlier = queries.by_reference(merchant.id, order.reference)
    if earlier is not None:
        rules.check_same(_content(earlier), rules.content(order))
        return earlier, True
    _check_sender(merchant, order)
    payee = None if order.kind is TransferKind.BANK_CARD else _payee(merchant, order)
    funds = settled_funds(merchant)
    rules.check_covered(
        order.amount_minor, balance_minor=funds.balance_minor, owed_minor=funds.owed_minor
    )
    collect_debt(merchant)
    transfer = _written(merchant, order, payee)
    if payee is None:
        CARD_BANK.adapter().accept(transfer)
    else:
        write_end_event(transfer)
    return transfer, False


def _check_sender(merchant: Merchant, order: Order) -> None:
    if merchant.state != MerchantState.APPROVED:
        suspended = merchant.state == MerchantState.SUSPENDED
        raise (MerchantSuspended if suspended else MerchantNotActive)()
    rules.check_amount(order.amount_minor, maximum_minor=settings.SAOMA_TRANSFER_MAXIMUM_MINOR)
    rules.check_day(
        sent_minor=queries.sent_on(merchant.id, today_of(merchant)),
        amount_minor=order.amount_minor,
        limit_minor=ceiling(rules.SENT_DAY) or 0,
    )


def _payee(merchant: Merchant, order: Order) -> FoundPayee:
    payee_named = order.payee
    by_number = payee_named.named_by is PayeeNamedBy.NUMBER
    payee = find_payee(
        number=payee_named.identity if by_number else "",
        login="" if by_number else payee_named.identity,
    )
    if payee is None or payee.is_closed:
        raise rules.PayeeUnknown(field="payee")
    if payee.owner_id == merchant.owner_id:
        raise rules.PayeeIsPayer(field="payee")
    rules.check_name(payee_named.name, payee.legal_name)
    return payee


def _written(merchant: Merchant, order: Order, payee: FoundPayee | None) -> MerchantTransfer:
    now, on = clock.now(), today_of(merchant)
    state = rules.first_state(order.kind)
    transfer = MerchantTransfer(
        merchant=merchant,
        reference=order.reference,
        number=rules.number(on, ids.random_digits(RANDOM_DIGITS)),
        fund_number=rules.number(on, ids.random_digits(RANDOM_DIGITS)),
        kind=order.kind,
        named_by=order.payee.named_by,
        identity=order.payee.identity,
        payee_name=payee.name if payee else order.payee.name,
        payee_account_id=payee.account_id if payee else None,
        bank=order.payee.bank,
        amount_minor=order.amount_minor,
        currency=merchant.currency,
        title=order.title,
        remark=order.remark,
        app_number=order.app_number,
        product=order.product,
        scene=order.scene,
        origin=order.origin,
        state=state,
        business_date=on,
        created_at=now,
        finished_at=now if state is TransferState.SUCCEEDED else None,
    )
    transfer.journal_id = _post(transfer, open_balance(merchant))
    transfer.save(force_insert=True)
    return transfer


def _post(transfer: MerchantTransfer, balance_id: uuid.UUID) -> uuid.UUID:
    to = transfer.payee_account_id or account_id(IN_TRANSIT)
    try:
        return post_journal(
            Draft(
                key=f"merchant-transfer:{transfer.id}",
                kind="merchant_transfer",
                lines=(
                    debit(balance_id, transfer.amount_minor, transfer.currency),
                    credit(to, transfer.amount_minor, transfer.currency),
                ),
                posted_at=transfer.created_at,
                business_date=transfer.business_date,
                reference=transfer.number,
                narrative=(transfer.title or transfer.remark)[:200],
            )
        )
    except InsufficientFunds as error:
        raise rules.BalanceShort(field="amount") from error


def write_end_event(transfer: MerchantTransfer) -> None:
    """Tell whoever listens that a transfer has reached an end."""
    add_event(
        topic="merchant_transfer.ended",
        aggregate_id=transfer.id,
        payload={
            "transfer_id": str(transfer.id),
            "state": transfer.state,
            "amount_minor": transfer.amount_minor,
            "currency": transfer.currency,
            "payer_id": str(transfer.merchant_id),
            "payee_id": str(payee_key(transfer.identity)),
            "moved_at": transfer.created_at.isoformat(),
        },
    )


def _content(transfer: MerchantTransfer) -> tuple[object, ...]:
    return (
        TransferKind(transfer.kind),
        transfer.amount_minor,
        PayeeNamedBy(transfer.named_by),
        transfer.identity,
    )
