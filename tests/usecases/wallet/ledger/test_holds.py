"""Holds: funds are reserved once, and end once: captured, released or expired.

Alice holds 100.00 CNY; 40.00 of it is held for a hotel, until the next noon.
"""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from config.kernel.errors import InvariantBroken
from tests.factories.ledger import NOON, available, funded_wallet, move, open_wallet, posted
from wallet.ledger import queries
from wallet.ledger.models import Hold
from wallet.ledger.rules import (
    AccountClosed,
    AccountFrozen,
    HoldKeyConflict,
    HoldSettled,
    InsufficientFunds,
    UnknownAccount,
    UnknownHold,
)
from wallet.ledger.usecases.capture_hold import capture_hold
from wallet.ledger.usecases.close_account import close_account
from wallet.ledger.usecases.expire_holds import expire_holds
from wallet.ledger.usecases.freeze_account import freeze_account
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.release_hold import release_hold
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db
NEXT_NOON = NOON + timedelta(days=1)


@pytest.fixture
def alice() -> uuid.UUID:
    return funded_wallet("alice", 100_00)


@pytest.fixture
def hotel() -> uuid.UUID:
    return open_wallet("hotel")


@pytest.fixture
def hold(alice: uuid.UUID) -> uuid.UUID:
    return reserve(alice, 40_00, key="room")


def reserve(
    account_id: uuid.UUID, amount_minor: int, *, key: str = "h", until: datetime = NEXT_NOON
) -> uuid.UUID:
    return place_hold(key=key, account_id=account_id, amount_minor=amount_minor, expires_at=until)


def state(hold_id: uuid.UUID) -> str:
    return Hold.objects.get(id=hold_id).state


def test_reserves_without_moving_money(alice: uuid.UUID, hold: uuid.UUID) -> None:
    assert queries.balance(alice) == (100_00, 40_00, 60_00, "CNY")


def test_placing_it_again_returns_the_first(alice: uuid.UUID, hold: uuid.UUID) -> None:
    assert reserve(alice, 40_00, key="room") == hold
    assert available(alice) == 60_00


def test_refuses_the_key_for_another_amount(alice: uuid.UUID, hold: uuid.UUID) -> None:
    with pytest.raises(HoldKeyConflict):
        reserve(alice, 41_00, key="room")


def test_reserves_the_last_fen_and_not_one_more(alice: uuid.UUID, hold: uuid.UUID) -> None:
    with pytest.raises(InsufficientFunds):
        reserve(alice, 60_01)
    reserve(alice, 60_00)
    assert available(alice) == 0


def test_a_frozen_or_closed_or_missing_account_takes_no_holds(hotel: uuid.UUID) -> None:
    freeze_account(account_id=hotel)
    with pytest.raises(AccountFrozen):
        reserve(hotel, 1)
    close_account(account_id=hotel)
    with pytest.raises(AccountClosed):
        reserve(hotel, 1)
    with pytest.raises(UnknownAccount):
        reserve(uuid.uuid4(), 1)


def test_a_hold_of_nothing_is_a_bug(alice: uuid.UUID) -> None:
    with pytest.raises(InvariantBroken):
        reserve(alice, 0)


def test_capturing_moves_the_money(alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID) -> None:
    journal_id = capture_hold(hold_id=hold, draft=move(alice, hotel, 40_00))
    assert queries.balance(alice) == (60_00, 0, 60_00, "CNY")
    assert (posted(hotel), queries.hold(hold).journal_id) == (40_00, journal_id)


def test_capturing_part_gives_the_rest_back(
    alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID
) -> None:
    capture_hold(hold_id=hold, draft=move(alice, hotel, 12_50))
    assert queries.balance(alice) == (87_50, 0, 87_50, "CNY")


def test_capturing_again_returns_the_first_journal(
    alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID
) -> None:
    stay = move(alice, hotel, 40_00, key="stay")
    assert capture_hold(hold_id=hold, draft=stay) == capture_hold(hold_id=hold, draft=stay)
    assert posted(hotel) == 40_00


def test_capturing_again_with_another_draft_is_refused(
    alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID
) -> None:
    capture_hold(hold_id=hold, draft=move(alice, hotel, 40_00))
    with pytest.raises(HoldSettled):
        capture_hold(hold_id=hold, draft=move(alice, hotel, 40_00))
    assert posted(hotel) == 40_00


def test_a_refused_journal_leaves_the_hold_in_force(
    alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID
) -> None:
    with transaction.atomic(), pytest.raises(InsufficientFunds):
        capture_hold(hold_id=hold, draft=move(alice, hotel, 100_01))
    assert (state(hold), available(alice)) == ("HELD", 60_00)


def test_releasing_gives_it_back_once(alice: uuid.UUID, hold: uuid.UUID) -> None:
    release_hold(hold_id=hold)
    release_hold(hold_id=hold)
    assert (state(hold), available(alice)) == ("RELEASED", 100_00)


def test_what_was_captured_cannot_be_released(
    alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID
) -> None:
    capture_hold(hold_id=hold, draft=move(alice, hotel, 40_00))
    with pytest.raises(HoldSettled):
        release_hold(hold_id=hold)


def test_what_was_released_cannot_be_captured(
    alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID
) -> None:
    release_hold(hold_id=hold)
    with pytest.raises(HoldSettled):
        capture_hold(hold_id=hold, draft=move(alice, hotel, 40_00))


@pytest.mark.parametrize(
    ("seconds", "expired"),
    [pytest.param(-1, 0, id="a second before"), pytest.param(0, 1, id="at the moment itself")],
)
def test_lapses_at_its_time(alice: uuid.UUID, hold: uuid.UUID, seconds: int, expired: int) -> None:
    assert expire_holds(now=NEXT_NOON + timedelta(seconds=seconds)) == expired
    assert available(alice) == (100_00 if expired else 60_00)


def test_lapses_once(alice: uuid.UUID, hold: uuid.UUID) -> None:
    assert [expire_holds(now=NEXT_NOON), expire_holds(now=NEXT_NOON)] == [1, 0]
    assert (state(hold), available(alice)) == ("EXPIRED", 100_00)


def test_an_unknown_hold_is_named(alice: uuid.UUID) -> None:
    for act in (
        lambda: release_hold(hold_id=uuid.uuid4()),
        lambda: capture_hold(hold_id=uuid.uuid4(), draft=move(alice, alice, 1)),
    ):
        with pytest.raises(UnknownHold):
            act()


def test_the_books_prove_true_with_holds(
    alice: uuid.UUID, hotel: uuid.UUID, hold: uuid.UUID
) -> None:
    reserve(alice, 5_00, key="deposit")
    capture_hold(hold_id=hold, draft=move(alice, hotel, 39_00))
    assert verify_ledger().passed
