"""A quote taken many times at once is one payment, and parallel refunds stay within it."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.exchange.models import FxPayment
from tests.factories.accounts import available_minor
from tests.factories.exchange import Abroad
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_one_quote_taken_six_times_at_once_is_one_payment() -> None:
    abroad = Abroad()
    quote = abroad.quote(20_00)
    outcomes = outcomes_at_once([partial(abroad.take, quote, f"k-{n}") for n in range(6)])
    codes = [one.code for one in outcomes if isinstance(one, SaomaError)]
    assert codes == ["quote_used"] * 5
    assert FxPayment.objects.count() == 1
    assert (available_minor(abroad.buyer), abroad.shop_minor()) == (1_000_00 - 159_36, 20_00)
    assert verify_ledger().passed


def test_two_quotes_of_one_order_pay_it_once_and_refunds_at_once_stay_within_it() -> None:
    abroad = Abroad()
    quotes = [abroad.quote(20_00) for _ in range(4)]
    paid = outcomes_at_once([partial(abroad.take, quote) for quote in quotes])
    codes = [one.code for one in paid if isinstance(one, SaomaError)]
    assert codes == ["exchange_order_taken"] * 3
    refunds = outcomes_at_once([partial(abroad.refund, 7_00, f"r-{n}") for n in range(6)])
    assert sum(not isinstance(one, SaomaError) for one in refunds) == 2
    assert abroad.shop_minor() == 6_00
    assert verify_ledger().passed
