"""The fee that the database works out for a set of sales is the one of the rule."""

from itertools import product

import pytest

from merchants.terms.queries import fee_column
from merchants.terms.rules import payment_fee
from merchants.terms.values import FeeTerms
from tests.factories.settlement import make_merchant, make_payer, sell
from wallet.money import MAX_AMOUNT_MINOR
from wallet.payments.models import Payment

pytestmark = pytest.mark.django_db

AMOUNTS = (1, 131, 132, 9_999, 10_000, 65_789, 65_790, 10**9 + 7, MAX_AMOUNT_MINOR)
TERMS = [
    FeeTerms(rate, minimum, maximum, fixed)
    for rate, minimum, maximum, fixed in product(
        (0, 1, 38, 60, 9_999, 10_000), (0, 5), (None, 50), (0, 3)
    )
]


def test_is_the_same_for_any_amount_and_terms() -> None:
    sale = sell(make_merchant(), 10_00, payer=make_payer())
    row = Payment.objects.filter(id=sale.id)
    for amount_minor in AMOUNTS:
        row.update(amount_minor=amount_minor)
        columns = {f"fee{number}": fee_column(terms) for number, terms in enumerate(TERMS)}
        fees = list(row.values_list(*columns.values())[0])
        assert fees == [payment_fee(amount_minor, terms) for terms in TERMS]
