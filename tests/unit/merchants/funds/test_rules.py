"""Transfers from a merchant's balance: limits, names, states."""

from datetime import date
from itertools import product

import pytest

from merchants.funds import rules
from merchants.funds.values import (
    TRANSITIONS,
    Order,
    Payee,
    PayeeNamedBy,
    TransferKind,
    TransferState,
)

LI = Payee(PayeeNamedBy.NUMBER, "2088000000000001")


@pytest.mark.parametrize("amount_minor", [10, 1_000])
def test_an_amount_within_the_limits_may_be_sent(amount_minor: int) -> None:
    rules.check_amount(amount_minor, maximum_minor=1_000)


@pytest.mark.parametrize(
    ("amount_minor", "refusal"), [(9, rules.AmountTooSmall), (1_001, rules.AmountTooLarge)]
)
def test_an_amount_out_of_them_may_not(amount_minor: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_amount(amount_minor, maximum_minor=1_000)


def test_a_days_limit_holds_to_the_fen_and_none_is_none() -> None:
    rules.check_day(sent_minor=90, amount_minor=10, limit_minor=100)
    rules.check_day(sent_minor=10**12, amount_minor=10**12, limit_minor=0)
    with pytest.raises(rules.DayLimitPassed) as refused:
        rules.check_day(sent_minor=90, amount_minor=11, limit_minor=100)
    assert refused.value.fields["remaining_minor"] == 10


def test_a_limit_that_was_lowered_leaves_nothing_and_not_less() -> None:
    with pytest.raises(rules.DayLimitPassed) as refused:
        rules.check_day(sent_minor=90, amount_minor=1, limit_minor=50)
    assert refused.value.fields["remaining_minor"] == 0


def test_a_name_is_checked_where_it_is_given() -> None:
    rules.check_name("", "李华")
    rules.check_name("李华 ", "李华")
    with pytest.raises(rules.PayeeNameDiffers):
        rules.check_name("李", "李华")


def test_a_number_stands_for_one_transfer_whatever_is_written_on_it() -> None:
    order = Order("A", TransferKind.WALLET, LI, 100, title="wages")
    again = Order("A", TransferKind.WALLET, LI, 100, title="other words")
    rules.check_same(rules.content(order), rules.content(again))
    with pytest.raises(rules.TransferConflict):
        rules.check_same(
            rules.content(order), rules.content(Order("A", TransferKind.WALLET, LI, 101))
        )


@pytest.mark.parametrize("pair", list(product(TransferState, TransferState)), ids=str)
def test_only_the_moves_of_the_table_are_moves(pair: tuple[TransferState, TransferState]) -> None:
    present, to = pair
    if to in TRANSITIONS[present]:
        assert rules.check_transition(present.value, to) is to
        return
    with pytest.raises(rules.TransferStateForbids):
        rules.check_transition(present.value, to)


def test_a_wallet_has_the_money_at_once_and_a_card_when_the_bank_says_so() -> None:
    assert rules.first_state(TransferKind.WALLET) is TransferState.SUCCEEDED
    assert rules.first_state(TransferKind.BANK_CARD) is TransferState.PROCESSING


def test_a_transfers_number_has_thirty_two_digits_its_day_first() -> None:
    made = rules.number(date(2026, 3, 1), "0123456789012345")
    assert (len(made), made[:8], made.isdigit()) == (32, "20260301", True)
