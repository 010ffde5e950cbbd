"""What is disputed, paid, refunded or decided in one moment is done once."""

from collections.abc import Callable
from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.answer_dispute import accept_dispute
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.disputes import dispute_payment, make_bill
from tests.factories.exposure import allow_credit, refund
from tests.factories.settlement import held, make_merchant, make_payer, noon, sell
from tests.factories.splits import seller_of
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.confirm_payment import confirm_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_pay_and_contest_at_once() -> None:
    payer = make_user(balance_minor=100_00)
    bill = make_bill(payer)
    pay = partial(confirm_payment, payment_id=bill.id, payer_id=payer.id, pin=PIN)
    acts: list[Callable[[], object]] = [pay, partial(dispute_payment, bill.id, payer.id), pay]
    outcomes = outcomes_at_once(acts)
    paid = available_minor(payer) == 10_00
    contested = Dispute.objects.filter(unpaid=True).exists()
    assert paid != contested
    codes = {one.code for one in outcomes if isinstance(one, SaomaError)}
    assert codes <= {"payment_contested"}
    assert verify_ledger().passed


def test_a_trade_is_disputed_once_however_many_ask() -> None:
    noon()
    merchant, payer = make_merchant(), make_payer()
    trade = sell(merchant, 12_00, payer=payer)
    outcomes = outcomes_at_once([partial(dispute_payment, trade.id, payer.id)] * 4)
    refused = [one.code for one in outcomes if isinstance(one, SaomaError)]
    assert refused == ["dispute_exists"] * 3
    assert held(merchant.reserve_account_id) == 12_00
    assert verify_ledger().passed


def test_a_dispute_accepted_while_the_trade_is_refunded_pays_the_buyer_once() -> None:
    noon()
    merchant, payer = make_merchant(), make_payer(12_00)
    trade = sell(merchant, 12_00, payer=payer)
    seller_of(merchant)
    row = dispute_payment(trade.id, payer.id)
    allow_credit(merchant, 100_00)
    accept = partial(accept_dispute, dispute_id=row.id, actor="merchant")
    acts: list[Callable[[], object]] = [accept, partial(refund, merchant, trade, 12_00), accept]
    outcomes_at_once(acts)
    assert available_minor(payer) == 12_00
    assert held(merchant.reserve_account_id) == 0
    assert verify_ledger().passed
