"""The bank and the customer at once: one credit, one debit, one row. On PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections

from config.kernel import clock
from config.kernel.errors import SaomaError
from config.kernel.ids import uuid7
from tests.factories.accounts import PASSWORD, PIN, available_minor, make_topup, make_user
from wallet.accounts.models import BankCallback, BankInstruction, Topup, WalletUser, Withdrawal
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.consume_limit import consume_limit
from wallet.accounts.usecases.process_callback import process_callback, process_due_callbacks
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.usecases.register_device import register_device
from wallet.accounts.usecases.register_user import register_user
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.send_instructions import send_instructions
from wallet.accounts.values import BankResult, Disposition
from wallet.ledger import queries as ledger

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


@pytest.fixture(autouse=True)
def close_after() -> Iterator[None]:
    yield
    connection.close()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run each deed in its own thread from one starting gun; results or refusals."""
    gun = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(index: int, deed: Callable[[], Any]) -> None:
        gun.wait()
        try:
            results[index] = deed()
        except SaomaError as error:
            results[index] = error.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def receive(topup: Topup, reference: str) -> BankCallback:
    instruction = BankInstruction.objects.get(subject_id=topup.id)
    return receive_callback(
        bank_reference=reference,
        instruction_id=instruction.id,
        amount_minor=topup.amount_minor,
        currency=topup.currency,
        result=BankResult.SUCCEEDED,
        reason="",
        now=clock.now(),
    )[0]


def test_one_callback_processed_by_eight_workers_credits_once() -> None:
    user = make_user()
    callback = receive(make_topup(user, 100_00), "B1")
    results = at_once(*[partial(process_callback, callback_id=callback.id)] * AT_ONCE)
    assert set(results) == {Disposition.APPLIED}
    assert available_minor(user) == 100_00


def test_eight_answers_under_eight_references_credit_once() -> None:
    user = make_user()
    topup = make_topup(user, 100_00)
    ids = [receive(topup, f"B{n}").id for n in range(AT_ONCE)]
    results = at_once(*[partial(process_callback, callback_id=one) for one in ids])
    assert sorted(results) == [Disposition.APPLIED] + [Disposition.REPEATED] * (AT_ONCE - 1)
    assert available_minor(user) == 100_00
    assert len(list(ledger.journals_for(f"topup:{topup.id}"))) == 1


def test_one_answer_received_eight_times_at_once_is_one_row() -> None:
    topup = make_topup(make_user(), 100_00)
    results = at_once(*[partial(receive, topup, "B1")] * AT_ONCE)
    assert len({callback.id for callback in results}) == 1
    assert BankCallback.objects.count() == 1


def test_two_timetables_at_once_credit_once() -> None:
    user = make_user()
    for n in range(5):
        receive(make_topup(user, 10_00), f"B{n}")
    at_once(*[partial(process_due_callbacks, now=clock.now())] * 4)
    assert available_minor(user) == 50_00


def test_two_senders_at_once_send_each_instruction_once() -> None:
    user = make_user()
    for _ in range(5):
        make_topup(user, 10_00)
    sent = at_once(*[partial(send_instructions, now=clock.now())] * 4)
    assert sum(sent) == 5


def test_one_request_key_eight_times_at_once_is_one_topup() -> None:
    user = make_user()
    ask = partial(request_topup, user_id=user.id, key="k1", amount_minor=100)
    assert len({topup.id for topup, _ in at_once(*[ask] * AT_ONCE)}) == 1
    assert Topup.objects.filter(user=user).count() == 1
    assert BankInstruction.objects.count() == 1


def test_one_withdrawal_key_eight_times_at_once_debits_once() -> None:
    user = make_user(balance_minor=500_00)
    results = at_once(*[partial(withdraw, user, "w1", 100_00)] * AT_ONCE)
    assert len(set(results)) == 1
    assert available_minor(user) == 400_00


def test_eight_withdrawals_of_what_is_enough_for_three() -> None:
    user = make_user(balance_minor=350_00)
    results = at_once(*[partial(withdraw, user, f"w{n}", 100_00) for n in range(AT_ONCE)])
    assert results.count("insufficient_funds") == 5
    assert Withdrawal.objects.count() == 3
    assert available_minor(user) == 50_00


def withdraw(user: WalletUser, key: str, amount_minor: int) -> Any:
    return request_withdrawal(user_id=user.id, key=key, amount_minor=amount_minor, pin=PIN)[0].id


def test_parallel_guesses_get_no_more_than_five_tries() -> None:
    user = make_user(kyc_tier=0)
    guess = partial(check_pin, user_id=user.id, pin="864200")
    results = at_once(*[guess] * 12)
    assert results.count("pin_wrong") == 4
    assert results.count("pin_locked") == 8


def test_one_phone_number_registered_eight_times_at_once_is_one_user() -> None:
    ask = partial(register_user, phone="13800138000", name="Li", password=PASSWORD, pin=PIN)
    results = at_once(*[ask] * AT_ONCE)
    assert results.count("phone_taken") == AT_ONCE - 1
    assert WalletUser.objects.count() == 1


def test_twelve_devices_at_once_stop_at_ten() -> None:
    user = make_user(kyc_tier=0)
    results = at_once(*[partial(register_device, user_id=user.id, label=f"{n}") for n in range(12)])
    assert results.count("too_many_devices") == 2


def test_outgoing_money_counted_at_once_stops_at_the_limit() -> None:
    user = make_user(kyc_tier=1)
    pay = partial(consume_limit, user_id=user.id, amount_minor=300_00)
    results = at_once(*[pay] * AT_ONCE)
    assert results.count("kyc_limit") == AT_ONCE - 3


def test_money_for_nobody_parked_at_once_is_parked_once() -> None:
    topup = make_topup(make_user(), 100_00)
    callback = receive(topup, "B1")
    BankCallback.objects.filter(id=callback.id).update(instruction_id=uuid7())
    at_once(*[partial(process_callback, callback_id=callback.id)] * AT_ONCE)
    assert ledger.balance(ledger.account_id("suspense:unmatched")).posted_minor == 100_00
