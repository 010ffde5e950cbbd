"""A shop and a buyer in every test of the gateway; keys are made once a session."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from merchants.onboarding import queries, rules
from merchants.onboarding.values import KeyPair
from tests.factories.accounts import make_user
from tests.gateway import sdks
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser


def pytest_sessionfinish(exitstatus: int) -> None:
    """Write the libraries' record where SAOMA_SDK_RECORD says, if all went well."""
    path = os.environ.get("SAOMA_SDK_RECORD")
    if path and exitstatus == 0:
        sdks.write_record(Path(path))


@pytest.fixture(scope="session")
def key_pairs() -> list[KeyPair]:
    """Enough key pairs for any one test; making one takes a quarter of a second."""
    return [rules.new_key_pair() for _ in range(4)]


@pytest.fixture(autouse=True)
def quick_keys(key_pairs: list[KeyPair], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The key store hands out prepared pairs, and forgets between tests."""
    pairs = itertools.cycle(key_pairs)
    monkeypatch.setattr(rules, "new_key_pair", lambda: next(pairs))
    queries.forget_credentials()
    yield
    queries.forget_credentials()


@pytest.fixture
def shop(db: None) -> Shop:
    """A tea house that takes payments."""
    return make_shop()


@pytest.fixture
def buyer(db: None) -> WalletUser:
    """A verified customer with ¥1,000.00."""
    return make_user(balance_minor=1_000_00)


@pytest.fixture
def hotel() -> Shop:
    """A shop that takes deposits."""
    return make_shop("Fly Zoo")


@pytest.fixture
def guest() -> WalletUser:
    """Somebody with enough for a deposit."""
    return make_user(balance_minor=2_000_00)
