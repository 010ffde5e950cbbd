"""Two installations in one test: home has the payers' units, the other database the payees'.

Each side sees itself as `default` and the other through Django's router, as two real
installations do. `there()` makes a thread work on the other side for a while.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import override_settings

from config.kernel import clock, placement, timetable
from config.kernel.ids import uuid7
from config.kernel.outbox import relay
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id, open_balance
from tests.factories.accounts import PIN, make_user
from tests.factories.merchants import make_merchant
from wallet.accounts.models import WalletUser
from wallet.clearing.models import OutgoingTransfer
from wallet.clearing.usecases.pay_across import pay_across
from wallet.clearing.usecases.verify_clearing import verify_clearing
from wallet.clearing.values import ASK_AGAIN_AFTER
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.verify_ledger import verify_ledger

OTHER = "other"
JOBS = ("clearing.ask_again", "clearing.credit", "clearing.return")
_side = threading.local()


class Aliases(dict[int, str]):
    """Which alias a unit has, as the side sees it on which this thread works."""

    def __init__(self) -> None:
        self.units_there: set[int] = set()

    def get(self, unit: int, default: Any = None) -> Any:
        is_away = (unit in self.units_there) is not is_there()
        return OTHER if is_away else default


def is_there() -> bool:
    """Whether this thread works on the other side."""
    return bool(getattr(_side, "there", False))


def connect() -> None:
    """Give this thread its connection to the other side; it passes for the test's own."""
    settings = connections.databases[OTHER]
    wrapper: Any = type(connections[DEFAULT_DB_ALIAS])
    connections[OTHER] = wrapper(settings, DEFAULT_DB_ALIAS)


@contextmanager
def there() -> Iterator[None]:
    """Work on the payees' side: its database is `default`, home is the other one."""
    home = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[OTHER]
    connections[OTHER], _side.there = home, True
    clock.forget()
    try:
        yield
    finally:
        connections[OTHER] = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS], _side.there = home, False
        clock.forget()


class World:
    """Payers at home, a merchant there, and what may happen between them."""

    def __init__(self, aliases: Aliases) -> None:
        self.aliases = aliases
        self.payer: WalletUser = make_user(balance_minor=1_000_00)
        with there():
            self.merchant: Merchant = make_merchant()
            while self.merchant.unit == self.payer.unit:
                self.merchant = make_merchant(owner_id=self.merchant.owner_id)
            open_balance(self.merchant)
        aliases.units_there.add(self.merchant.unit)

    def pay(self, amount_minor: int = 30_00, **changes: Any) -> OutgoingTransfer:
        """The payer pays the merchant; the answer to the request is the transfer."""
        facts: dict[str, Any] = {
            "key": str(uuid7()),
            "payer_id": self.payer.id,
            "payee_id": self.merchant.id,
            "amount_minor": amount_minor,
            "reference": "T1",
            "pin": PIN,
        }
        transfer, _ = pay_across(**(facts | changes))
        return transfer

    def work(self) -> None:
        """Both sides do what is theirs until nothing is left."""
        for _ in range(3):
            relay.drain()
            run_jobs()
            with there():
                run_jobs()
                relay.drain()

    def balances(self) -> tuple[int, int]:
        """What the payer and the merchant have, in fen."""
        with there():
            there_minor = ledger.balance(balance_id(self.merchant.id)).available_minor
        return ledger.balance(self.payer.available_account_id).available_minor, there_minor

    def prove(self) -> None:
        """Both books are sound, and the halves meet, whoever looks."""
        assert verify_ledger().passed
        assert verify_clearing().breaks == []
        with there():
            assert verify_ledger().passed
            assert verify_clearing().breaks == []


def run_jobs(*names: str, late: bool = False) -> None:
    """Run jobs of clearing on this side, where they are due; `late`: when answers are overdue."""
    now = clock.now() + (ASK_AGAIN_AFTER * 2 if late else ASK_AGAIN_AFTER * 0)
    for name in names or JOBS:
        timetable.run(name, now)


def other_name() -> str:
    """The name of the other side's database."""
    return f"{connection.settings_dict['NAME']}_other"[-63:] if is_postgres() else _file()


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _file() -> str:
    return f"{connection.settings_dict['NAME']}.other"


def _make_database() -> None:
    """Copy home as it is now; nothing of a test is in it yet."""
    home = connection.settings_dict["NAME"]
    connection.close()
    if is_postgres():
        _server(f'DROP DATABASE IF EXISTS "{other_name()}" WITH (FORCE)')
        _server(f'CREATE DATABASE "{other_name()}" TEMPLATE "{home}"')
    else:
        shutil.copyfile(home, _file())


def _drop_database() -> None:
    if is_postgres():
        _server(f'DROP DATABASE IF EXISTS "{other_name()}" WITH (FORCE)')
    else:
        for ending in ("", "-wal", "-shm"):
            Path(_file() + ending).unlink(missing_ok=True)


def _server(statement: str) -> None:
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """Two databases, a payer with 1,000.00 in one, a merchant in the other."""
    _make_database()
    connections.databases[OTHER] = {**connection.settings_dict, "NAME": other_name()}
    connect()
    aliases = Aliases()
    router = f"{placement.__name__}.{placement.UnitRouter.__name__}"
    try:
        with override_settings(SAOMA_UNIT_ALIASES=aliases, DATABASE_ROUTERS=[router]):
            yield World(aliases)
    finally:
        connections[OTHER].close()
        del connections.databases[OTHER]
        with suppress(AttributeError):
            del connections[OTHER]
        _drop_database()
        clock.forget()


__all__ = ["World", "run_jobs", "there", "world"]
