"""Move money from the owner's wallet to the merchant's balance."""

import uuid

from config.kernel import clock, transactions
from config.kernel.errors import Refused
from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from merchants.funds.models import BalanceTopup
from merchants.onboarding import queries as onboarding
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.terms.queries import today_of
from wallet.public import AmountOutOfRange, Draft, check_pin, credit, debit, post_journal, user

LARGEST_MINOR = 1_000_000_000_00


class CurrenciesDiffer(Refused):
    """The merchant keeps its balance in another currency than its owner's wallet."""

    code = "currency_unsupported"
    message = "The merchant's currency is not the wallet's."


def top_up_balance(
    *, merchant_id: uuid.UUID, key: str, amount_minor: int, pin: str
) -> tuple[BalanceTopup, bool]:
    """Debit the owner's wallet and credit `merchant:{id}:balance`, at once.

    The key is looked up before the PIN: a repeat gets the first top-up again. The money
    stays its owner's, so it does not count against the limits of their tier. Call it
    outside a transaction: PIN strikes must survive a refusal.

    Args:
        merchant_id: whose balance.
        key: the owner's own id for this top-up.
        amount_minor: in minor units, at least 1.
        pin: the owner's payment PIN.

    Returns:
        The top-up, and whether it is a repeat.

    Raises:
        MerchantNotFound: there is no such merchant.
        IdempotencyConflict: the key was used for another amount.
        AmountOutOfRange: the amount is not above zero.
        PinWrong, PinLocked: see `check_pin`.
        InsufficientFunds, AccountFrozen: the wallet does not give it.

    Locks: the merchant, then the ledger accounts.
    """
    if (topup := _known(merchant_id, key)) is not None:
        return _repeat(topup, amount_minor), True
    if not 0 < amount_minor <= LARGEST_MINOR:
        raise AmountOutOfRange(field="amount")
    merchant = onboarding.merchant(merchant_id)
    check_pin(user_id=merchant.owner_id, pin=pin)
    return _move(merchant_id, key, amount_minor)


@transactions.atomic_retry
def _move(merchant_id: uuid.UUID, key: str, amount_minor: int) -> tuple[BalanceTopup, bool]:
    merchant = onboarding.merchant_for_update(merchant_id)
    if (earlier := _known(merchant_id, key)) is not None:
        return _repeat(earlier, amount_minor), True
    owner = user(merchant.owner_id)
    if merchant.currency != "CNY":
        raise CurrenciesDiffer(field="currency")
    now = clock.now()
    topup = BalanceTopup(
        merchant=merchant,
        request_key=key,
        amount_minor=amount_minor,
        currency=merchant.currency,
        created_at=now,
    )
    topup.journal_id = post_journal(
        Draft(
            key=f"balance-topup:{topup.id}",
            kind="balance_topup",
            lines=(
                debit(owner.available_account_id, amount_minor, merchant.currency),
                credit(open_balance(merchant), amount_minor, merchant.currency),
            ),
            posted_at=now,
            business_date=today_of(merchant),
            reference=f"balance:{topup.id}",
            narrative=f"to the balance of {merchant.name}",
        )
    )
    topup.save(force_insert=True)
    return topup, False


def _known(merchant_id: uuid.UUID, key: str) -> BalanceTopup | None:
    return BalanceTopup.objects.filter(merchant_id=merchant_id, request_key=key).first()


def _repeat(topup: BalanceTopup, amount_minor: int) -> BalanceTopup:
    if topup.amount_minor != amount_minor:
        raise IdempotencyConflict(key=topup.request_key, field="Idempotency-Key")
    return topup
