"""Withdrawals: out of the wallet, in transit, paid or returned."""

import pytest

from config.kernel import timetable
from config.kernel.clock import now
from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from wallet.accounts.models import BankAnswer, BankCallback, BankInstruction, WalletUser, Withdrawal
from wallet.accounts.rules import InvalidState
from wallet.accounts.usecases.check_pin import PinLocked, PinWrong
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.process_callback import process_callback
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.usecases.request_topup import (
    AmountAboveMaximum,
    AmountOutOfRange,
    CurrencyUnsupported,
)
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.settle_withdrawal import settle_withdrawal
from wallet.accounts.values import BankResult, Disposition, WithdrawalState
from wallet.ledger import queries as ledger
from wallet.ledger.rules import AccountFrozen, InsufficientFunds

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> WalletUser:
    return make_user(balance_minor=500_00)


def withdraw(user: WalletUser, amount_minor: int, key: str = "w1", pin: str = PIN) -> Withdrawal:
    return request_withdrawal(user_id=user.id, key=key, amount_minor=amount_minor, pin=pin)[0]


def books(user: WalletUser) -> tuple[int, int, int]:
    """The user's available, in transit, and at the bank, in fen."""
    transit = ledger.balance(ledger.account_id("bank:payout_in_transit")).posted_minor
    bank = ledger.balance(ledger.account_id("asset:custodian_bank")).posted_minor
    return available_minor(user), transit, bank


def state(withdrawal: Withdrawal) -> str:
    withdrawal.refresh_from_db()
    return withdrawal.state


def test_takes_the_money_at_once_and_submits(user: WalletUser) -> None:
    withdrawal = withdraw(user, 200_00)
    assert withdrawal.state == WithdrawalState.SUBMITTED
    assert books(user) == (300_00, 200_00, 500_00)


def test_is_paid_when_the_bank_says_so(user: WalletUser) -> None:
    withdrawal = withdraw(user, 200_00)
    advance(seconds=2)
    assert state(withdrawal) == WithdrawalState.PAID
    assert books(user) == (300_00, 0, 300_00)


def test_returns_the_money_when_the_bank_refuses(user: WalletUser) -> None:
    withdrawal = withdraw(user, 200_91)
    advance(seconds=2)
    assert (state(withdrawal), withdrawal.reason) == (WithdrawalState.RETURNED, "declined_by_bank")
    assert books(user) == (500_00, 0, 500_00)


def test_pays_once_when_the_bank_answers_three_times(user: WalletUser) -> None:
    withdraw(user, 200_93)
    advance(minutes=1)
    assert books(user) == (299_07, 0, 299_07)
    assert OutboxEvent.objects.filter(topic="withdrawal.paid").count() == 1


def test_stays_paid_when_the_bank_contradicts_itself(user: WalletUser) -> None:
    withdrawal = withdraw(user, 200_96)
    advance(minutes=1)
    assert state(withdrawal) == WithdrawalState.PAID
    assert BankCallback.objects.last().disposition == Disposition.CONTRADICTED  # type: ignore[union-attr]


def test_is_flagged_once_when_the_bank_is_silent_for_two_days(user: WalletUser) -> None:
    withdrawal = withdraw(user, 200_95)
    advance(days=1, hours=23)
    assert OutboxEvent.objects.filter(topic="withdrawal.overdue").count() == 0
    advance(days=4)
    assert state(withdrawal) == WithdrawalState.SUBMITTED
    assert withdrawal.overdue_at is not None
    assert OutboxEvent.objects.filter(topic="withdrawal.overdue").count() == 1
    assert books(user) == (299_05, 200_95, 500_00)


def test_is_paid_even_after_it_was_flagged(user: WalletUser) -> None:
    withdrawal = withdraw(user, 200_95)
    advance(days=3)
    settle_withdrawal(subject_id=withdrawal.id, result=BankResult.SUCCEEDED)
    assert books(user) == (299_05, 0, 299_05)


def test_the_same_key_gives_the_first_one_again_without_a_pin_check(user: WalletUser) -> None:
    first = withdraw(user, 500_00)
    again, replayed = request_withdrawal(
        user_id=user.id, key="w1", amount_minor=500_00, pin="000000"
    )
    assert (again, replayed) == (first, True)
    assert books(user) == (0, 500_00, 500_00)


def test_the_same_key_for_another_amount_is_a_conflict(user: WalletUser) -> None:
    withdraw(user, 100_00)
    with pytest.raises(IdempotencyConflict):
        withdraw(user, 100_01)


def test_refuses_more_than_there_is_and_writes_nothing(user: WalletUser) -> None:
    with pytest.raises(InsufficientFunds):
        withdraw(user, 500_01)
    assert books(user) == (500_00, 0, 500_00)


@pytest.mark.parametrize(
    ("amount_minor", "error"),
    [(0, AmountOutOfRange), (-5, AmountOutOfRange), (200_000_01, AmountAboveMaximum)],
)
def test_refuses_an_amount(user: WalletUser, amount_minor: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        withdraw(user, amount_minor)


def test_refuses_another_currency(user: WalletUser) -> None:
    with pytest.raises(CurrencyUnsupported):
        request_withdrawal(user_id=user.id, key="w1", amount_minor=1, pin=PIN, currency="EUR")


def test_five_wrong_pins_lock_and_no_money_moves(user: WalletUser) -> None:
    for _ in range(4):
        with pytest.raises(PinWrong):
            withdraw(user, 100_00, pin="864200")
    for pin in ("864200", PIN):
        with pytest.raises(PinLocked):
            withdraw(user, 100_00, pin=pin)
    assert books(user) == (500_00, 0, 500_00)


def test_a_frozen_user_cannot_withdraw(user: WalletUser) -> None:
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    with pytest.raises(AccountFrozen):
        withdraw(user, 100_00)


def test_an_unverified_user_can_take_their_money_out(user: WalletUser) -> None:
    WalletUser.objects.filter(id=user.id).update(kyc_tier=0)
    assert withdraw(user, 100_00).state == WithdrawalState.SUBMITTED


def test_a_returned_withdrawal_reaches_a_frozen_account(user: WalletUser) -> None:
    withdraw(user, 200_91)
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    advance(seconds=2)
    assert available_minor(user) == 500_00


def test_the_bank_cannot_settle_what_was_never_submitted(user: WalletUser) -> None:
    withdrawal = withdraw(user, 100_00)
    Withdrawal.objects.filter(id=withdrawal.id).update(state=WithdrawalState.REVIEW)
    with pytest.raises(InvalidState):
        settle_withdrawal(subject_id=withdrawal.id, result=BankResult.SUCCEEDED)


def test_an_answer_in_another_amount_moves_nothing(user: WalletUser) -> None:
    withdrawal = withdraw(user, 100_00)
    instruction = BankInstruction.objects.get(subject_id=withdrawal.id)
    callback, _ = receive_callback(
        bank_reference="B1",
        instruction_id=instruction.id,
        amount_minor=1_00,
        currency="CNY",
        result=BankResult.SUCCEEDED,
        reason="",
        now=now(),
    )
    assert process_callback(callback_id=callback.id) == Disposition.MISMATCHED
    assert state(withdrawal) == WithdrawalState.SUBMITTED


def test_an_instruction_is_sent_to_the_bank_once(user: WalletUser) -> None:
    withdraw(user, 100_00)
    for _ in range(2):
        timetable.run("bank.send", now())
    assert BankAnswer.objects.count() == 1
