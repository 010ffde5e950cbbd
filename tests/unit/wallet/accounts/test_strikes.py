"""Strikes: the fifth wrong try locks, the lock ends by itself."""

from datetime import UTC, datetime, timedelta

from wallet.accounts.rules import is_locked, struck
from wallet.accounts.values import PIN_STRIKES, Strikes

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
THREE = Strikes(allowed=3, lock=timedelta(minutes=10))


def test_counts_up_to_the_last_allowed_try() -> None:
    assert struck(0, at=NOON, policy=THREE) == (1, None)
    assert struck(1, at=NOON, policy=THREE) == (2, None)


def test_locks_at_the_last_try_and_starts_counting_anew() -> None:
    assert struck(2, at=NOON, policy=THREE) == (0, NOON + timedelta(minutes=10))


def test_the_fifth_wrong_pin_locks() -> None:
    strikes, locked = 0, None
    for _ in range(5):
        assert locked is None
        strikes, locked = struck(strikes, at=NOON, policy=PIN_STRIKES)
    assert locked == NOON + timedelta(minutes=15)


def test_a_lock_holds_until_its_end_and_not_at_it() -> None:
    end = NOON + timedelta(minutes=10)
    assert is_locked(end, at=end - timedelta(microseconds=1))
    assert not is_locked(end, at=end)
    assert not is_locked(None, at=NOON)
