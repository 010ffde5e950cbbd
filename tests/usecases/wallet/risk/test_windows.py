"""Windows: memory, database and Redis give the same figures, and Redis may be away."""

import os
import random
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import redis
from pytest_django import Settings

from wallet.risk.models import PayeeRefund, RiskDecision
from wallet.risk.queries import windows
from wallet.risk.rules.history import History
from wallet.risk.values import Stage, Subject, Value

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
PEOPLE = [uuid.UUID(int=n) for n in range(1, 7)]
DEVICES = [uuid.UUID(int=100 + n) for n in range(3)]


def movements(seed: int, count: int) -> list[tuple[Subject, datetime]]:
    """Movements in time order among few parties, seconds to days apart."""
    dice, at, made = random.Random(seed), NOON, []
    for _ in range(count):
        at += timedelta(seconds=dice.choice([1, 20, 300, 3000, 40_000]))
        payer, payee = dice.sample(PEOPLE, 2)
        subject = Subject(
            payment_id=uuid.UUID(int=dice.getrandbits(128)),
            payer_id=payer,
            payee_id=payee,
            device_id=dice.choice([None, *DEVICES]),
            amount_minor=dice.choice([1, 5_00, 12_00, 900_00]),
            currency="CNY",
        )
        made.append((subject, at))
    return made


def store(subject: Subject, at: datetime) -> None:
    RiskDecision.objects.create(
        payment_id=subject.payment_id,
        stage=Stage.AFTER,
        decision="ACCEPT",
        score=0,
        rule_set="test",
        payer_id=subject.payer_id,
        payee_id=subject.payee_id,
        device_id=subject.device_id,
        amount_minor=subject.amount_minor,
        currency="CNY",
        decided_at=at,
    )


def rounded(features: dict[str, Value]) -> dict[str, Value]:
    """Redis keeps milliseconds and fourteen digits."""
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in features.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_counts_as_memory_does(seed: int) -> None:
    history = History()
    for number, (subject, at) in enumerate(movements(seed, 40)):
        if number % 5 == 0:
            PayeeRefund.objects.create(refund_id=uuid.uuid4(), payee_id=subject.payee_id, at=at)
            history.add_refund(subject.payee_id, at=at)
        move = windows.move_of(subject, at=at)
        expected = history.features(move)
        assert rounded(windows.from_database(subject, at=at)) == rounded(expected)
        store(subject, at)
        # Counted already: a movement never counts itself.
        assert rounded(windows.from_database(subject, at=at)) == rounded(expected)
        history.add(move)


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs Redis")
def test_redis_counts_as_memory_does_and_is_filled_again_after_a_loss(settings: Settings) -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    assert windows.rebuild(NOON) == 0
    history, last = History(), None
    for subject, at in movements(3, 60):
        move = windows.move_of(subject, at=at)
        answer = windows._from_redis(subject, at)
        assert answer is not None
        assert rounded(answer) == rounded(history.features(move))
        store(subject, at)
        windows.count_movement(subject, at=at)
        windows.count_movement(subject, at=at)
        history.add(move)
        last = (subject, at, answer)
    assert last is not None
    client.flushdb()
    assert windows._from_redis(last[0], last[1]) is None
    assert rounded(windows.read_windows(last[0], at=last[1])) == rounded(last[2])
    assert windows.rebuild(last[1]) == 60
    again = windows._from_redis(last[0], last[1])
    assert again is not None
    assert rounded(again) == rounded(last[2])


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs Redis")
def test_many_read_and_counted_at_once_see_those_before_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    moves = movements(4, 60)
    assert windows.read_and_count(moves) is None
    client.flushdb()
    windows.rebuild(NOON)
    history, expected = History(), []
    for subject, at in moves:
        move = windows.move_of(subject, at=at)
        expected.append(rounded(history.features(move)))
        history.add(move)
    for _ in range(2):  # As after a transaction that was rolled back.
        answers = windows.read_and_count(moves)
        assert answers is not None
        assert [rounded(answer) for answer in answers] == expected
    # However few answers are kept, those of one call are all there.
    monkeypatch.setattr(windows, "ANSWERS_KEPT", 10)
    assert len(windows.read_and_count(movements(5, 60)) or []) == 60


def test_without_redis_the_database_is_counted(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    (subject, at), *_ = movements(1, 1)
    windows.count_movement(subject, at=at)
    assert windows.read_and_count([(subject, at)]) is None
    assert windows.read_windows(subject, at=at)["payer_payments_1h"] == 0
