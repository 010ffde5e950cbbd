"""What has no row of its own is counted in a window, kept as a digest and forgotten in time."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock, keys
from config.kernel.errors import InvariantBroken, Refused
from config.kernel.limits import counting
from config.kernel.limits.models import LimitCount
from config.kernel.limits.values import Limit, Period
from tests.factories.clock import advance

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
OTHER = Limit(name="t.day", whose="person", period=Period.DAY, lock="none", refuse=None)


class Exceeded(Refused):
    """More than the window allows."""


def refusal(rest: int, **facts: Any) -> Exceeded:
    return Exceeded(rest=rest, **facts)


def limit_of(name: str = "t.tries") -> Limit:
    return Limit(
        name=name,
        whose="address",
        period=Period.WINDOW,
        lock="limits_count",
        refuse=refusal,
        ceiling=3,
        window=MINUTE,
    )


TRIES = limit_of()


def refused(amount: int = 1) -> dict[str, object]:
    """What the refusal of one more says."""
    with pytest.raises(Exceeded) as error:
        counting.count(TRIES, subject="li", amount=amount)
    return error.value.fields


def test_counts_up_to_its_ceiling_and_says_what_is_left_and_when() -> None:
    assert [counting.count(TRIES, subject="li") for _ in range(2)] == [1, 2]
    assert refused(2)["rest"] == 1
    assert counting.count(TRIES, subject="li") == 3
    assert refused()["rest"] == 0
    assert LimitCount.objects.get().used == 3


def test_begins_anew_once_the_window_is_over() -> None:
    counting.count(TRIES, subject="li", amount=3)
    since = LimitCount.objects.get().since
    counted_s = (since + MINUTE - clock.now()).total_seconds()
    assert refused()["retry_after_s"] == pytest.approx(counted_s, abs=2)
    advance(seconds=60)
    assert counting.count(TRIES, subject="li") == 1
    row = LimitCount.objects.get()
    assert (row.used, row.since >= since + MINUTE) == (1, True)


def test_keeps_subjects_and_limits_apart_and_names_nobody() -> None:
    for limit, subject in ((TRIES, "li"), (TRIES, "mei"), (limit_of("t.other"), "li")):
        assert counting.count(limit, subject=subject) == 1
    digests = set(LimitCount.objects.values_list("subject", flat=True))
    assert {len(digest) for digest in digests} == {64}
    assert len(digests) == 3


def test_a_look_refuses_as_a_count_would_and_counts_nothing() -> None:
    counting.check(TRIES, subject="li")
    assert not LimitCount.objects.exists()
    counting.count(TRIES, subject="li", amount=2)
    counting.check(TRIES, subject="li")
    counting.count(TRIES, subject="li")
    with pytest.raises(Exceeded) as error:
        counting.check(TRIES, subject="li")
    assert error.value.fields["rest"] == 0
    assert 1 <= int(str(error.value.fields["retry_after_s"])) <= 60
    advance(seconds=60)
    counting.check(TRIES, subject="li")
    assert LimitCount.objects.get().used == 3


def test_who_has_proved_itself_begins_anew() -> None:
    for subject in ("li", "mei"):
        counting.count(TRIES, subject=subject, amount=3)
    counting.forget(TRIES, subject="li")
    assert counting.count(TRIES, subject="li") == 1
    with pytest.raises(Exceeded):
        counting.check(TRIES, subject="mei")


def test_drops_the_oldest_counts_first_and_none_whose_window_may_be_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for subject in ("li", "mei"):
        counting.count(TRIES, subject=subject)
        advance(seconds=10)
    newest = LimitCount.objects.order_by("since").last()
    assert newest is not None
    assert counting.drop_old(clock.now(), longest=timedelta(hours=1)) == 0
    monkeypatch.setattr(counting, "BATCH", 1)
    assert counting.drop_old(newest.since + MINUTE, longest=MINUTE) == 1
    assert LimitCount.objects.get() == newest
    assert counting.drop_old(newest.since + MINUTE, longest=MINUTE) == 1


def test_counting_a_limit_without_a_window_is_a_bug() -> None:
    with pytest.raises(InvariantBroken, match=r"^what is counted here has a window$"):
        counting.count(OTHER, subject="li")
    spanless = replace(TRIES, window=None)
    for look in (counting.count, counting.check):
        with pytest.raises(InvariantBroken, match=r"^a window has a span$"):
            look(spanless, subject="li")
    assert not LimitCount.objects.exists()


@pytest.mark.parametrize(("left_s", "said_s"), [(60, 60), (1.4, 1), (0.4, 1)])
def test_says_in_whole_seconds_when_the_window_is_over_and_never_at_once(
    left_s: float, said_s: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began)
    counting.count(TRIES, subject="li", amount=3)
    monkeypatch.setattr(clock, "now", lambda: began + MINUTE - timedelta(seconds=left_s))
    for look in (counting.count, counting.check):
        with pytest.raises(Exceeded) as error:
            look(TRIES, subject="li")
        assert error.value.fields == {"rest": 0, "retry_after_s": said_s}
    monkeypatch.setattr(clock, "now", lambda: began + MINUTE)
    counting.check(TRIES, subject="li")
    assert counting.count(TRIES, subject="li", amount=2) == 2


def test_keeps_a_subject_under_the_key_of_limits() -> None:
    counting.count(TRIES, subject="li")
    key = keys.derive("limits/subject", 32)
    digest = hmac.new(key, b"t.tries\nli", hashlib.sha256).hexdigest()
    row = LimitCount.objects.get()
    assert (row.name, row.subject, row.used) == ("t.tries", digest, 1)
