"""Decide where the money of a refund comes from, under the merchant's row lock."""

import uuid
from dataclasses import replace

from config.kernel import transactions
from config.kernel.limits.rules import declare, judge
from config.kernel.limits.values import Limit, Period
from merchants.exposure import queries, rules
from merchants.exposure.usecases.watch_debt import watch_debt
from merchants.exposure.values import Funds
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant_for_money
from merchants.terms.queries import fee_book
from merchants.terms.rules import fee_left
from wallet import public as wallet

CREDIT = declare(
    Limit(
        name="exposure.credit",
        whose="merchant",
        period=Period.STANDING,
        lock="onboarding_merchant",
        refuse=lambda rest, **facts: wallet.PayeeFundsShort(remaining_minor=rest, **facts),
        setting="SAOMA_MERCHANT_CREDIT_MINOR",
    )
)


def cover_refund(trade: wallet.PaymentView, amount_minor: int) -> list[wallet.Take]:
    """What each of the merchant's accounts gives of a refund; see `exposure.rules`.

    Every refund and every cancellation of a paid trade passes it. It is a `wallet.Cover`.

    Args:
        trade: locked by the caller, not yet refunded by this amount.
        amount_minor: the refund, in minor units.

    Raises:
        wallet.PayeeFundsShort: the merchant's money and its credit do not cover it.

    Locks: the merchant (against other work on its money, not against payments).
    """
    transactions.require()
    merchant = merchant_for_money(trade.payee_id)
    accounts = queries.accounts_of(merchant)
    escrow_minor = _in_escrow(merchant, trade)
    funds = _funds_after(merchant, trade, amount_minor)
    cover = rules.cover(amount_minor, escrow_minor=escrow_minor, funds=funds)
    if cover.credit_minor or cover.short_minor:
        judge(
            CREDIT,
            used=funds.owed_minor,
            amount=cover.credit_minor + cover.short_minor,
            ceiling=funds.ceiling_minor,
            field="amount",
            short_minor=cover.short_minor,
        )
    if cover.credit_minor:
        watch_debt(merchant)
    parts: tuple[tuple[uuid.UUID, int], ...] = (
        (trade.payee_account_id, cover.escrow_minor),
        (accounts.pending, cover.sales_minor),
        (accounts.payable, cover.payable_minor),
        (accounts.balance, cover.balance_minor),
        (accounts.receivable, cover.credit_minor),
    )
    return [(account_id, part_minor) for account_id, part_minor in parts if part_minor]


def _in_escrow(merchant: Merchant, trade: wallet.PaymentView) -> int:
    if trade.payee_account_id == merchant.pending_account_id:
        return 0
    return queries.held_in(trade.payee_account_id)


def _funds_after(merchant: Merchant, trade: wallet.PaymentView, amount_minor: int) -> Funds:
    """The merchant's funds, with the fees as they will be once the trade is refunded."""
    funds = queries.funds_of(merchant)
    if not queries.is_unsettled(merchant, trade):
        return funds
    terms = queries.terms_of_trade(fee_book(merchant), trade)
    before_minor, after_minor = (
        fee_left(paid_minor=trade.amount_minor, refunded_minor=refunded_minor, terms=terms)
        for refunded_minor in (trade.refunded_minor, trade.refunded_minor + amount_minor)
    )
    return replace(funds, fees_minor=funds.fees_minor - before_minor + after_minor)
