"""One key in the same moment: one answer, and nobody does the work twice."""

import threading
from functools import partial

import pytest

from config.kernel.idempotency import run_idempotent as module
from config.kernel.idempotency.models import IdempotencyRecord
from config.kernel.idempotency.run_idempotent import RequestInFlight, StoredResponse, run_idempotent
from tests.factories.threads import at_once, outcomes_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


class Work:
    """Counts how often it was done to an end; may be held up in the middle."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self) -> tuple[int, object]:
        self.begun.set()
        assert self.may_end.wait(30)
        return 201, {"done": True}


def act(work: Work) -> StoredResponse:
    """Ask for the work by one key."""
    return run_idempotent(owner="li", endpoint="transfers", key="k", body={"a": 1}, run=work)


def test_who_asks_while_the_first_is_at_work_is_told_to_come_again() -> None:
    work = Work()

    def come_second() -> str:
        assert work.begun.wait(30)
        try:
            act(work)
        except RequestInFlight:
            return "in flight"
        finally:
            work.may_end.set()
        return "done"

    first, second = at_once([lambda: str(act(work).status), come_second])
    assert (first, second) == ("201", "in flight")
    assert act(work).replayed


def test_many_at_once_write_one_answer() -> None:
    work = Work()
    work.may_end.set()
    said = outcomes_at_once([partial(act, work)] * 8)
    fresh = [one for one in said if isinstance(one, StoredResponse) and not one.replayed]
    assert len(fresh) == 1
    assert all(isinstance(one, StoredResponse | RequestInFlight) for one in said)
    assert IdempotencyRecord.objects.count() == 1


def test_the_unique_key_alone_lets_one_win_and_the_others_have_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_lock", lambda *names: None)
    together = threading.Barrier(2)

    def work() -> tuple[int, object]:
        together.wait(30)
        return 201, {"done": True}

    ask = partial(
        run_idempotent, owner="li", endpoint="transfers", key="k", body={"a": 1}, run=work
    )
    answers = at_once([ask, ask])
    assert sorted(answer.replayed for answer in answers) == [False, True]
    assert IdempotencyRecord.objects.count() == 1
