"""release_parked_topup: late money reaches its customer, once."""

import pytest

from config.kernel.audit.models import AuditEvent
from config.kernel.ids import uuid7
from tests.factories.accounts import available_minor, make_topup, make_user
from tests.factories.clock import advance
from wallet.accounts.models import BankCallback, WalletUser
from wallet.accounts.queries import ObjectUnknown
from wallet.accounts.rules import InvalidState
from wallet.accounts.usecases.release_parked_topup import release_parked_topup
from wallet.accounts.values import Disposition
from wallet.ledger import queries as ledger

pytestmark = pytest.mark.django_db
BY = {"actor": "operator:wu, operator:xu", "reason": "bank confirmed by telephone"}


@pytest.fixture
def user() -> WalletUser:
    return make_user()


@pytest.fixture
def late(user: WalletUser) -> BankCallback:
    make_topup(user, 100_94)
    advance(days=2)
    return BankCallback.objects.get()


def test_moves_the_money_from_suspense_to_the_wallet(user: WalletUser, late: BankCallback) -> None:
    release_parked_topup(callback_id=late.id, **BY)
    assert available_minor(user) == 100_94
    assert ledger.balance(ledger.account_id("suspense:unmatched")).posted_minor == 0
    late.refresh_from_db()
    assert late.disposition == Disposition.RELEASED


def test_can_be_done_once(user: WalletUser, late: BankCallback) -> None:
    release_parked_topup(callback_id=late.id, **BY)
    with pytest.raises(InvalidState):
        release_parked_topup(callback_id=late.id, **BY)
    assert available_minor(user) == 100_94
    assert AuditEvent.objects.filter(action="accounts.release_parked_topup").count() == 1


def test_refuses_a_callback_that_parked_nothing(user: WalletUser) -> None:
    make_topup(user, 100_00)
    advance(minutes=1)
    with pytest.raises(InvalidState):
        release_parked_topup(callback_id=BankCallback.objects.get().id, **BY)


def test_an_unknown_callback_is_not_found() -> None:
    with pytest.raises(ObjectUnknown):
        release_parked_topup(callback_id=uuid7(), **BY)
