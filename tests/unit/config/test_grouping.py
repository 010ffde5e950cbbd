"""Grouping: threads that ask at the same time are served together, and each for itself."""

import threading
from collections.abc import Sequence

import pytest

from config.kernel import grouping
from config.kernel.grouping import Grouping

CALLERS = 8


class Database:
    """Serves groups; holds the first one until the others have come."""

    def __init__(self, *, bad: int | None = None, killed: bool = False) -> None:
        self.groups: list[list[int]] = []
        self.bad, self.killed = bad, killed
        self.grouping = Grouping(self.run)

    def run(self, items: Sequence[int]) -> list[int]:
        self.groups.append(list(items))
        if len(self.groups) == 1:
            for _ in range(2_000):
                if len(self.grouping._waiting) == CALLERS - 1:
                    break
                threading.Event().wait(0.005)
        if self.killed and len(items) > 1:
            raise SystemExit
        if self.bad in items:
            raise ValueError(self.bad)
        return [item * 10 for item in items]

    def ask(self, item: int) -> object:
        try:
            return self.grouping.submit(item)
        except (ValueError, SystemExit) as error:
            return type(error)

    def ask_at_once(self) -> dict[int, object]:
        answers: dict[int, object] = {}
        threads = [
            threading.Thread(target=lambda n=n: answers.update({n: self.ask(n)}))
            for n in range(CALLERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        return answers


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "PATIENCE_S", 15)


def test_a_lone_caller_is_a_group_of_one() -> None:
    database = Database()
    database.groups.append([])
    assert [database.grouping.submit(n) for n in (1, 2)] == [10, 20]
    assert database.groups[1:] == [[1], [2]]


def test_those_who_came_meanwhile_go_together() -> None:
    database = Database()
    assert database.ask_at_once() == {n: n * 10 for n in range(CALLERS)}
    assert [len(group) for group in database.groups] == [1, CALLERS - 1]


def test_an_error_of_a_group_is_only_its_own_callers() -> None:
    database = Database(bad=5)
    answers = database.ask_at_once()
    assert answers == {n: ValueError if n == 5 else n * 10 for n in range(CALLERS)}


def test_a_leader_that_dies_takes_nobody_with_it() -> None:
    answers = Database(killed=True).ask_at_once()
    assert sorted(map(str, answers.values())).count(str(SystemExit)) == 1
    assert sum(isinstance(answer, int) for answer in answers.values()) == CALLERS - 1


def test_a_slow_group_holds_nobody_who_came_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "PATIENCE_S", 0.02)
    held = threading.Event()

    def run(items: Sequence[int]) -> Sequence[int]:
        if items[0] == 0:
            held.wait(20)
        return items

    database = Grouping(run)
    slow = threading.Thread(target=lambda: database.submit(0))
    slow.start()
    while database._foremost is None:
        held.wait(0.001)
    assert [database.submit(n) for n in (1, 2)] == [1, 2]
    held.set()
    slow.join(20)
    assert not slow.is_alive()
    assert not database._waiting
