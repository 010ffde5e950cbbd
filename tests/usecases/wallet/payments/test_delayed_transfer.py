"""A first large transfer to somebody new waits a day and may be called back.

Li holds 5,000.00; from 2,000.00 on a transfer to Mei, whom he never paid, waits 24 hours.
"""

from datetime import timedelta

import pytest

from config.kernel import clock, timetable
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import PIN, available_minor, make_user
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.close_user import WalletNotEmpty, close_user
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.payments import rules
from wallet.payments.usecases.end_transfer import TransferEnded, cancel_transfer
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import TransferState, TransferView

pytestmark = pytest.mark.django_db

JOB = "payments.deliver_transfers"


@pytest.fixture
def li() -> WalletUser:
    return make_user(balance_minor=5_000_00)


@pytest.fixture
def mei() -> WalletUser:
    return make_user(name="Mei")


def send(payer: WalletUser, payee: WalletUser, amount_minor: int, key: str = "K") -> TransferView:
    return transfer_money(
        key=key, payer_id=payer.id, payee_phone=payee.phone, amount_minor=amount_minor, pin=PIN
    ).transfer


def a_day_later(monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_a_first_large_sum_waits_and_arrives_after_a_day(
    li: WalletUser, mei: WalletUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = send(li, mei, 2_000_00)
    assert transfer.state is TransferState.DELAYED
    assert transfer.due_at == transfer.created_at + timedelta(hours=24)
    assert (available_minor(li), available_minor(mei)) == (3_000_00, 0)
    assert timetable.run(JOB, clock.now()) == 0
    a_day_later(monkeypatch)
    assert (timetable.run(JOB, clock.now()), timetable.run(JOB, clock.now())) == (1, 0)
    assert (available_minor(li), available_minor(mei)) == (3_000_00, 2_000_00)
    assert send(li, mei, 2_000_00, key="K2").state is TransferState.SUCCEEDED
    topics = OutboxEvent.objects.values_list("topic", flat=True)
    assert {"transfer.delayed", "transfer.succeeded"} <= set(topics)


def test_slices_of_a_large_sum_wait_as_the_whole_would(li: WalletUser, mei: WalletUser) -> None:
    assert send(li, mei, 1_99, key="bait").state is TransferState.SUCCEEDED
    assert send(li, mei, 1_998_00, key="slice").state is TransferState.SUCCEEDED
    assert send(li, mei, 1, key="last").state is TransferState.DELAYED


def test_one_called_back_gives_money_and_room_back_once(li: WalletUser, mei: WalletUser) -> None:
    transfer = send(li, mei, 3_000_00)
    for changed in (True, False):
        outcome = cancel_transfer(payer_id=li.id, transfer_id=transfer.id)
        assert (outcome.transfer.state, outcome.changed) == (TransferState.CANCELLED, changed)
    assert available_minor(li) == 5_000_00
    assert accounts.limits(li.id).yearly_used_minor == 0


def test_only_its_payer_calls_it_back_and_only_before_it_arrives(
    li: WalletUser, mei: WalletUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = send(li, mei, 2_000_00)
    with pytest.raises(rules.TransferUnknown):
        cancel_transfer(payer_id=mei.id, transfer_id=transfer.id)
    a_day_later(monkeypatch)
    with pytest.raises(TransferEnded):
        cancel_transfer(payer_id=li.id, transfer_id=transfer.id)


@pytest.mark.parametrize("side", ["payer", "payee"])
def test_a_frozen_side_sends_it_back(
    li: WalletUser, mei: WalletUser, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(li, mei, 2_000_00)
    frozen = li if side == "payer" else mei
    freeze_user(user_id=frozen.id, reason="stolen phone", actor="operator:1")
    a_day_later(monkeypatch)
    assert timetable.run(JOB, clock.now()) == 1
    assert (available_minor(li), available_minor(mei)) == (5_000_00, 0)
    assert OutboxEvent.objects.filter(topic="transfer.returned").count() == 1


def test_a_wallet_is_not_closed_over_a_transfer_on_its_way(li: WalletUser, mei: WalletUser) -> None:
    send(li, mei, 5_000_00)
    with pytest.raises(WalletNotEmpty):
        close_user(user_id=li.id, pin=PIN)
