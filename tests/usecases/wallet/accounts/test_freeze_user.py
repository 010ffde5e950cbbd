"""freeze_user and unfreeze_user: at once, audited, in the ledger too."""

import pytest

from config.kernel.audit.models import AuditEvent
from config.kernel.ids import uuid7
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import PIN, available_minor, fund, make_user
from wallet.accounts.models import WalletUser
from wallet.accounts.queries import UserUnknown
from wallet.accounts.usecases.freeze_user import UserClosed, freeze_user
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.unfreeze_user import unfreeze_user
from wallet.accounts.values import UserState
from wallet.ledger.rules import AccountFrozen
from wallet.ledger.usecases.place_hold import place_hold

pytestmark = pytest.mark.django_db
BY = {"actor": "operator:wu", "reason": "stolen phone"}


@pytest.fixture
def user() -> WalletUser:
    return make_user(balance_minor=100_00)


def test_stops_money_from_leaving_in_the_ledger_itself(user: WalletUser) -> None:
    freeze_user(user_id=user.id, **BY)
    with pytest.raises(AccountFrozen):
        place_hold(
            key="h1",
            account_id=user.available_account_id,
            amount_minor=1,
            expires_at=user.created_at,
        )


def test_unfreezing_lets_it_leave_again(user: WalletUser) -> None:
    freeze_user(user_id=user.id, **BY)
    thawed = unfreeze_user(user_id=user.id, **BY)
    assert thawed.state == UserState.ACTIVE
    request_withdrawal(user_id=user.id, key="w1", amount_minor=100_00, pin=PIN)
    assert available_minor(user) == 0


def test_doing_either_again_changes_nothing(user: WalletUser) -> None:
    for deed in (unfreeze_user, freeze_user, freeze_user, unfreeze_user, unfreeze_user):
        deed(user_id=user.id, **BY)
    actions = AuditEvent.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["accounts.freeze", "accounts.unfreeze"]
    topics = OutboxEvent.objects.filter(topic__in=["user.frozen", "user.unfrozen"])
    assert topics.count() == 2


def test_the_audit_names_who_and_why(user: WalletUser) -> None:
    freeze_user(user_id=user.id, **BY)
    event = AuditEvent.objects.get()
    assert (event.actor, event.purpose) == ("operator:wu", "stolen phone")
    assert (event.before, event.after) == ({"state": "ACTIVE"}, {"state": "FROZEN"})
    assert event.target == f"user:{user.user_number}"


def test_a_freeze_keeps_what_is_there(user: WalletUser) -> None:
    freeze_user(user_id=user.id, **BY)
    assert available_minor(user) == 100_00
    unfreeze_user(user_id=user.id, **BY)
    fund(user, 1_00)
    assert available_minor(user) == 101_00


@pytest.mark.parametrize("deed", [freeze_user, unfreeze_user])
def test_a_closed_account_stays_closed(user: WalletUser, deed: object) -> None:
    WalletUser.objects.filter(id=user.id).update(state=UserState.CLOSED)
    with pytest.raises(UserClosed):
        deed(user_id=user.id, **BY)  # type: ignore[operator]


@pytest.mark.parametrize("deed", [freeze_user, unfreeze_user])
def test_nobody_cannot_be_frozen(deed: object) -> None:
    with pytest.raises(UserUnknown):
        deed(user_id=uuid7(), **BY)  # type: ignore[operator]
