"""Put money into savings and take it out."""

import uuid

from config.kernel import clock, ids, transactions
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.funding import queries, rules
from wallet.funding.models import Savings, SavingsOrder
from wallet.funding.usecases.plan_day import plan_day
from wallet.funding.values import SavingsKind
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.usecases.post_journals import move_money
from wallet.ledger.values import AccountKind, Side


@transactions.atomic_retry
def move_savings(
    *, user_id: uuid.UUID, key: str, kind: SavingsKind, amount_minor: int
) -> tuple[SavingsOrder, bool]:
    """Move money between a balance and its owner's savings, at once; the same key moves once.

    Returns the order, and whether the key had made it before.

    The fund's units are bought or sold with the night's settlement, which confirms the order.

    Raises:
        AmountInvalid, KeyConflict: the amount is not above zero, or the key had another.
        InsufficientFunds, AccountFrozen, AccountClosed: the money is not there, or stays.

    Locks: the ledger accounts.
    """
    rules.check_amount(amount_minor)
    user = accounts.user(user_id)
    locked_account(user.available_account_id)
    earlier = SavingsOrder.objects.filter(user_id=user_id, key=key).first()
    if earlier is not None:
        if (earlier.kind, earlier.amount_minor) != (kind, amount_minor):
            raise rules.KeyConflict(field="amount")
        return earlier, True
    debited, credited = user.available_account_id, savings_account(user)
    if kind is SavingsKind.REDEEM:
        debited, credited = credited, debited
    now, order_id = clock.now(), ids.uuid7()
    journal_id = move_money(
        key=f"savings:{order_id}",
        kind="savings",
        debited=debited,
        credited=credited,
        amount_minor=amount_minor,
        currency=queries.CURRENCY,
        at=now,
        reference=f"savings:{order_id}",
        narrative=kind.value.lower(),
    )
    plan_day()
    order = SavingsOrder.objects.create(
        id=order_id,
        user_id=user_id,
        key=key,
        kind=kind,
        amount_minor=amount_minor,
        journal_id=journal_id,
        created_at=now,
    )
    return order, False


def savings_account(user: WalletUser) -> uuid.UUID:
    """The ledger account of somebody's savings, opened when first asked for."""
    account_id = open_account(
        code=f"user:{user.id}:savings",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=queries.CURRENCY,
        owner_id=user.id,
        normal_side=Side.CREDIT,
        unit=user.unit,
    )
    Savings.objects.get_or_create(user_id=user.id, defaults={"account_id": account_id})
    return account_id
