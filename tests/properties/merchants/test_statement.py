"""Whatever is sold and refunded in whatever order, the statement is the ledger.

Days of sales and refunds are drawn at random and played through the real use cases.
At the end every statement total equals what the ledger's own entries say, the parts of
every identity add up, and no fen is left where it does not belong.
"""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel import clock
from merchants.onboarding.models import Merchant
from merchants.payouts.models import Payout
from merchants.payouts.usecases.settle_date import settle_date
from merchants.settlement import queries
from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.splits.queries import moved_shares, standing
from merchants.splits.rules import SplitFundsShort
from tests.factories.accounts import make_user
from tests.factories.clock import advance
from tests.factories.settlement import books, give_back, make_merchant, make_payer, noon, sell
from tests.factories.splits import bind, refund_with, split
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger
from wallet.payments.queries import payment
from wallet.payments.rules import PayeeFundsShort
from wallet.payments.values import PaymentStatus, PaymentView

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# An act is a sale of so many fen, a refund of so many percent of what is left of one of
# the sales so far (with or without the shares of those who had some), a split of so many
# percent of what can be split, an early close, or the night.
SALE = st.tuples(st.just("sell"), st.integers(1, 300_00), st.just(0))
REFUND = st.tuples(st.just("refund"), st.integers(0, 9), st.integers(1, 100))
SPLIT = st.tuples(st.just("split"), st.integers(0, 9), st.integers(1, 100))
TAKE = st.tuples(st.just("take"), st.integers(0, 9), st.integers(1, 100))
CLOSE = st.tuples(st.just("close"), st.just(0), st.just(0))
NIGHT = st.tuples(st.just("night"), st.just(0), st.just(0))
ACTS = st.lists(st.one_of(SALE, SALE, REFUND, SPLIT, TAKE, CLOSE, NIGHT), min_size=2, max_size=14)


@given(acts=ACTS, fee_bps=st.integers(0, 500))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_the_statement_is_the_ledger(acts: list[tuple[str, int, int]], fee_bps: int) -> None:
    noon()
    merchant, payer, friend = make_merchant(fee_bps=fee_bps), make_payer(), make_user()
    bind(merchant, friend)
    sales: list[PaymentView] = []
    left: list[int] = []
    for act, number, percent in acts:
        if act == "sell":
            sales.append(sell(merchant, number, payer=payer))
            left.append(number)
        elif act in {"refund", "take"} and any(left):
            which = number % len(left)
            amount = min(left[which], max(1, left[which] * percent // 100))
            if amount and act == "refund":
                give_back(sales[which], amount, merchant=merchant)
                left[which] -= amount
            elif amount and moved_shares(sales[which].id).exists():
                # Paid out and without credit, a merchant cannot give everything back.
                with suppress(PayeeFundsShort):
                    refund_with(merchant, sales[which], friend, amount)
                    left[which] -= amount
        elif act == "split" and any(left):
            share_out(merchant, sales[number % len(left)], friend, percent)
        elif act == "close":
            settle_date(business_date=clock.today())
        elif act == "night":
            advance(days=1)
    advance(days=3)
    check(merchant)
    pending, payable, receivable = books(merchant)
    assert (pending, min(payable, receivable)) == (0, 0)
    assert ledger.trial_balance() == {"CNY": 0}


def share_out(merchant: Merchant, sale: PaymentView, friend: WalletUser, percent: int) -> None:
    """Split a sale if it can be, and if the merchant still has the money."""
    amount = standing(payment(sale.id)).rest_minor * percent // 100
    if amount > 0 and payment(sale.id).status is PaymentStatus.PAID:
        with suppress(SplitFundsShort):
            split(merchant, sale, friend, amount)


def check(merchant: Merchant) -> None:
    """Hold every batch to the ledger and to its own sums."""
    batches = list(SettlementBatch.objects.filter(merchant=merchant))
    for batch in batches:
        lines = SettlementLine.objects.filter(batch=batch)
        booked = queries.booked([batch])
        assert sum(line.net_minor for line in lines) == batch.net_minor == booked.net_minor
        assert batch.fee_minor == booked.fee_minor
    paid = sum(payout.amount_minor for payout in Payout.objects.filter(merchant=merchant))
    _, payable, owed = books(merchant)
    assert sum(batch.net_minor for batch in batches) == paid + payable - owed
