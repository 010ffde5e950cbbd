"""Money: what holds for every amount, weight and rate."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from config.kernel.errors import SaomaError
from wallet.money import (
    CURRENCIES,
    MAX_AMOUNT_MINOR,
    bps,
    format_amount,
    parse_amount,
    share,
)

amounts = st.integers(-MAX_AMOUNT_MINOR, MAX_AMOUNT_MINOR)
currencies = st.sampled_from(sorted(CURRENCIES))


@given(amounts, currencies)
def test_what_is_written_reads_back_the_same(amount_minor: int, currency: str) -> None:
    assert parse_amount(format_amount(amount_minor, currency), currency) == amount_minor


def read(text: str) -> int | str:
    """What a text is read as, or the code of the refusal."""
    try:
        return parse_amount(text, "CNY")
    except SaomaError as refused:
        return refused.code


@given(st.text(max_size=30) | st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{0,3})?", fullmatch=True))
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    answer = read(text)
    if isinstance(answer, str):
        assert answer in {"amount_invalid", "amount_precision"}
    else:
        assert Decimal(text) * 100 == answer


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any))
def test_shares_add_up_and_stay_within_one_unit_of_exact(
    total_minor: int, weights: list[int]
) -> None:
    parts = share(total_minor, weights)
    assert sum(parts) == total_minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total_minor * weight) < sum(weights)


@given(amounts, st.lists(st.integers(0, 40), min_size=1, max_size=8).filter(any))
def test_the_units_left_over_go_to_the_largest_remainders_the_earlier_first(
    total_minor: int, weights: list[int]
) -> None:
    """Hamilton's method, by fractions."""
    exact = [Fraction(abs(total_minor) * weight, sum(weights)) for weight in weights]
    parts = [floor(part) for part in exact]
    remainders = [part - floor(part) for part in exact]
    for _ in range(abs(total_minor) - sum(parts)):
        place = remainders.index(max(remainders))
        parts[place] += 1
        remainders[place] = Fraction(-1)
    sign = -1 if total_minor < 0 else 1
    assert share(total_minor, weights) == [sign * part for part in parts]


@given(amounts.filter(bool), st.permutations([1, 2, 3, 4]))
def test_a_heavier_weight_never_gets_less(total_minor: int, weights: list[int]) -> None:
    parts = dict(zip(weights, share(abs(total_minor), weights), strict=True))
    assert parts[1] <= parts[2] <= parts[3] <= parts[4]


@given(st.integers(0, MAX_AMOUNT_MINOR), st.integers(0, 10_000))
def test_a_rate_is_within_half_a_unit_of_exact(amount_minor: int, rate_bps: int) -> None:
    taken = bps(amount_minor, rate_bps)
    assert -5_000 < taken * 10_000 - amount_minor * rate_bps <= 5_000
    assert 0 <= taken <= amount_minor


@given(
    st.integers(0, 10**6),
    st.integers(0, 10_000),
    st.integers(0, 100),
    st.none() | st.integers(100, 10_000),
)
def test_a_rate_is_rounded_half_up_and_kept_within_its_bounds(
    amount_minor: int, rate_bps: int, minimum: int, maximum: int | None
) -> None:
    exact = (Decimal(amount_minor) * rate_bps / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    bounded = (
        max(int(exact), minimum) if maximum is None else min(max(int(exact), minimum), maximum)
    )
    assert bps(amount_minor, rate_bps, minimum, maximum) == bounded
    assert bps(amount_minor, rate_bps) == exact


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=20),
    st.integers(0, 200),
)
def test_a_fee_shared_over_refunds_never_exceeds_the_fee(refunds: list[int], rate_bps: int) -> None:
    fee = bps(sum(refunds), rate_bps)
    parts = share(fee, refunds)
    assert sum(parts) == fee
    assert all(0 <= part <= refund for part, refund in zip(parts, refunds, strict=True))
