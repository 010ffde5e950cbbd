"""transfer_money: from one person to another, once for a key.

Li holds 100.00 and sends 30.00 to Mei.
"""

from typing import Any

import pytest

from config.kernel.errors import SaomaError
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import PIN, available_minor, fund, make_user
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.accounts.rules import KycLimit, PhoneInvalid
from wallet.accounts.usecases.check_pin import PinWrong
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.values import UserState
from wallet.ledger.rules import AccountFrozen, InsufficientFunds
from wallet.payments import queries, rules
from wallet.payments.models import Transfer
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import TransferOutcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def li() -> WalletUser:
    return make_user(balance_minor=100_00)


@pytest.fixture
def mei() -> WalletUser:
    return make_user(name="Mei")


def send(payer: WalletUser, payee: WalletUser, **changes: Any) -> TransferOutcome:
    facts: dict[str, Any] = {
        "key": "K1",
        "payer_id": payer.id,
        "payee_phone": payee.phone,
        "amount_minor": 30_00,
        "pin": PIN,
        "note": "lunch",
    }
    return transfer_money(**(facts | changes))


def test_moves_the_money(li: WalletUser, mei: WalletUser) -> None:
    outcome = send(li, mei)
    assert (outcome.changed, outcome.transfer.payee_name) == (True, "M**")
    assert (available_minor(li), available_minor(mei)) == (70_00, 30_00)
    assert accounts.limits(li.id).yearly_used_minor == 30_00
    assert OutboxEvent.objects.filter(topic="transfer.succeeded").count() == 1


def test_a_payee_is_named_in_full_to_whom_they_have_paid(li: WalletUser, mei: WalletUser) -> None:
    fund(mei, 1_00)
    send(mei, li, amount_minor=1_00)
    assert send(li, mei).transfer.payee_name == "Mei"


def test_a_repeat_gets_the_first_answer_whatever_has_become_of_payee_and_pin(
    li: WalletUser, mei: WalletUser
) -> None:
    first = send(li, mei)
    WalletUser.objects.filter(id=mei.id).update(state=UserState.CLOSED)
    again = send(li, mei, pin="000001")
    assert (again.changed, again.transfer) == (False, first.transfer)
    with pytest.raises(rules.TransferConflict):
        send(li, li)
    with pytest.raises(rules.PayeeUnknown):
        send(li, mei, key="K2")


@pytest.mark.parametrize("note", ["lunch\u202e", "two\nlines", "\u2060", "\x07"])
def test_refuses_a_note_that_cannot_be_shown(li: WalletUser, mei: WalletUser, note: str) -> None:
    with pytest.raises(rules.TextInvalid):
        send(li, mei, note=note)


def test_moves_it_once_for_one_key(li: WalletUser, mei: WalletUser) -> None:
    first, again = send(li, mei), send(li, mei)
    assert (again.changed, again.transfer) == (False, first.transfer)
    assert available_minor(mei) == 30_00


@pytest.mark.parametrize("change", [{"amount_minor": 31_00}, {"note": "dinner"}])
def test_refuses_other_content_under_one_key(
    li: WalletUser, mei: WalletUser, change: dict[str, object]
) -> None:
    send(li, mei)
    with pytest.raises(rules.TransferConflict):
        send(li, mei, **change)


def test_keeps_the_keys_of_two_payers_apart(li: WalletUser, mei: WalletUser) -> None:
    send(li, mei)
    assert send(mei, li).changed


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"pin": "000001"}, PinWrong),
        ({"amount_minor": 0}, rules.AmountOutOfRange),
        ({"amount_minor": 100_01}, InsufficientFunds),
        ({"payee_phone": "13999999999"}, rules.PayeeUnknown),
        ({"payee_phone": "no phone"}, PhoneInvalid),
    ],
)
def test_refuses_and_moves_nothing(
    li: WalletUser, mei: WalletUser, change: dict[str, object], error: type[SaomaError]
) -> None:
    with pytest.raises(error):
        send(li, mei, **change)
    assert (available_minor(li), Transfer.objects.count()) == (100_00, 0)


def test_refuses_to_send_to_oneself(li: WalletUser) -> None:
    with pytest.raises(rules.PayeeIsPayer):
        send(li, li)


def test_refuses_a_frozen_payer(li: WalletUser, mei: WalletUser) -> None:
    freeze_user(user_id=li.id, actor="operator:ops", reason="stolen phone")
    with pytest.raises(AccountFrozen):
        send(li, mei)


def test_reaches_a_frozen_payee(li: WalletUser, mei: WalletUser) -> None:
    freeze_user(user_id=mei.id, actor="operator:ops", reason="stolen phone")
    send(li, mei)
    assert available_minor(mei) == 30_00


def test_names_what_is_left_of_the_tier(mei: WalletUser) -> None:
    small = make_user(kyc_tier=1, balance_minor=2_000_00)
    send(small, mei, amount_minor=900_00)
    with pytest.raises(KycLimit) as refusal:
        send(small, mei, key="K2", amount_minor=200_00)
    assert refusal.value.fields["remaining_minor"] == 100_00


def test_is_seen_by_both_and_nobody_else(li: WalletUser, mei: WalletUser) -> None:
    made = send(li, mei).transfer
    for user in (li, mei):
        assert queries.transfer_of_user(user_id=user.id, transfer_id=made.id).id == made.id
    with pytest.raises(rules.TransferUnknown):
        queries.transfer_of_user(user_id=make_user().id, transfer_id=made.id)
