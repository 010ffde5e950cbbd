"""A payer pays yuan, a merchant gets euros, yen or dinars; what goes back goes at that rate."""

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from merchants.exchange import rules
from merchants.exchange import values as rates
from merchants.exchange.models import FxPayment, FxRefund
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.factories.exchange import Abroad
from tests.factories.settlement import make_payer
from wallet.ledger.queries import trial_balance
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.public import InsufficientFunds, PayeeIsPayer, RefundConflict, RefundExceedsPaid

pytestmark = pytest.mark.django_db


def test_twenty_euros_leave_yuan_and_a_full_refund_leaves_nobody_a_gain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abroad = Abroad()
    payment = abroad.take(abroad.quote(20_00))
    assert (payment.paid_minor, abroad.shop_minor()) == (159_36, 20_00)
    assert available_minor(abroad.buyer) == 1_000_00 - 159_36
    # Debit balances are what the position lacks: it has yuan, and owes euros.
    assert [abroad.position_minor(one) for one in ("CNY", "EUR")] == [-159_36, 20_00]
    assert verify_ledger().passed
    monkeypatch.setitem(rates.LAB_RATES_MICRO, "EUR", 9_000_000)
    assert abroad.refund(20_00).returned_minor == 159_36
    assert (available_minor(abroad.buyer), abroad.shop_minor()) == (1_000_00, 0)
    assert [abroad.position_minor(one) for one in ("CNY", "EUR")] == [0, 0]
    assert verify_ledger().passed


def test_a_quote_is_taken_once_in_its_minutes_for_its_amount() -> None:
    abroad = Abroad()
    quote = abroad.quote(20_00)
    with pytest.raises(rules.QuoteChanged):
        abroad.take(quote, amount_minor=19_99)
    first = abroad.take(quote, "k")
    advance(minutes=11)
    assert abroad.take(quote, "k").id == first.id
    with pytest.raises(rules.QuoteUsed):
        abroad.take(quote, "other")
    with pytest.raises(rules.QuoteUsed):
        abroad.take(quote, "k", amount_minor=1_00)
    late = abroad.quote(5_00, "o-2")
    advance(minutes=10)
    with pytest.raises(rules.QuoteExpired):
        abroad.take(late)
    assert FxPayment.objects.count() == 1


def test_an_order_is_paid_with_one_of_its_quotes() -> None:
    abroad = Abroad()
    one, other = abroad.quote(20_00), abroad.quote(20_00)
    abroad.take(one, "a")
    with pytest.raises(rules.OrderTaken):
        abroad.take(other, "b")
    with pytest.raises(rules.OrderTaken):
        abroad.quote(20_00)
    assert available_minor(abroad.buyer) == 1_000_00 - 159_36
    assert verify_ledger().passed


def test_who_has_too_little_or_owns_the_shop_pays_nothing() -> None:
    abroad = Abroad()
    with pytest.raises(InsufficientFunds):
        abroad.take(abroad.quote(200_00))
    abroad.shop.owner_id = abroad.buyer.id
    abroad.shop.save()
    with pytest.raises(PayeeIsPayer):
        abroad.take(abroad.quote(20_00, "o-2"))
    abroad.buyer = make_payer(0)
    assert (FxPayment.objects.count(), abroad.shop_minor()) == (0, 0)


def test_a_refund_is_made_once_and_never_beyond_what_was_paid() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    assert abroad.refund(5_00).id == abroad.refund(5_00).id
    with pytest.raises(RefundConflict):
        abroad.refund(6_00)
    for too_much in (15_01, 0):
        with pytest.raises(RefundExceedsPaid):
            abroad.refund(too_much, "r-2")
    assert abroad.shop_minor() == 15_00


def test_a_refund_names_an_order_that_was_paid_and_its_currency() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    with pytest.raises(rules.ExchangeUnknown):
        abroad.refund(5_00, order="o-9")
    abroad.currency = "USD"
    with pytest.raises(rules.ExchangeCurrencyMismatch):
        abroad.refund(5_00)
    assert not FxRefund.objects.exists()


def test_the_labs_rates_are_quoted_in_the_lab_alone() -> None:
    abroad = Abroad()
    with override_settings(LAB_MODE=False), pytest.raises(rules.RateUnavailable):
        abroad.quote(20_00)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    amount_minor=st.integers(1, 3_000),
    parts=st.lists(st.integers(1, 2_000), min_size=1, max_size=5),
)
def test_any_row_of_refunds_gives_back_at_most_what_was_paid_and_the_books_balance(
    currency: str, amount_minor: int, parts: list[int]
) -> None:
    abroad = Abroad(currency)
    payment = abroad.take(abroad.quote(amount_minor))
    left = amount_minor
    for number, part in enumerate(parts):
        if part <= left:
            abroad.refund(part, f"r-{number}")
            left -= part
        else:
            with pytest.raises(RefundExceedsPaid):
                abroad.refund(part, f"r-{number}")
    payment.refresh_from_db()
    rows = FxRefund.objects.filter(payment=payment)
    assert sum(row.returned_minor for row in rows) == payment.returned_minor <= payment.paid_minor
    assert sum(row.amount_minor for row in rows) == payment.refunded_minor == amount_minor - left
    assert (left == 0) <= (payment.returned_minor == payment.paid_minor)
    assert available_minor(abroad.buyer) == 1_000_00 - payment.paid_minor + payment.returned_minor
    assert abroad.shop_minor() == left
    assert not any(trial_balance().values())
    assert verify_ledger().passed
