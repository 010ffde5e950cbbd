"""The tables of moves are the only truth about states."""

import pytest

from wallet.accounts.rules import InvalidState, check_move
from wallet.accounts.values import (
    TOPUP_MOVES,
    WITHDRAWAL_MOVES,
    TopupState,
    WithdrawalState,
)


def test_every_state_has_its_row() -> None:
    assert set(TOPUP_MOVES) == set(TopupState)
    assert set(WITHDRAWAL_MOVES) == set(WithdrawalState)


def test_what_is_over_stays_over() -> None:
    over = {state for state, moves in TOPUP_MOVES.items() if not moves}
    assert over == {TopupState.SUCCEEDED, TopupState.FAILED, TopupState.EXPIRED}
    over_too = {state for state, moves in WITHDRAWAL_MOVES.items() if not moves}
    assert over_too == {WithdrawalState.PAID, WithdrawalState.RETURNED}


def test_every_state_but_the_first_can_be_reached() -> None:
    assert set().union(*TOPUP_MOVES.values()) == set(TopupState) - {TopupState.CREATED}
    reached = set().union(*WITHDRAWAL_MOVES.values())
    assert reached == set(WithdrawalState) - {WithdrawalState.CREATED}


@pytest.mark.parametrize("present", TopupState)
@pytest.mark.parametrize("target", TopupState)
def test_allows_exactly_the_moves_of_the_table(present: TopupState, target: TopupState) -> None:
    if target in TOPUP_MOVES[present]:
        check_move(TOPUP_MOVES, present, target)
    else:
        with pytest.raises(InvalidState):
            check_move(TOPUP_MOVES, present, target)
