"""What an amount costs and what goes back: rounded once, to the unit, in every currency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.exchange.rules import (
    CurrencyNotExchanged,
    ExchangeAmountInvalid,
    check_currency,
    price_minor,
    rate_text,
    returned_minor,
)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "rate_micro", "markup_bps", "fen"),
    [
        (20_00, "EUR", 7_850_000, 150, 159_36),  # 159.355, half up
        (20_00, "EUR", 7_850_000, 0, 157_00),
        (1_000, "JPY", 48_200, 0, 48_20),  # yen have no decimals
        (1, "JPY", 48_200, 0, 5),
        (1_000, "KWD", 23_450_000, 0, 23_45),  # dinars have three
        (1, "KWD", 23_450_000, 0, 2),
    ],
)
def test_an_amount_is_priced_with_its_own_currencys_decimals(
    amount_minor: int, currency: str, rate_micro: int, markup_bps: int, fen: int
) -> None:
    priced = price_minor(amount_minor, currency, rate_micro=rate_micro, markup_bps=markup_bps)
    assert priced == fen


@pytest.mark.parametrize("amount_minor", [0, -1, 10**10 + 1])
def test_what_is_no_amount_has_no_price(amount_minor: int) -> None:
    with pytest.raises(ExchangeAmountInvalid):
        price_minor(amount_minor, "EUR", rate_micro=7_850_000, markup_bps=0)


def test_less_than_a_fen_has_no_price() -> None:
    with pytest.raises(ExchangeAmountInvalid):
        price_minor(1, "JPY", rate_micro=1_000, markup_bps=0)


@pytest.mark.parametrize("currency", ["CNY", "XXX", "CHF", ""])
def test_nothing_is_exchanged_into_yuan_or_what_has_no_rate(currency: str) -> None:
    with pytest.raises(CurrencyNotExchanged):
        check_currency(currency)


def test_a_rate_is_written_with_six_decimals() -> None:
    assert [rate_text(7_850_000), rate_text(48_200)] == ["7.850000", "0.048200"]


@given(
    paid_minor=st.integers(1, 10**9),
    parts=st.lists(st.integers(1, 10**6), min_size=1, max_size=12),
)
def test_parts_of_any_size_add_up_to_what_was_paid(paid_minor: int, parts: list[int]) -> None:
    amount_minor, refunded_minor, back = sum(parts), 0, []
    for part in parts:
        back.append(
            returned_minor(
                part,
                amount_minor=amount_minor,
                refunded_minor=refunded_minor,
                paid_minor=paid_minor,
            )
        )
        refunded_minor += part
        # Never more than half a fen away from the rate, and never below zero.
        assert abs(2 * (sum(back) * amount_minor - paid_minor * refunded_minor)) <= amount_minor
    assert min(back) >= 0
    assert sum(back) == paid_minor
