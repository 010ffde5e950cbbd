"""Faults: what can be done to which process, drawn from a seed, one at a time or two at once."""

import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lab.chaos.link import Link, Weather
from lab.chaos.stage import Stage

SHORTEST_S, LONGEST_S = 0.2, 1.2
TWO_AT_ONCE = 0.25
GAP_S = 0.3
HEAL_S = 60.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be done: to what, what, and how it begins and ends."""

    target: str
    kind: str
    weight: int
    begin: Callable[[], None]
    end: Callable[[], None]

    @property
    def name(self) -> str:
        """Target and kind."""
        return f"{self.target}: {self.kind}"


def process_faults(stage: Stage, names: Mapping[str, tuple[int, int]]) -> list[Fault]:
    """Kill -9 and a pause, for each process with the weights of both."""
    faults = []
    for name, (kills, stops) in names.items():
        actor = stage.actors[name]

        def pause(number: int = signal.SIGSTOP, name: str = name) -> None:
            stage.actors[name].suffer(number)

        def go_on(name: str = name) -> None:
            stage.actors[name].suffer(signal.SIGCONT)

        faults.append(Fault(name, "kill -9", kills, actor.die, actor.start))
        faults.append(Fault(name, "stop", stops, pause, go_on))
    return faults


def link_faults(links: Mapping[str, Link], weight: int) -> list[Fault]:
    """The network cut, hanging or slow, for each link."""
    kinds = {Weather.CUT: "network cut", Weather.HANG: "network hangs", Weather.SLOW: "delay"}
    return [
        Fault(name, word, weight, lambda w=link, s=weather: w.turn(s),  # type: ignore[misc]
              lambda w=link: w.turn(Weather.CLEAR))  # type: ignore[misc]
        for name, link in links.items()
        for weather, word in kinds.items()
    ]  # fmt: skip


def draw(chance: random.Random, faults: list[Fault], count: int) -> list[list[Fault]]:
    """The drill's plan: at times two faults at once, on different targets; `count` in all."""
    plan: list[list[Fault]] = []
    weights = [fault.weight for fault in faults]
    left = count
    while left > 0:
        some = chance.choices(faults, weights)
        if left > 1 and chance.random() < TWO_AT_ONCE:
            others = [fault for fault in faults if fault.target != some[0].target]
            some += chance.choices(others, [fault.weight for fault in others])
        plan.append(some)
        left -= len(some)
    return plan


def suffer(some: list[Fault], seconds: float, heal: Callable[[], None]) -> None:
    """Begin faults, wait, end them, and let the installation recover."""
    for fault in some:
        fault.begin()
    time.sleep(seconds)
    for fault in some:
        fault.end()
    heal()
