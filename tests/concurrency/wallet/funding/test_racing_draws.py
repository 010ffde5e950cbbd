"""Payments that draw on one line and one balance in the same moment: the limit holds."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from tests.factories.accounts import available_minor
from tests.factories.funding import make_saver, owed_minor
from tests.factories.settlement import make_merchant, noon, sell
from tests.factories.threads import at_once, outcomes_at_once
from wallet.funding import rules
from wallet.funding.usecases.choose_sources import set_order
from wallet.funding.usecases.repay_debt import repay_debt
from wallet.funding.usecases.save_money import move_savings
from wallet.funding.values import SavingsKind
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_racing_payments_draw_no_more_than_the_sources_hold() -> None:
    noon()
    shop = make_merchant()
    payer = make_saver(balance_minor=100_00, saved_minor=100_00)
    acts = [partial(sell, shop, 300_00, payer=payer, hear=False) for _ in range(8)]
    said = outcomes_at_once(acts)
    assert sum(not isinstance(one, SaomaError) for one in said) == 4
    assert (available_minor(payer), owed_minor(payer)) == (0, rules.LINE_LIMIT_MINOR)
    assert verify_ledger().passed


def test_one_key_repays_once() -> None:
    noon()
    payer = make_saver(balance_minor=0, saved_minor=60_00)
    set_order(user_id=payer.id, sources=["CREDIT"])
    sell(make_merchant(), 50_00, payer=payer, hear=False)
    move_savings(user_id=payer.id, key="out", kind=SavingsKind.REDEEM, amount_minor=60_00)
    at_once([partial(repay_debt, user_id=payer.id, key="k", amount_minor=20_00)] * 6)
    assert (owed_minor(payer), available_minor(payer)) == (30_00, 40_00)
