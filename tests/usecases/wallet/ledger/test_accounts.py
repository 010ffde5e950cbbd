"""Opening, freezing, closing ledger accounts; the chart's own accounts."""

import uuid

import pytest

from config.kernel.errors import InvariantBroken
from tests.factories.ledger import fund, funded_wallet, open_shop, open_wallet
from wallet.ledger import queries
from wallet.ledger.models import Account
from wallet.ledger.rules import AccountClosed, AccountConflict, AccountNotEmpty, UnknownAccount
from wallet.ledger.usecases.change_state import change_state
from wallet.ledger.usecases.close_account import close_account
from wallet.ledger.usecases.freeze_account import freeze_account
from wallet.ledger.usecases.open_account import open_account, open_chart
from wallet.ledger.usecases.open_accounts import open_accounts
from wallet.ledger.usecases.unfreeze_account import unfreeze_account
from wallet.ledger.values import CHART, AccountKind, AccountState, Opening, Side

pytestmark = pytest.mark.django_db


def state(account_id: uuid.UUID) -> str:
    return queries.account(account_id).state


def test_opening_twice_opens_one() -> None:
    assert open_wallet("alice") == open_wallet("alice")
    assert Account.objects.filter(code="user:alice:available").count() == 1


def test_the_id_follows_from_the_code() -> None:
    assert open_wallet("alice") == queries.account_id("user:alice:available")


def test_refuses_the_code_of_an_account_in_another_currency() -> None:
    open_wallet("alice")
    with pytest.raises(AccountConflict):
        open_wallet("alice", currency="USD")


@pytest.mark.parametrize("code", ["", "x" * 97])
def test_a_code_that_does_not_fit_is_a_bug(code: str) -> None:
    with pytest.raises(InvariantBroken):
        open_account(code=code, kind=AccountKind.ASSET, currency="CNY", normal_side=Side.DEBIT)


def test_opens_many_at_once_and_keeps_those_there_are() -> None:
    alice = funded_wallet("alice", 5_00)
    opening = Opening("user:alice:available", AccountKind.CLIENT_LIABILITY, "CNY", Side.CREDIT)
    ids = open_accounts([opening, opening._replace(code="user:bob:available")])
    assert ids == [alice, queries.account_id("user:bob:available")]
    assert queries.balance(alice).posted_minor == 5_00


def test_the_chart_is_open_from_the_start_and_opens_once() -> None:
    open_chart()
    rows = Account.objects.filter(code__in=CHART, hot=True)
    assert rows.count() == len(CHART)


def test_accounts_of_an_owner_come_in_order_of_code() -> None:
    owner = uuid.uuid4()
    for code in ("b", "a"):
        open_account(
            code=code, kind=AccountKind.MEMO, currency="CNY", normal_side="DEBIT", owner_id=owner
        )
    assert [row.code for row in queries.accounts_of(owner)] == ["a", "b"]


def test_freezing_and_unfreezing_may_be_repeated() -> None:
    alice = open_wallet("alice")
    for act, then in ((freeze_account, "FROZEN"), (unfreeze_account, "OPEN")):
        act(account_id=alice)
        act(account_id=alice)
        assert state(alice) == then


def test_closing_is_for_good_and_may_be_repeated() -> None:
    alice = open_wallet("alice")
    close_account(account_id=alice)
    close_account(account_id=alice)
    assert state(alice) == "CLOSED"
    with pytest.raises(AccountClosed):
        unfreeze_account(account_id=alice)


def test_an_account_with_money_is_not_closed() -> None:
    shop = open_shop()
    fund(shop, 1)
    with pytest.raises(AccountNotEmpty):
        close_account(account_id=shop)


def test_an_unknown_account_is_named() -> None:
    with pytest.raises(UnknownAccount):
        change_state(account_id=uuid.uuid4(), state=AccountState.FROZEN)
    with pytest.raises(UnknownAccount):
        queries.balance(uuid.uuid4())
