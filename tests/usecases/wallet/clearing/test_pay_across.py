"""pay_across: a payer in one database, a merchant in another, each half once.

Li holds 1,000.00 at home; the merchant's balance there is empty.
"""

from typing import Any

import pytest
from django.db import OperationalError

from config.kernel import ids
from config.kernel.errors import SaomaError
from config.kernel.outbox import relay
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id
from merchants.onboarding.values import MerchantState
from tests.factories.units import World, run_jobs, there
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.check_pin import PinWrong
from wallet.accounts.usecases.close_user import WalletNotEmpty, close_user
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.clearing import rules
from wallet.clearing.models import IncomingTransfer, OutgoingTransfer
from wallet.clearing.usecases import exchange_messages
from wallet.clearing.usecases.verify_clearing import verify_clearing
from wallet.ledger.rules import AccountFrozen, InsufficientFunds
from wallet.ledger.usecases.close_account import close_account
from wallet.payments.rules import AmountOutOfRange

pytestmark = pytest.mark.django_db(transaction=True)


def state_of(transfer: OutgoingTransfer) -> tuple[str, str]:
    transfer.refresh_from_db()
    return transfer.state, transfer.reason


def away(*_: Any, **__: Any) -> Any:
    raise OperationalError("the other database is away")


def test_debits_the_payer_here_and_credits_the_merchant_there(world: World) -> None:
    transfer = world.pay()
    assert world.balances() == (970_00, 0)
    assert verify_clearing().in_flight_minor == 30_00
    world.work()
    assert (state_of(transfer), world.balances()) == (("COMPLETED", ""), (970_00, 30_00))
    assert verify_clearing().in_flight_minor == 0
    assert accounts.limits(world.payer.id).yearly_used_minor == 30_00
    world.prove()


def test_each_half_stands_in_its_own_database(world: World) -> None:
    transfer = world.pay()
    world.work()
    assert not IncomingTransfer.objects.exists()
    with there():
        assert not OutgoingTransfer.objects.exists()
        assert IncomingTransfer.objects.get().id == transfer.id


def suspend(world: World) -> None:
    Merchant.objects.update(state=MerchantState.SUSPENDED)


def close_merchant(world: World) -> None:
    Merchant.objects.update(state=MerchantState.CLOSED)


def close_its_balance(world: World) -> None:
    close_account(account_id=balance_id(world.merchant.id))


def give_to_payer(world: World) -> None:
    Merchant.objects.update(owner_id=world.payer.id)


def forget_merchant(world: World) -> None:
    Merchant.objects.update(id=ids.uuid7())


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (suspend, "PAYEE_SUSPENDED"),
        (close_merchant, "PAYEE_CLOSED"),
        (close_its_balance, "PAYEE_CLOSED"),
        (give_to_payer, "PAYEE_IS_PAYER"),
        (forget_merchant, "PAYEE_UNKNOWN"),
    ],
)
def test_what_is_refused_there_comes_back_once(world: World, happens: Any, reason: str) -> None:
    with there():
        happens(world)
    transfer = world.pay()
    world.work()
    assert (state_of(transfer), world.balances()) == (("RETURNED", reason), (1_000_00, 0))
    assert accounts.limits(world.payer.id).yearly_used_minor == 0
    world.work()
    world.prove()
    assert world.balances() == (1_000_00, 0)


def test_a_frozen_payer_gets_it_back_too(world: World) -> None:
    with there():
        suspend(world)
    world.pay()
    freeze_user(user_id=world.payer.id, actor="operator:mia", reason="a check")
    world.work()
    assert world.balances() == (1_000_00, 0)


def test_a_repeat_gets_the_first_transfer_whatever_has_become_of_it(world: World) -> None:
    first = world.pay(key="K1")
    world.work()
    freeze_user(user_id=world.payer.id, actor="operator:mia", reason="a check")
    again = world.pay(key="K1", pin="000000")
    assert (again.id, again.state) == (first.id, "COMPLETED")
    assert world.balances() == (970_00, 30_00)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount_minor": 0}, AmountOutOfRange),
        ({"amount_minor": 1_000_01}, InsufficientFunds),
        ({"pin": "000000"}, PinWrong),
        ({"key": "K1", "amount_minor": 2}, rules.CrossingConflict),
    ],
)
def test_refuses_and_moves_nothing(
    world: World, changes: dict[str, Any], error: type[SaomaError]
) -> None:
    world.pay(1, key="K1")
    with pytest.raises(error):
        world.pay(**changes)
    assert world.balances() == (999_99, 0)
    assert OutgoingTransfer.objects.count() == 1


def test_a_frozen_payer_cannot_pay(world: World) -> None:
    freeze_user(user_id=world.payer.id, actor="operator:mia", reason="a check")
    with pytest.raises(AccountFrozen):
        world.pay()


def test_a_payee_of_the_same_unit_is_paid_directly(world: World) -> None:
    with pytest.raises(rules.SameUnit):
        world.pay(payee_id=world.payer.id)


def test_a_wallet_stays_open_while_its_money_may_come_back(world: World) -> None:
    transfer = world.pay(1_000_00)
    with pytest.raises(WalletNotEmpty):
        close_user(user_id=world.payer.id, pin="135790")
    world.work()
    assert state_of(transfer)[0] == "COMPLETED"
    close_user(user_id=world.payer.id, pin="135790")


def test_a_database_that_is_away_is_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = world.pay()
    with monkeypatch.context() as broken:
        broken.setattr(exchange_messages, "rows_in", away)
        relay.drain()
        run_jobs("clearing.ask_again", late=True)
    with there():
        assert not IncomingTransfer.objects.exists()
    transfer.refresh_from_db()
    run_jobs("clearing.ask_again", late=True)
    assert not IncomingTransfer.objects.exists()
    OutgoingTransfer.objects.update(due_at=transfer.created_at)
    run_jobs("clearing.ask_again", late=True)
    world.work()
    assert (state_of(transfer)[0], world.balances()) == ("COMPLETED", (970_00, 30_00))


def test_an_answer_that_was_lost_is_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer = world.pay()
    relay.drain()
    with there(), monkeypatch.context() as broken:
        run_jobs()
        broken.setattr(exchange_messages, "rows_in", away)
        relay.drain()
    assert state_of(transfer)[0] == "SENT"
    run_jobs("clearing.ask_again", late=True)
    assert state_of(transfer)[0] == "COMPLETED"
    world.prove()


def test_the_proof_names_what_does_not_meet(world: World) -> None:
    one, two = world.pay(1_00), world.pay(2_00)
    world.work()
    with there():
        IncomingTransfer.objects.filter(id=one.id).update(amount_minor=1_01)
        IncomingTransfer.objects.filter(id=two.id).delete()
    breaks = verify_clearing().breaks
    assert any(f"{one.id}: the halves say different things" in line for line in breaks)
    assert any(f"{two.id}: COMPLETED beside nothing" in line for line in breaks)
    assert any("in flight 200, accounts say 0" in line for line in breaks)
