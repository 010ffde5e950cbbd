"""Reading what a merchant has with us and what it owes us."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from config.kernel import clock
from config.kernel.errors import required
from merchants.escrow import queries as escrows
from merchants.exposure import rules
from merchants.exposure.values import Funds, SettledFunds
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id
from merchants.onboarding.values import MerchantState
from merchants.terms.queries import FeeBook, fee_book
from merchants.terms.rules import fee_left
from merchants.terms.values import FeeTerms
from wallet import public as wallet

_TICK = timedelta(microseconds=1)
_PAGE = 200


class Accounts(NamedTuple):
    """The ledger accounts that a merchant's debt is judged by; `balance` may not be open."""

    pending: uuid.UUID
    payable: uuid.UUID
    balance: uuid.UUID
    receivable: uuid.UUID


def accounts_of(merchant: Merchant) -> Accounts:
    """A merchant's accounts, which its approval has opened."""
    why = "a merchant whose money moves has its accounts"
    return Accounts(
        required(merchant.pending_account_id, why),
        required(merchant.payable_account_id, why),
        balance_id(merchant.id),
        required(merchant.receivable_account_id, why),
    )


def held_in(account_id: uuid.UUID) -> int:
    """What an account has available, in minor units; nothing where it was never opened."""
    return _available(wallet.balances([account_id]), account_id)


def _available(holds: Mapping[uuid.UUID, wallet.Balance], account_id: uuid.UUID) -> int:
    return holds[account_id].available_minor if account_id in holds else 0


def ceiling_of(merchant: Merchant) -> int:
    """How much a merchant may come to owe us, in minor units."""
    return rules.ceiling(
        own_minor=merchant.credit_minor,
        house_minor=settings.SAOMA_MERCHANT_CREDIT_MINOR,
        since=merchant.approved_at,
        young_days=settings.SAOMA_MERCHANT_YOUNG_DAYS,
        in_force=merchant.state == MerchantState.APPROVED,
        now=clock.now(),
    )


def funds_of(merchant: Merchant) -> Funds:
    """What a merchant has with us; sure only where the caller holds its row."""
    accounts = accounts_of(merchant)
    holds = wallet.balances(
        (accounts.pending, accounts.payable, accounts.balance, accounts.receivable)
    )
    return Funds(
        pending_minor=_available(holds, accounts.pending),
        fees_minor=fees_to_come(merchant),
        payable_minor=_available(holds, accounts.payable),
        balance_minor=_available(holds, accounts.balance),
        owed_minor=holds[accounts.receivable].posted_minor,
        ceiling_minor=ceiling_of(merchant),
    )


def settled_funds(merchant: Merchant) -> SettledFunds:
    """What payable and balance hold once the debt has been taken from them, payable first."""
    accounts = accounts_of(merchant)
    holds = wallet.balances((accounts.payable, accounts.balance, accounts.receivable))
    return rules.after_debt(
        owed_minor=holds[accounts.receivable].posted_minor,
        payable_minor=_available(holds, accounts.payable),
        balance_minor=_available(holds, accounts.balance),
    )


def unsettled_since(merchant: Merchant) -> datetime:
    """The end of the last day that is settled: what was paid from then on waits."""
    return merchant.settled_until or merchant.created_at


def is_unsettled(merchant: Merchant, trade: wallet.PaymentView) -> bool:
    """Whether a trade's money is among the unsettled sales."""
    if trade.payee_account_id == merchant.pending_account_id:
        return trade.paid_at is not None and trade.paid_at >= unsettled_since(merchant)
    row = escrows.escrow(trade.id)
    released_at = None if row is None else row.released_at
    return released_at is not None and released_at >= unsettled_since(merchant)


def fees_to_come(merchant: Merchant) -> int:
    """What the unsettled sales will cost as they stand, in minor units."""
    since, book = unsettled_since(merchant), fee_book(merchant)
    account_id = accounts_of(merchant).pending
    fees = _plain_fees if book.is_plain else _fees_by_group
    until = clock.now() + _TICK
    rows = escrows.released_between(merchant.id, after=since, until=until)
    released = wallet.payments_by_id([row.payment_id for row in rows])
    released_minor = sum(
        fee_left(
            paid_minor=trade.amount_minor,
            refunded_minor=trade.refunded_minor,
            terms=terms_of_trade(book, trade),
        )
        for trade in released
    )
    return fees(merchant.id, account_id, since, book) + released_minor


def terms_of_trade(book: FeeBook, trade: wallet.PaymentView) -> FeeTerms:
    """The fee terms of one trade: those of its method on its business date."""
    return book.of(trade.method, trade.business_date or clock.today())


def _plain_fees(payee_id: uuid.UUID, account_id: uuid.UUID, since: datetime, book: FeeBook) -> int:
    """One rate for everything: added up by the database."""
    terms = book.default
    fees_minor = wallet.rate_of_unrefunded(
        payee_id=payee_id, account_id=account_id, since=since, rate_bps=terms.fee_bps
    )
    for paid_minor, refunded_minor in wallet.part_refunded(
        payee_id=payee_id, account_id=account_id, since=since
    ):
        fees_minor += fee_left(paid_minor=paid_minor, refunded_minor=refunded_minor, terms=terms)
    return fees_minor


def _fees_by_group(
    payee_id: uuid.UUID, account_id: uuid.UUID, since: datetime, book: FeeBook
) -> int:
    groups = wallet.paid_groups(payee_id=payee_id, account_id=account_id, since=since)
    return sum(
        count
        * fee_left(
            paid_minor=paid_minor,
            refunded_minor=refunded_minor,
            terms=book.of(method, on or clock.today()),
        )
        for method, on, paid_minor, refunded_minor, count in groups
    )


def owed_since(merchant: Merchant) -> datetime | None:
    """Since when a merchant has owed us something; None where it owes nothing."""
    account_id = accounts_of(merchant).receivable
    if wallet.balance(account_id).posted_minor == 0:
        return None
    began_at, after = None, None
    while True:
        page = wallet.statement(account_id, after, _PAGE)
        for line in page.lines:
            began_at = line.posted_at
            if line.balance_after_minor == line.change_minor:
                return began_at
        if page.after is None:
            return began_at
        after = page.after


def merchants_with_accounts() -> Iterator[Merchant]:
    """Every merchant that was ever approved, by number."""
    rows = Merchant.objects.filter(receivable_account_id__isnull=False)
    yield from rows.order_by("merchant_number").iterator(chunk_size=500)
