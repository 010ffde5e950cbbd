"""Splits and refunds of one trade in the same moment: nothing is given twice."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.splits.models import Split
from merchants.splits.queries import standing
from merchants.splits.usecases.split_due import split_due
from merchants.splits.usecases.split_trade import split_trade
from merchants.splits.values import Part
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import later
from tests.factories.settlement import make_merchant, make_payer, noon, sell
from tests.factories.splits import bind, named, refund_with, seller_of, split
from tests.factories.threads import at_once, outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.queries import payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_no_more_than_the_trade_is_split() -> None:
    noon()
    merchant, payee = make_merchant(fee_bps=0), make_user()
    bind(merchant, payee)
    seller_of(merchant)
    sale = sell(merchant, 100_00, payer=make_payer())
    sell(merchant, 500_00, payer=make_payer())
    said = outcomes_at_once([partial(split, merchant, sale, payee, 30_00) for _ in range(6)])
    assert sum(isinstance(one, SaomaError) for one in said) == 3
    assert available_minor(payee) == 90_00
    assert standing(payment(sale.id)).rest_minor == 10_00


def test_one_number_splits_once() -> None:
    noon()
    merchant, payee = make_merchant(), make_user()
    bind(merchant, payee)
    sale = sell(merchant, 100_00, payer=make_payer())
    act = partial(
        split_trade,
        seller=seller_of(merchant),
        number=sale.number,
        request_no="S1",
        parts=[Part(named(payee), 10_00)],
    )
    assert len({done.number for done in at_once([act] * 6)}) == 1
    assert available_minor(payee) == 10_00


def test_refunds_take_a_share_back_once() -> None:
    noon()
    merchant, payee = make_merchant(fee_bps=0), make_user()
    bind(merchant, payee)
    sale = sell(merchant, 100_00, payer=make_payer())
    split(merchant, sale, payee, 50_00)
    at_once([partial(refund_with, merchant, sale, payee, 25_00) for _ in range(4)])
    assert available_minor(payee) == 0
    assert payment(sale.id).refunded_minor == 100_00
    assert verify_ledger().passed


def test_waiting_split_is_carried_out_by_one_worker() -> None:
    noon()
    merchant, payee = make_merchant(), make_user()
    bind(merchant, payee)
    sale = sell(merchant, 100_00, payer=make_payer())
    waiting = split_trade(
        seller=seller_of(merchant),
        number=sale.number,
        request_no="S1",
        parts=[Part(named(payee), 10_00)],
        at_once=False,
    )
    later(seconds=31)
    done = at_once([partial(split_due, now=waiting.due_at)] * 4)
    assert sum(done) == 1
    assert (Split.objects.get().state, available_minor(payee)) == ("DONE", 10_00)
