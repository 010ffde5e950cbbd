"""The demo's cast in a test's own database, its keys in a test's own folder."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config.kernel import clock, timetable
from config.kernel.outbox import relay
from lab import demo_accounts
from lab.seed import seed_world
from merchants.onboarding import queries, rules
from merchants.onboarding.values import KeyPair

ROUNDS = 10
_pairs: list[KeyPair] = []


def prepared_pairs() -> Iterator[KeyPair]:
    """Key pairs made once a session, as they are needed; one takes a quarter of a second.

    The largest world has eight shops beside the gateway, and none has another's key.
    """
    make = rules.new_key_pair
    return (_pair(index % 10, make) for index in itertools.count())


def _pair(index: int, make: Callable[[], KeyPair]) -> KeyPair:
    while len(_pairs) <= index:
        _pairs.append(make())
    return _pairs[index]


def bring_on_stage(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    address: str,
    *,
    whole: bool = True,
) -> None:
    """Seed the demo's world for a server at an address; its bank answers at once.

    Not `whole`, it is the first citizen and the first shop alone, in a third of the time.
    """
    if not whole:
        monkeypatch.setattr(demo_accounts, "CITIZENS", demo_accounts.CITIZENS[:1])
        monkeypatch.setattr(demo_accounts, "SHOPS", demo_accounts.SHOPS[:1])
    pairs = prepared_pairs()
    monkeypatch.setattr(rules, "new_key_pair", lambda: next(pairs))
    settings.DATA_DIR = folder
    settings.PUBLIC_URL = address
    settings.SAOMA_BANK_ANSWER_S = 0
    settings.SAOMA_KYC_DECISION_S = 0
    queries.forget_credentials()
    seed_world()


def let_work_run() -> None:
    """Do what a worker would have done by now: deliver events, run what is due, to the end."""
    for _ in range(ROUNDS):
        relay.drain()
        if not timetable.run_due(clock.now()):
            break
    relay.drain()
