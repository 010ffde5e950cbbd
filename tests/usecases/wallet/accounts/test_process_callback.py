"""The bank's inbox: stored first, acted on once, healed after a crash."""

import uuid
from typing import Any

import pytest
from pytest_django import Settings

from config.kernel import timetable
from config.kernel.clock import now
from config.kernel.ids import uuid7
from tests.factories.accounts import available_minor, make_topup, make_user
from tests.factories.clock import advance
from wallet.accounts.models import BankCallback, BankInstruction, Topup, WalletUser
from wallet.accounts.queries import ObjectUnknown
from wallet.accounts.tasks import process_stored_callback
from wallet.accounts.usecases.process_callback import process_callback
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.values import BankResult, Disposition, TopupState, UserState
from wallet.ledger import queries as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> WalletUser:
    return make_user()


@pytest.fixture
def topup(user: WalletUser) -> Topup:
    return make_topup(user, 100_00)


def receive(topup: Topup, reference: str = "B1", **change: Any) -> BankCallback:
    instruction = BankInstruction.objects.get(subject_id=topup.id)
    told = {
        "bank_reference": reference,
        "instruction_id": instruction.id,
        "amount_minor": topup.amount_minor,
        "currency": "CNY",
        "result": BankResult.SUCCEEDED,
        "reason": "",
        "now": now(),
    }
    return receive_callback(**{**told, **change})[0]


def suspense_minor() -> int:
    return ledger.balance(ledger.account_id("suspense:unmatched")).posted_minor


def test_receiving_moves_no_money(user: WalletUser, topup: Topup) -> None:
    callback = receive(topup)
    assert callback.processed_at is None
    assert available_minor(user) == 0


def test_a_known_bank_reference_is_stored_once(topup: Topup) -> None:
    assert receive(topup) == receive(topup, result=BankResult.FAILED)
    assert BankCallback.objects.get().result == BankResult.SUCCEEDED


def test_acting_on_it_twice_credits_once(user: WalletUser, topup: Topup) -> None:
    callback = receive(topup)
    for _ in range(2):
        assert process_callback(callback_id=callback.id) == Disposition.APPLIED
    assert available_minor(user) == 100_00


def test_two_references_for_one_instruction_credit_once(user: WalletUser, topup: Topup) -> None:
    first, second = receive(topup, "B1"), receive(topup, "B2")
    assert process_callback(callback_id=second.id) == Disposition.APPLIED
    assert process_callback(callback_id=first.id) == Disposition.REPEATED
    assert available_minor(user) == 100_00


def test_the_timetable_heals_a_worker_lost_between_callback_and_posting(
    user: WalletUser, topup: Topup
) -> None:
    # The callback is stored and whoever should have acted on it is gone.
    receive(topup)
    assert available_minor(user) == 0
    for _ in range(2):
        timetable.run("bank.process", now())
    assert available_minor(user) == 100_00


def test_a_topup_whose_answer_waits_in_the_inbox_does_not_expire(
    user: WalletUser, topup: Topup, settings: Settings
) -> None:
    settings.SAOMA_BANK_PROCESS_S = 3600
    receive(topup)
    advance(minutes=31)
    topup.refresh_from_db()
    assert topup.state == TopupState.PROCESSING
    advance(minutes=30)
    assert available_minor(user) == 100_00


def test_the_task_acts_on_one_callback_and_may_run_twice(user: WalletUser, topup: Topup) -> None:
    callback = receive(topup)
    for _ in range(2):
        assert process_stored_callback(callback_id=str(callback.id), from_the_future=1) == "APPLIED"
    assert available_minor(user) == 100_00


def test_an_unknown_callback_is_not_found() -> None:
    with pytest.raises(ObjectUnknown):
        process_callback(callback_id=uuid7())


def test_money_for_an_unknown_instruction_is_parked(topup: Topup) -> None:
    callback = receive(topup, instruction_id=uuid.uuid4())
    for _ in range(2):
        assert process_callback(callback_id=callback.id) == Disposition.UNMATCHED
    assert suspense_minor() == 100_00


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"result": BankResult.FAILED}, id="a refusal"),
        pytest.param({"currency": "USD"}, id="a currency we hold no account in"),
    ],
)
def test_nothing_is_parked_for(topup: Topup, change: dict[str, str]) -> None:
    callback = receive(topup, instruction_id=uuid.uuid4(), **change)
    assert process_callback(callback_id=callback.id) == Disposition.UNMATCHED
    callback.refresh_from_db()
    assert callback.journal_id is None


def test_money_in_another_amount_is_parked_and_credits_nobody(
    user: WalletUser, topup: Topup
) -> None:
    callback = receive(topup, amount_minor=1_000_00)
    assert process_callback(callback_id=callback.id) == Disposition.MISMATCHED
    assert available_minor(user) == 0
    assert suspense_minor() == 1_000_00


def test_money_for_a_closed_account_is_parked(user: WalletUser, topup: Topup) -> None:
    WalletUser.objects.filter(id=user.id).update(state=UserState.CLOSED)
    callback = receive(topup)
    assert process_callback(callback_id=callback.id) == Disposition.LATE
    assert suspense_minor() == 100_00


@pytest.mark.parametrize("state", [TopupState.FAILED, TopupState.EXPIRED])
def test_a_refusal_after_the_end_changes_nothing(topup: Topup, state: TopupState) -> None:
    Topup.objects.filter(id=topup.id).update(state=state)
    callback = receive(topup, result=BankResult.FAILED)
    assert process_callback(callback_id=callback.id) == Disposition.REPEATED


def test_two_late_answers_park_the_money_once(topup: Topup) -> None:
    Topup.objects.filter(id=topup.id).update(state=TopupState.EXPIRED)
    for reference in ("B1", "B2"):
        callback = receive(topup, reference)
        assert process_callback(callback_id=callback.id) == Disposition.LATE
    assert suspense_minor() == 100_00
