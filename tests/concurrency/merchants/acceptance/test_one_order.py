"""Several tills and several phones at one order: one payment, one payer."""

from functools import partial

import pytest

from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.acceptance.usecases.scan import scan_code
from merchants.acceptance.values import Scan
from tests.factories.accounts import available_minor, make_user
from tests.factories.merchants import code_of, make_sale, make_seller
from tests.factories.threads import outcomes_at_once
from wallet import public as wallet

pytestmark = pytest.mark.django_db(transaction=True)


def test_gives_the_order_to_the_first_of_many_scanners() -> None:
    order = precreate_order(sale=make_sale(make_seller()))
    payload = queries.order_code_text(order)
    payers = [make_user() for _ in range(4)]
    results = outcomes_at_once([partial(scan_code, payload=payload, payer_id=p.id) for p in payers])
    assert sum(isinstance(result, Scan) for result in results) == 1
    assert sum(isinstance(result, rules.BeingPaid) for result in results) == 3


def test_makes_one_order_when_two_tills_send_one_number() -> None:
    sale = make_sale(make_seller())
    results = outcomes_at_once([partial(precreate_order, sale=sale)] * 4)
    tokens = {result.token for result in results if isinstance(result, Order)}
    assert len(tokens) == 1
    assert len(results) == 4
    assert not [result for result in results if isinstance(result, Exception)]


def test_lets_one_of_two_tills_have_one_code() -> None:
    seller, payer = make_seller(), make_user(balance_minor=100_00)
    code = code_of(payer)
    sales = [make_sale(seller, 10_00) for _ in range(2)]
    results = outcomes_at_once([partial(pay_by_code, sale=sale, code=code) for sale in sales])
    paid = [result for result in results if isinstance(result, wallet.PayOutcome)]
    assert len(paid) == 1
    assert available_minor(payer) == 90_00
