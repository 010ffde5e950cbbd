"""A scenario, its steps, and what came of running it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lab.seed_file import SeedFile

Texts = Mapping[str, str]


class Result(StrEnum):
    """How a step, or a whole scenario, ended."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_RUN = "NOT_RUN"
    NOT_BUILT = "NOT_BUILT"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: an act with its arguments, or what nobody has built yet.

    `entries` of a step that is not built say what it would post; later balances are compared
    less those. `expect` names facts of the act's answer, `entries` each journal posted in the
    step, `balances` and `colours` how things stand after it; None where nothing is expected.
    """

    say: Texts
    at: str = ""
    do: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    entries: tuple[str, ...] | None = None
    balances: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    not_built: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A file of the book."""

    name: str
    title: Texts
    doors: tuple[int, ...]
    services: tuple[str, ...]
    world: SeedFile
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A failed expectation: what of, expected beside actual."""

    what: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class StepRun:
    """What came of a step; `entries` are the journals it posted."""

    step: Step
    result: Result
    at: str
    entries: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether the step ran, so that what it must give was looked at."""
        return self.result in {Result.PASSED, Result.FAILED}


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a scenario."""

    scenario: Scenario
    steps: tuple[StepRun, ...]

    @property
    def result(self) -> Result:
        """FAILED if a step failed, INCOMPLETE if one is not built, else PASSED."""
        results = {step.result for step in self.steps}
        if results & {Result.FAILED, Result.NOT_RUN} or not results:
            return Result.FAILED
        return Result.INCOMPLETE if Result.NOT_BUILT in results else Result.PASSED

    def count(self, result: Result) -> int:
        """How many steps ended like this."""
        return sum(step.result is result for step in self.steps)
