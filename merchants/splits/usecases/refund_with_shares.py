"""Refund a trade and let those who had shares of it give theirs back."""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from config.kernel import clock, ids, transactions
from config.kernel.errors import required
from config.kernel.outbox.writes import add as add_event
from merchants.acceptance import queries as acceptance
from merchants.acceptance.usecases.refund import refund_locked_trade
from merchants.onboarding.queries import merchant_for_money
from merchants.onboarding.values import AppCredentials
from merchants.splits import queries, rules
from merchants.splits.models import SplitReturn, SplitShare
from merchants.splits.usecases.set_money_aside import finish_set_aside
from merchants.splits.usecases.split_trade import RANDOM_DIGITS
from merchants.splits.values import Take
from merchants.terms.queries import today_of
from wallet import public as wallet


@transactions.atomic_retry
def refund_with_shares(
    *,
    seller: AppCredentials,
    amount_minor: int,
    takes: Sequence[Take],
    number: str = "",
    reference: str = "",
    request_no: str = "",
    reason: str = "",
    operator: str = "",
    details: Mapping[str, object] | None = None,
) -> wallet.RefundOutcome:
    """Take shares back into the merchant's pending money, then refund from it; all or nothing.

    A payee gives what is named, or its share in proportion where nothing is. A repeated
    request number moves nothing. The rest is as for `refund_locked_trade`.

    Args:
        takes: who gives back how much; in all at most the refund.

    Raises:
        SplitPayeeUnknown: somebody named has no share of the trade.
        SplitAmountInvalid: more is asked for than a payee got, or than the refund.
        SplitPayeeShort: a payee no longer has it.
        AccountFrozen: a payee's account is frozen.
        and what `refund_locked_trade` raises.

    Locks: the payment, the merchant, then the ledger accounts.
    """
    trade = acceptance.locked_trade(
        merchant_id=seller.merchant_id, number=number, reference=reference
    )
    merchant_for_money(seller.merchant_id)
    # A refusal leaves nothing behind, also where the caller goes on in its transaction.
    with transaction.atomic():
        return _refund(seller, trade, takes, amount_minor, request_no, reason, operator, details)


def _refund(
    seller: AppCredentials,
    trade: wallet.LockedPayment,
    takes: Sequence[Take],
    amount_minor: int,
    request_no: str,
    reason: str,
    operator: str,
    details: Mapping[str, object] | None,
) -> wallet.RefundOutcome:
    earlier = wallet.refund(payment_id=trade.id, request_no=request_no or trade.reference)
    if earlier is None:
        _withdraw_shares(seller, trade, request_no or trade.reference, amount_minor, takes)
    outcome = refund_locked_trade(
        trade=trade,
        amount_minor=amount_minor,
        request_no=request_no,
        reason=reason,
        operator=operator,
        details=details,
    )
    finish_set_aside(outcome.payment)
    return outcome


def _withdraw_shares(
    seller: AppCredentials,
    trade: wallet.LockedPayment,
    request_no: str,
    amount_minor: int,
    takes: Sequence[Take],
) -> None:
    left_minor = max(1, trade.amount_minor - trade.refunded_minor)
    total_minor = 0
    for take in takes:
        payee = queries.payee(take.payee)
        shares = list(queries.moved_shares(trade.id).filter(payee_number=payee.number))
        if not shares:
            raise rules.SplitPayeeUnknown(field="trans_out")
        shares_left = [share.amount_minor - share.returned_minor for share in shares]
        wanted_minor = take.amount_minor
        if wanted_minor is None:
            share_minor = rules.pro_rata(
                held_minor=sum(shares_left), refund_minor=amount_minor, left_minor=left_minor
            )
            # Earlier refunds without shares may leave a payee with more than the buyer gets.
            wanted_minor = min(share_minor, amount_minor - total_minor)
        total_minor += wanted_minor
        if wanted_minor > sum(shares_left) or total_minor > amount_minor:
            raise rules.SplitAmountInvalid(field="refund_royalty_parameters")
        for share, part in zip(shares, rules.spread(wanted_minor, shares_left), strict=True):
            if part:
                _return(seller, share, part, request_no, trade)


def _return(
    seller: AppCredentials,
    share: SplitShare,
    amount_minor: int,
    request_no: str,
    trade: wallet.LockedPayment,
) -> None:
    back = SplitReturn(
        share=share,
        merchant_id=share.merchant_id,
        payment_id=share.payment_id,
        number=f"{clock.today(seller.zone):%Y%m%d}{ids.random_digits(RANDOM_DIGITS)}",
        request_no=request_no,
        amount_minor=amount_minor,
        currency=share.currency,
        created_at=clock.now(),
    )
    back.journal_id = _post(seller, back, trade)
    back.save(force_insert=True)
    share.returned_minor += amount_minor
    share.save(update_fields=["returned_minor"])
    add_event(
        topic="split.returned",
        aggregate_id=share.split_id,
        payload={
            "return_id": str(back.id),
            "payment_id": str(trade.id),
            "merchant_id": str(share.merchant_id),
            "amount_minor": amount_minor,
        },
    )


def _post(seller: AppCredentials, back: SplitReturn, trade: wallet.LockedPayment) -> uuid.UUID:
    pending = required(seller.pending_account_id, "a merchant with trades has its accounts")
    try:
        return wallet.post_journal(
            wallet.Draft(
                key=f"split-return:{back.id}",
                kind="split_return",
                lines=(
                    wallet.debit(back.share.account_id, back.amount_minor, back.currency),
                    wallet.credit(pending, back.amount_minor, back.currency),
                ),
                posted_at=back.created_at,
                business_date=today_of(seller),
                reference=trade.number,
                narrative="share given back with a refund",
            )
        )
    except (wallet.InsufficientFunds, wallet.AccountClosed) as error:
        raise rules.SplitPayeeShort(field="refund_royalty_parameters") from error
