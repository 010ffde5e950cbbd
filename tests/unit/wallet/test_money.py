"""Money at the edge: reading, writing, sharing out, taking a rate."""

from decimal import Decimal

import pytest

from config.kernel.errors import InvariantBroken
from wallet.money import (
    CURRENCIES,
    MAX_AMOUNT_MINOR,
    AmountInvalid,
    AmountPrecision,
    CurrencyUnknown,
    bps,
    exponent,
    format_amount,
    parse_amount,
    share,
)


@pytest.mark.parametrize(
    ("text", "currency", "amount_minor"),
    [
        ("12.00", "CNY", 1200),
        ("12", "CNY", 1200),
        ("0.01", "CNY", 1),
        ("12.3", "CNY", 1230),
        ("-12.30", "CNY", -1230),
        ("0", "CNY", 0),
        ("007.50", "CNY", 750),
        (12, "CNY", 1200),
        (Decimal("12.34"), "CNY", 1234),
        (Decimal("1E+2"), "CNY", 10000),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        ("10000000000000.00", "CNY", MAX_AMOUNT_MINOR),
    ],
)
def test_reads_major_units_as_minor(
    text: str | Decimal | int, currency: str, amount_minor: int
) -> None:
    assert parse_amount(text, currency) == amount_minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [("12.001", "CNY"), ("12.000", "CNY"), ("1.0", "JPY"), ("1.2345", "KWD")],
)
def test_refuses_more_decimals_than_the_currency_has(text: str, currency: str) -> None:
    with pytest.raises(AmountPrecision) as refused:
        parse_amount(text, currency)
    assert refused.value.field == "amount"
    assert refused.value.fields == {"amount": text, "decimals": exponent(currency)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12.",
        ".5",
        "+1",
        "--1",
        "1e3",
        "1E400",
        "0x10",
        "1_000",
        "1,000.00",
        "NaN",
        "Infinity",
        "１２",
        "١٢",
        "12 ",
        "12\n",
        "1.2.3",
        "9" * 40,
        "10000000000000.01",
        True,
        1.5,
        None,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+50"),
    ],
)
def test_refuses_what_is_no_plain_number(text: str) -> None:
    with pytest.raises(AmountInvalid) as refused:
        parse_amount(text, "CNY")
    assert refused.value.field == "amount"


def test_a_refusal_repeats_no_more_of_a_text_than_helps() -> None:
    with pytest.raises(AmountInvalid) as refused:
        parse_amount("x" * 100, "CNY")
    assert refused.value.fields == {"amount": "x" * 32}
    with pytest.raises(AmountInvalid) as huge:
        parse_amount("-" + "9" * 18 + ".00", "CNY")
    assert huge.value.fields == {"amount": "-" + "9" * 18 + ".00"}
    with pytest.raises(AmountPrecision) as precise:
        parse_amount("-" + "1" * 18 + "." + "0" * 18, "KWD")
    assert precise.value.fields == {"amount": "-" + "1" * 18 + "." + "0" * 18, "decimals": 3}
    with pytest.raises(CurrencyUnknown) as unknown:
        parse_amount("1", "X" * 100)
    assert unknown.value.fields == {"currency": "X" * 8}


@pytest.mark.parametrize("currency", ["", "cny", "XXX", "CNYY", "人民币"])
def test_refuses_an_unknown_currency(currency: str) -> None:
    with pytest.raises(CurrencyUnknown) as refused:
        parse_amount("1", currency)
    assert refused.value.field == "currency"


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (1200, "CNY", "12.00"),
        (1, "CNY", "0.01"),
        (0, "CNY", "0.00"),
        (-5, "CNY", "-0.05"),
        (1200, "JPY", "1200"),
        (1234, "KWD", "1.234"),
        (MAX_AMOUNT_MINOR, "CNY", "10000000000000.00"),
    ],
)
def test_writes_all_the_decimals_of_the_currency(
    amount_minor: int, currency: str, text: str
) -> None:
    assert format_amount(amount_minor, currency) == text


def test_refuses_to_write_an_unknown_currency() -> None:
    with pytest.raises(CurrencyUnknown):
        format_amount(1, "???")


@pytest.mark.parametrize(
    ("code", "places", "numeric"),
    [("CNY", 2, "156"), ("JPY", 0, "392"), ("KWD", 3, "414"), ("USD", 2, "840"), ("CLF", 4, "990")],
)
def test_knows_iso_4217(code: str, places: int, numeric: str) -> None:
    assert exponent(code) == places
    assert CURRENCIES[code].numeric == numeric


def test_the_currency_table_is_well_formed() -> None:
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert all(len(c.numeric) == 3 and c.numeric.isdigit() for c in CURRENCIES.values())


@pytest.mark.parametrize(
    ("total_minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 1], [50, 50]),
        (1, [1, 1, 1], [1, 0, 0]),
        (2, [5, 3, 2], [1, 1, 0]),
        (10, [0, 1], [0, 10]),
        (0, [1, 2], [0, 0]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [7], [5]),
    ],
)
def test_shares_out_by_largest_remainder(
    total_minor: int, weights: list[int], parts: list[int]
) -> None:
    assert share(total_minor, weights) == parts


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2], [0]])
def test_weights_that_share_nothing_are_a_bug(weights: list[int]) -> None:
    with pytest.raises(InvariantBroken, match=r"^weights are not negative and not all zero$"):
        share(1, weights)


@pytest.mark.parametrize(
    ("amount_minor", "rate_bps", "taken"),
    [
        (100_00, 60, 60),
        (100, 50, 1),  # half a fen rounds up
        (99, 50, 0),
        (0, 60, 0),
        (100_00, 0, 0),
        (100_00, 10_000, 100_00),
    ],
)
def test_takes_basis_points_half_up(amount_minor: int, rate_bps: int, taken: int) -> None:
    assert bps(amount_minor, rate_bps) == taken


def test_keeps_a_rate_between_its_bounds() -> None:
    assert bps(100, 60, minimum=10) == 10
    assert bps(100_000_00, 60, maximum=50_00) == 50_00
    assert bps(100_00, 60, minimum=10, maximum=50_00) == 60


@pytest.mark.parametrize(("amount_minor", "rate_bps"), [(-1, 60), (1, -60)])
def test_a_rate_of_what_is_negative_is_a_bug(amount_minor: int, rate_bps: int) -> None:
    with pytest.raises(InvariantBroken, match=r"^a rate is taken of what is not negative$"):
        bps(amount_minor, rate_bps)
