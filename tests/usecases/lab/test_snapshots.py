"""Snapshots: the world as it was, whatever has happened since, on both databases."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config.kernel import clock
from config.kernel.usecases.advance_clock import advance_clock
from config.kernel.usecases.set_clock import set_clock
from lab import demo_accounts, snapshots
from tests.factories.accounts import available_minor, make_user
from tests.factories.world import bring_on_stage
from wallet import public as wallet
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    yield tmp_path
    for name in snapshots.names():
        snapshots.drop(name)


def test_puts_money_people_and_time_back_as_they_were() -> None:
    set_clock(times=0, at=NOON)
    li = make_user(balance_minor=100_00)
    snapshots.keep("before")
    make_user(balance_minor=7_00)
    advance_clock(by=timedelta(days=2))
    snapshots.put_back("before")
    assert clock.now() == NOON
    assert list(WalletUser.objects.values_list("id", flat=True)) == [li.id]
    assert available_minor(li) == 100_00
    assert verify_ledger().passed
    assert make_user(balance_minor=1_00).id != li.id


def test_the_same_seed_gives_the_same_ids_and_codes_again() -> None:
    set_clock(times=0, at=NOON)
    li = make_user(balance_minor=100_00)
    snapshots.keep("before")
    made = []
    for _ in range(2):
        snapshots.put_back("before", seed=42)
        fresh = wallet.issue_fresh_code(user_id=li.id)
        made.append((fresh.code, make_user(phone="+8613811112222", balance_minor=1_00).id))
    assert made[0] == made[1]


def test_lists_and_drops_snapshots_and_refuses_what_is_none() -> None:
    snapshots.keep("one")
    snapshots.keep("two")
    assert snapshots.names() == ["one", "two"]
    snapshots.drop("one")
    with pytest.raises(snapshots.SnapshotUnknown):
        snapshots.put_back("one")
    for name in ("", "One", "a-b", "../x", "a" * 41):
        with pytest.raises(snapshots.SnapshotNameInvalid):
            snapshots.keep(name)


@pytest.mark.slow
def test_a_reset_of_the_seeded_world_takes_less_than_three_tenths_of_a_second(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bring_on_stage(settings, monkeypatch, folder, "http://127.0.0.1:9")
    snapshots.keep("seeded")
    li = wallet.user_by_phone(demo_accounts.CITIZENS[0].phone)
    took = []
    for _ in range(5):
        for _ in range(20):
            wallet.issue_fresh_code(user_id=li.id)
        advance_clock(by=timedelta(days=1))
        started = time.perf_counter()
        snapshots.put_back("seeded")
        took.append(time.perf_counter() - started)
    with capsys.disabled():
        print(f"\nreset: {sorted(took)[len(took) // 2] * 1000:.0f} ms of {len(took)}")
    assert sorted(took)[len(took) // 2] < 0.3
