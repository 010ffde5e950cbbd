"""Refunds, splits and transfers of one merchant in the same moment: the ceiling holds."""

from collections.abc import Callable
from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.funds.rules import BalanceShort
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.values import Order, Payee, PayeeNamedBy, TransferKind
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.factories.exposure import allow_credit, put_into_debt, refund
from tests.factories.funds import balance_minor, give_balance
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


def test_eight_transfers_leave_what_covers_the_debt() -> None:
    noon()
    merchant, payer, friend = make_merchant(), make_payer(), make_user()
    allow_credit(merchant, 100_00)
    put_into_debt(merchant, 100_00, payer=payer)
    give_balance(merchant, 150_00)
    took_minor = books(merchant)[0]
    payee = Payee(PayeeNamedBy.NUMBER, friend.user_number)
    orders = [Order(f"T{n}", TransferKind.WALLET, payee, 20_00) for n in range(8)]
    acts = [partial(send_transfer, merchant_id=merchant.id, order=order) for order in orders]
    said = outcomes_at_once(acts)
    refused = [one for one in said if isinstance(one, SaomaError)]
    assert {type(one) for one in refused} == {BalanceShort}
    left_minor = balance_minor(merchant) - books(merchant)[2] + took_minor
    assert available_minor(friend) == (8 - len(refused)) * 20_00
    assert 0 <= left_minor < 20_00 + took_minor
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
