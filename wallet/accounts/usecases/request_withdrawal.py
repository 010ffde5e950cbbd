"""Send money from the wallet to the customer's bank."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from config.kernel.approvals import thresholds
from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from wallet.accounts import queries
from wallet.accounts.models import WalletUser, Withdrawal
from wallet.accounts.ports import WITHDRAWAL_SCREENS
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.request_topup import check_amount
from wallet.accounts.usecases.submit_withdrawal import hold_for_review, submit_withdrawal
from wallet.accounts.values import (
    CURRENCY,
    WITHDRAWAL_MAXIMUM_MINOR,
    WITHDRAWAL_REVIEW_MINOR,
    UserState,
)
from wallet.ledger.rules import AccountFrozen

REVIEW_FROM = "withdrawals.review_from_minor"
thresholds.declare(
    REVIEW_FROM,
    title="A withdrawal of this much or more waits for a review",
    unit="minor units",
    initial=lambda: WITHDRAWAL_REVIEW_MINOR,
    minimum=1,
    maximum=WITHDRAWAL_MAXIMUM_MINOR,
)


def request_withdrawal(
    *, user_id: uuid.UUID, key: str, amount_minor: int, pin: str, currency: str = CURRENCY
) -> tuple[Withdrawal, bool]:
    """Debit the wallet and instruct the bank; large amounts wait for a review instead.

    The key is looked up before PIN and balance are checked: a repeat gets the first
    withdrawal back, whatever has become of it. Must be called outside a transaction, so
    that a wrong PIN is counted. Withdrawals do not count against KYC limits: the money
    goes to the customer's own account.

    Args:
        user_id: whose wallet.
        key: the client's idempotency key, theirs for ever.
        amount_minor: in fen, above zero. From 50,000.00 yuan on the money is held and the
            withdrawal waits in REVIEW, as it does where the risk rules ask for it.
        pin: the payment PIN.
        currency: CNY.

    Returns:
        The withdrawal, and whether it is a repeat.

    Raises:
        IdempotencyConflict: the key was used for another amount.
        AmountOutOfRange, CurrencyUnsupported, AmountAboveMaximum: see `request_topup`.
        AccountFrozen: the account is frozen or closed.
        PinWrong, PinLocked: see `check_pin`.
        PaymentDeclined, PaymentDelayed: the risk rules refuse it, for now or for good.
        InsufficientFunds: the available balance is less; nothing was written.
        UserUnknown: there is no such user.
    """
    earlier = Withdrawal.objects.filter(user_id=user_id, request_key=key).first()
    if earlier is not None:
        return _repeat(earlier, amount_minor, currency), True
    check_amount(amount_minor, currency, maximum_minor=WITHDRAWAL_MAXIMUM_MINOR)
    user = queries.user(user_id)
    if user.state != UserState.ACTIVE:
        raise AccountFrozen()
    check_pin(user_id=user_id, pin=pin)
    return _screened(user, key, amount_minor, currency)


def send_on(*, user_id: uuid.UUID, key: str, amount_minor: int, currency: str) -> Withdrawal:
    """Withdraw what the customer asked once and for all to be sent on to their bank.

    As for `request_withdrawal`, but no PIN is asked for: the customer is not there. The money
    goes to their own bank.

    Raises:
        AccountFrozen: the account is frozen or closed.
        InsufficientFunds: the available balance is less; nothing was written.
    """
    user = queries.user(user_id)
    if user.state != UserState.ACTIVE:
        raise AccountFrozen()
    withdrawal, _ = _withdraw(user, key, amount_minor, currency)
    return withdrawal


def _screened(
    user: WalletUser, key: str, amount_minor: int, currency: str
) -> tuple[Withdrawal, bool]:
    withdrawal_id = ids.uuid7()
    looked_at = [
        screen(
            withdrawal_id=withdrawal_id,
            user_id=user.id,
            amount_minor=amount_minor,
            currency=currency,
        )
        for screen in WITHDRAWAL_SCREENS
    ]
    return _withdraw(user, key, amount_minor, currency, withdrawal_id, any(looked_at))


@transactions.atomic_retry
def _withdraw(
    user: WalletUser,
    key: str,
    amount_minor: int,
    currency: str,
    withdrawal_id: uuid.UUID | None = None,
    needs_review: bool = False,
) -> tuple[Withdrawal, bool]:
    now = clock.now()
    withdrawal = Withdrawal(
        id=withdrawal_id or ids.uuid7(),
        user=user,
        request_key=key,
        amount_minor=amount_minor,
        currency=currency,
        unit=user.unit,
        created_at=now,
    )
    try:
        with transaction.atomic():
            withdrawal.save(force_insert=True)
    except IntegrityError:
        # The same request arrived twice at once and the other one was faster.
        winner = Withdrawal.objects.get(user=user, request_key=key)
        return _repeat(winner, amount_minor, currency), True
    if needs_review or amount_minor >= thresholds.value_of(REVIEW_FROM):
        hold_for_review(withdrawal, user)
    else:
        submit_withdrawal(withdrawal, user)
    return withdrawal, False


def _repeat(withdrawal: Withdrawal, amount_minor: int, currency: str) -> Withdrawal:
    if (withdrawal.amount_minor, withdrawal.currency) != (amount_minor, currency):
        raise IdempotencyConflict(key=withdrawal.request_key, field="Idempotency-Key")
    return withdrawal
