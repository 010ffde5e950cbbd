"""Grouping: threads that ask at the same time are served together, and each for itself."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from config.kernel import grouping
from config.kernel.grouping import Grouping
from tests.scenarios.processes import eventually

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
            eventually(lambda: len(self.grouping._waiting) == CALLERS - 1, "all the others wait")
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


class Busy(Grouping[int, int]):
    """A machine on which whoever is handed the lead runs only when all the others have come."""

    def _lead(self, leader: Any) -> None:
        if leader.item == 1:
            eventually(lambda: len(self._waiting) == CALLERS - 1, "all the others wait")
        super()._lead(leader)


def test_who_comes_before_the_next_leader_runs_goes_along() -> None:
    groups: list[list[int]] = []

    def run(items: Sequence[int]) -> Sequence[int]:
        groups.append(sorted(items))
        if items == [0]:
            eventually(lambda: len(busy._waiting) == 1, "one waits")
        return items

    busy = Busy(run)
    threads = [threading.Thread(target=busy.submit, args=[n]) for n in range(CALLERS)]
    for n, thread in enumerate(threads):
        thread.start()
        if n == 0:
            eventually(lambda: bool(groups), "the first is served")
        if n == 1:
            eventually(
                lambda: busy._leader is not None and busy._leader.item == 1, "the next is elected"
            )
    for thread in threads:
        thread.join(20)
    assert groups == [[0], list(range(1, CALLERS))]


def test_the_connection_that_served_last_is_used_again() -> None:
    leaders: list[str] = []
    others_wait = threading.Event()

    def run(items: Sequence[str]) -> Sequence[str]:
        leaders.append(threading.current_thread().name)
        if items == ["first"]:
            eventually(lambda: len(together._waiting) == 3, "three wait")
        return items

    def warm() -> None:
        together.submit("before")
        others_wait.wait(20)
        together.submit("last")

    together = Grouping(run)
    one_has_led = threading.Thread(target=warm, name="warm")
    one_has_led.start()
    eventually(lambda: leaders == ["warm"] and together._leader is None, "one has led")
    first, *others = (
        threading.Thread(target=together.submit, args=[name], name=name)
        for name in ("first", "cold", "colder")
    )
    first.start()
    eventually(lambda: len(leaders) == 2, "the first leads")
    for thread in others:
        thread.start()
    eventually(lambda: len(together._waiting) == 2, "the others wait")
    others_wait.set()
    for thread in (one_has_led, first, *others):
        thread.join(20)
    assert leaders == ["warm", "first", "warm"]


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
    while database._leader is None:
        held.wait(0.001)
    assert [database.submit(n) for n in (1, 2)] == [1, 2]
    held.set()
    slow.join(20)
    assert not slow.is_alive()
    assert not database._waiting


def test_each_is_served_once_however_leaders_overtake_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouping, "PATIENCE_S", 0.0005)
    served: list[int] = []

    def run(items: Sequence[int]) -> Sequence[int]:
        served.extend(items)
        threading.Event().wait(0.001 * (items[0] % 3))
        return [-item for item in items]

    together = Grouping(run)
    answers: list[int] = []

    def ask(first: int) -> None:
        answers.extend(together.submit(item) for item in range(first, first + 100))

    threads = [threading.Thread(target=ask, args=[100 * n]) for n in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(served) == list(range(100 * CALLERS))
    assert sorted(answers) == sorted(-item for item in served)
    assert (together._waiting, together._leader) == ([], None)
