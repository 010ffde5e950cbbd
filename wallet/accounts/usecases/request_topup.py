"""Ask the customer's bank for money."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from config.kernel.errors import InvalidRequest, Refused
from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries, rules
from wallet.accounts.models import BankInstruction, Topup
from wallet.accounts.values import (
    CURRENCY,
    TOPUP_LIFE,
    TOPUP_MAXIMUM_MINOR,
    BankKind,
    UserState,
)
from wallet.ledger.rules import AccountFrozen


class AmountOutOfRange(InvalidRequest):
    """The amount is not above zero."""

    code = "amount_invalid"
    message = "The amount must be above zero."


class CurrencyUnsupported(InvalidRequest):
    """Wallets hold CNY only."""

    code = "currency_unsupported"
    message = "Wallets hold CNY only."


class AmountAboveMaximum(Refused):
    """The amount is more than one movement may carry."""

    code = "limit_exceeded"
    message = "The amount is above the maximum for one movement."


@transactions.atomic_retry
def request_topup(
    *, user_id: uuid.UUID, key: str, amount_minor: int, currency: str = CURRENCY
) -> tuple[Topup, bool]:
    """Write a top-up down with its instruction to the bank; a timetable job sends it.

    The key is looked up before anything is checked: a repeat gets the first top-up back,
    whatever has become of it.

    Args:
        user_id: whose wallet.
        key: the client's idempotency key, theirs for ever.
        amount_minor: in fen, above zero.
        currency: CNY.

    Returns:
        The top-up, and whether it is a repeat.

    Raises:
        IdempotencyConflict: the key was used for another amount.
        AmountOutOfRange, CurrencyUnsupported, AmountAboveMaximum: see there.
        KycRequired: tier 0 may not hold money.
        AccountFrozen: the account is frozen or closed.
        UserUnknown: there is no such user.
    """
    if (earlier := _known(user_id, key)) is not None:
        return _repeat(earlier, amount_minor, currency), True
    check_amount(amount_minor, currency, maximum_minor=TOPUP_MAXIMUM_MINOR)
    user = queries.user(user_id)
    if user.state != UserState.ACTIVE:
        raise AccountFrozen()
    if user.kyc_tier == 0:
        raise rules.KycRequired()
    now = clock.now()
    topup = Topup(
        user=user,
        request_key=key,
        amount_minor=amount_minor,
        currency=currency,
        unit=user.unit,
        created_at=now,
        expires_at=now + TOPUP_LIFE,
    )
    try:
        with transaction.atomic():
            topup.save(force_insert=True)
    except IntegrityError:
        # The same request arrived twice at once and the other one was faster.
        return _repeat(_winner(user_id, key), amount_minor, currency), True
    BankInstruction.objects.create(
        kind=BankKind.TOPUP,
        subject_id=topup.id,
        amount_minor=amount_minor,
        currency=currency,
        due_at=now,
    )
    outbox.add(topic="topup.created", aggregate_id=topup.id, payload={"topup_id": str(topup.id)})
    return topup, False


def check_amount(amount_minor: int, currency: str, *, maximum_minor: int) -> None:
    """Check an amount of a bank movement.

    Raises:
        CurrencyUnsupported: not CNY.
        AmountOutOfRange: zero or less.
        AmountAboveMaximum: above `maximum_minor` fen.
    """
    if currency != CURRENCY:
        raise CurrencyUnsupported(field="currency")
    if amount_minor <= 0:
        raise AmountOutOfRange(field="amount")
    if amount_minor > maximum_minor:
        raise AmountAboveMaximum(field="amount", maximum_minor=maximum_minor)


def _known(user_id: uuid.UUID, key: str) -> Topup | None:
    return Topup.objects.filter(user_id=user_id, request_key=key).first()


def _winner(user_id: uuid.UUID, key: str) -> Topup:
    return Topup.objects.get(user_id=user_id, request_key=key)


def _repeat(topup: Topup, amount_minor: int, currency: str) -> Topup:
    if (topup.amount_minor, topup.currency) != (amount_minor, currency):
        raise IdempotencyConflict(key=topup.request_key, field="Idempotency-Key")
    return topup
