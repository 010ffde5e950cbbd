"""Keep what may still be split out of the payout, and release it in the end."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from config.kernel import clock, transactions
from merchants.onboarding.models import Merchant
from merchants.splits import queries, rules
from merchants.splits.models import SetAside
from merchants.splits.values import Keep
from merchants.terms.queries import fee_book
from wallet import public as wallet

AT_ONCE = 500


def set_money_aside(
    merchant: Merchant,
    payment_ids: Iterable[uuid.UUID],
    *,
    payable_minor: int,
    until: datetime,
) -> int:
    """Set aside what may still be split of some trades that are being settled.

    Nothing moves: the sums stay among what is payable and are left out of the payout.

    Args:
        merchant: locked by the caller.
        payment_ids: trades that have just been settled, in order.
        payable_minor: what of them is there to be paid out; no more is set aside.
        until: how long a trade waits whose sale does not say otherwise.

    Returns:
        How much was set aside, in minor units.
    """
    transactions.require()
    if not queries.ever_bound(merchant.id):
        return 0
    binds = queries.relations(merchant.id).exists()
    left_minor, rows, book = payable_minor, [], fee_book(merchant)
    rest = iter(payment_ids)
    while part := list(islice(rest, AT_ONCE)):
        trades = wallet.payments_by_id(part)
        rests = queries.may_still_be_split(trades, book=book)
        for trade in sorted(trades, key=lambda one: (one.created_at, one.id)):
            keep = rules.keeps_back(trade.details, binds=binds)
            part_minor = min(left_minor, rests.get(trade.id, 0))
            if keep is Keep.NOTHING or not part_minor:
                continue
            longest = (trade.paid_at or clock.now()) + rules.LONGEST_FREEZE
            rows.append(
                SetAside(
                    merchant=merchant,
                    payment_id=trade.id,
                    amount_minor=part_minor,
                    left_minor=part_minor,
                    currency=trade.currency,
                    created_at=clock.now(),
                    until=longest if keep is Keep.UNTIL_FINISHED else until,
                )
            )
            left_minor -= part_minor
    SetAside.objects.bulk_create(rows, batch_size=AT_ONCE)
    return payable_minor - left_minor


def release_sums(merchant: Merchant, *, until: datetime) -> int:
    """Let go what has waited until a moment; returns how much, in minor units.

    The caller, who has locked the merchant, pays it out.
    """
    transactions.require()
    rows = SetAside.objects.filter(merchant=merchant, until__lte=until, released_at__isnull=True)
    total_minor = sum(rows.values_list("left_minor", flat=True))
    rows.update(released_at=clock.now())
    return total_minor


def use_set_aside(payment_id: uuid.UUID, amount_minor: int) -> None:
    """Note that so much of a trade's sum has gone to a payee."""
    row = queries.set_aside(payment_id)
    if row is not None:
        row.left_minor -= min(row.left_minor, amount_minor)
        row.save(update_fields=["left_minor"])


def finish_set_aside(trade: wallet.PaymentView) -> None:
    """Let a trade's sum go with the next settlement, if nothing more can be split of it."""
    row = queries.set_aside(trade.id)
    if row is None or row.until <= clock.now():
        return
    if not queries.may_still_be_split([trade], book=fee_book(row.merchant)):
        row.until = clock.now()
        row.save(update_fields=["until"])
