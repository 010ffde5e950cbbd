"""Refunds, splits and transfers of one merchant in the same moment: the ceiling holds."""

from collections.abc import Callable
from functools import partial

import pytest

from config.kernel.errors import SaomaError
from tests.factories.accounts import make_user
from tests.factories.clock import advance
from tests.factories.exposure import allow_credit, refund
from tests.factories.settlement import books, make_merchant, make_payer, noon, sell
from tests.factories.splits import bind, seller_of, split
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.rules import PayeeFundsShort

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_eight_refunds_after_the_payout_stop_at_the_ceiling() -> None:
    noon()
    merchant, payer = make_merchant(), make_payer()
    trades = [sell(merchant, 500_00, payer=payer) for _ in range(8)]
    seller_of(merchant)
    advance(days=1)
    allow_credit(merchant, 1_100_00)
    said = outcomes_at_once([partial(refund, merchant, trade, 500_00) for trade in trades])
    refused = [one for one in said if isinstance(one, SaomaError)]
    assert [type(one) for one in refused] == [PayeeFundsShort] * 6
    assert books(merchant)[2] == 1_000_00
    assert verify_ledger().passed


def test_a_sale_is_split_or_refunded_never_both() -> None:
    noon()
    merchant, payer, accomplice = make_merchant(), make_payer(), make_user()
    bind(merchant, accomplice)
    seller_of(merchant)
    trades = [sell(merchant, 100_00, payer=payer) for _ in range(4)]
    acts: list[Callable[[], object]] = [
        partial(split, merchant, trade, accomplice, 99_40) for trade in trades
    ]
    acts += [partial(refund, merchant, trade, 100_00) for trade in trades]
    outcomes_at_once(acts)
    advance(days=1)
    assert books(merchant)[2] == 0
    assert verify_ledger().passed
