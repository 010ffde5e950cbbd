"""A top-up from request to end, the bank behaving in every way it can.

The clock is advanced; the timetable sends, lets the bank speak and acts on its words,
as in production. Money is read from the books.
"""

import pytest

from config.kernel import timetable
from config.kernel.clock import now
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import available_minor, make_topup, make_user
from tests.factories.clock import advance
from wallet.accounts import bank
from wallet.accounts.models import BankAnswer, BankCallback, BankInstruction, Topup, WalletUser
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.values import Disposition, TopupState
from wallet.ledger import queries as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> WalletUser:
    return make_user()


def state(topup: Topup) -> str:
    topup.refresh_from_db()
    return topup.state


def suspense_minor() -> int:
    return ledger.balance(ledger.account_id("suspense:unmatched")).posted_minor


def dispositions() -> list[str]:
    return list(BankCallback.objects.order_by("id").values_list("disposition", flat=True))


def test_goes_from_created_over_processing_to_succeeded(user: WalletUser) -> None:
    topup = make_topup(user, 100_00)
    assert state(topup) == TopupState.CREATED
    timetable.run("bank.send", now())
    assert state(topup) == TopupState.PROCESSING
    advance(seconds=2)
    assert state(topup) == TopupState.SUCCEEDED
    assert available_minor(user) == 100_00


def test_credits_the_wallet_from_the_custodian_bank(user: WalletUser) -> None:
    topup = make_topup(user, 100_00)
    advance(seconds=2)
    topup.refresh_from_db()
    assert topup.journal_id is not None
    (journal,) = ledger.journals_for(f"topup:{topup.id}")
    assert journal.id == topup.journal_id
    assert ledger.balance(ledger.account_id("asset:custodian_bank")).posted_minor == 100_00


def test_tells_of_its_success_once(user: WalletUser) -> None:
    topup = make_topup(user, 100_93)
    advance(minutes=1)
    (event,) = OutboxEvent.objects.filter(topic="topup.succeeded")
    assert event.payload == {
        "topup_id": str(topup.id),
        "amount_minor": 100_93,
        "currency": "CNY",
    }


def test_fails_when_the_bank_declines(user: WalletUser) -> None:
    topup = make_topup(user, 100_91)
    advance(minutes=1)
    assert (state(topup), topup.reason) == (TopupState.FAILED, "declined_by_bank")
    assert available_minor(user) == 0


def test_waits_for_a_slow_bank(user: WalletUser) -> None:
    topup = make_topup(user, 100_92)
    advance(minutes=4)
    assert state(topup) == TopupState.PROCESSING
    advance(minutes=2)
    assert state(topup) == TopupState.SUCCEEDED


def test_credits_once_when_the_bank_answers_three_times(user: WalletUser) -> None:
    make_topup(user, 100_93)
    advance(minutes=1)
    assert available_minor(user) == 100_93
    assert BankAnswer.objects.filter(given_at__isnull=False).count() == 3
    assert dispositions() == [Disposition.APPLIED, Disposition.REPEATED]


def test_parks_money_that_comes_after_the_expiry(user: WalletUser) -> None:
    topup = make_topup(user, 100_94)
    advance(minutes=31)
    assert state(topup) == TopupState.EXPIRED
    advance(hours=24)
    assert state(topup) == TopupState.EXPIRED
    assert available_minor(user) == 0
    assert suspense_minor() == 100_94
    assert dispositions() == [Disposition.LATE]


def test_expires_when_the_bank_never_answers(user: WalletUser) -> None:
    topup = make_topup(user, 100_95)
    advance(minutes=29, seconds=59)
    assert state(topup) == TopupState.PROCESSING
    advance(seconds=1)
    assert (state(topup), topup.reason) == (TopupState.EXPIRED, "no_answer")


def test_keeps_the_credit_when_the_bank_contradicts_itself(user: WalletUser) -> None:
    topup = make_topup(user, 100_96)
    advance(minutes=1)
    assert state(topup) == TopupState.SUCCEEDED
    assert available_minor(user) == 100_96
    assert dispositions() == [Disposition.APPLIED, Disposition.CONTRADICTED]


def test_money_comes_in_while_the_account_is_frozen(user: WalletUser) -> None:
    topup = make_topup(user, 100_00)
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    advance(seconds=2)
    assert state(topup) == TopupState.SUCCEEDED
    assert available_minor(user) == 100_00


def test_is_not_sent_when_it_expired_before_the_worker_came_back(user: WalletUser) -> None:
    topup = make_topup(user, 100_00)
    Topup.objects.filter(id=topup.id).update(state=TopupState.EXPIRED)
    advance(minutes=1)
    assert not BankAnswer.objects.exists()
    assert available_minor(user) == 0


def test_the_bank_takes_an_instruction_once(user: WalletUser) -> None:
    make_topup(user, 100_00)
    instruction = BankInstruction.objects.get()
    assert bank.SimulatedBank().accept(instruction, at=now()) == 1
    assert bank.SimulatedBank().accept(instruction, at=now()) == 0
    assert BankAnswer.objects.count() == 1
