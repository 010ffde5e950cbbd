"""Run a scenario on this process's database: step by step, until one fails."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from config.kernel.errors import SaomaError
from healthcode import public as health
from lab.mock_merchant.client import BadSignature, NoAnswer
from lab.scenarios.acting import Facts
from lab.scenarios.acts import ACTS
from lab.scenarios.recorder import Recorder
from lab.scenarios.stage import Stage, as_text
from lab.scenarios.values import Difference, Result, Run, Scenario, Step, StepRun

_ENTRY = re.compile(r"(\S+) (-?\d+\.\d{2})")
# Debits make these accounts larger; credits all others.
_DEBIT_NORMAL = ("custodian", "due_from_lender", "memo", "mmf")


def run_scenario(scenario: Scenario, recorder: Recorder | None = None) -> Run:
    """Seed a scenario's world and run its steps; after a failed one the others do not run.

    The database must be empty, as migrations leave it. A step that nobody has built yet runs
    not; the balances of later steps are compared less what it would have posted. A recorder
    writes each step down as it ends.
    """
    stage = Stage.set_up(scenario)
    if recorder is not None:
        recorder.begin(stage)
    missing: dict[str, Decimal] = {}
    steps: list[StepRun] = []
    with stage.receiver:
        for step in scenario.steps:
            if any(result.result is Result.FAILED for result in steps):
                steps.append(StepRun(step, Result.NOT_RUN, step.at))
            elif step.not_built:
                _miss(missing, step.entries or ())
                steps.append(StepRun(step, Result.NOT_BUILT, step.at))
            else:
                steps.append(_run_step(stage, step, missing))
            if recorder is not None:
                recorder.see(stage, steps[-1])
    run = Run(scenario, tuple(steps))
    if recorder is not None:
        recorder.end(run.result.value)
    return run


def _run_step(stage: Stage, step: Step, missing: dict[str, Decimal]) -> StepRun:
    stage.move_to(step.at)
    before = stage.journal_ids()
    facts = _act(stage, step)
    stage.let_work_run()
    entries = stage.journals_since(before)
    differences = [*_facts(step, facts), *_entries(step, entries), *_standing(stage, step, missing)]
    result = Result.FAILED if differences else Result.PASSED
    return StepRun(step, result, step.at, entries, tuple(differences))


def _act(stage: Stage, step: Step) -> Facts:
    """What the act gave; a refusal is a fact, an act called wrongly an error of the file."""
    try:
        return ACTS[step.do](stage, **step.arguments)
    except SaomaError as refusal:
        return {"refused": refusal.code}
    except (NoAnswer, BadSignature) as lost:
        return {"refused": type(lost).__name__}


def _facts(step: Step, facts: Facts) -> Iterable[Difference]:
    if "refused" in facts and "refused" not in step.expect:
        yield Difference("refused", "nothing", as_text(facts["refused"]))
    for name, expected in step.expect.items():
        actual = facts.get(name)
        if as_text(actual) != as_text(expected):
            yield Difference(name, as_text(expected), as_text(actual))


def _entries(step: Step, entries: tuple[str, ...]) -> Iterable[Difference]:
    if step.entries is not None and sorted(step.entries) != sorted(entries):
        expected, actual = (" | ".join(rows) or "none" for rows in (step.entries, entries))
        yield Difference("entries", expected, actual)


def _standing(stage: Stage, step: Step, missing: dict[str, Decimal]) -> Iterable[Difference]:
    for name, figure in step.balances.items():
        expected = Decimal(figure) - missing.get(name, Decimal(0))
        actual = stage.balance(name)
        if Decimal(actual) != expected:
            less = f" (less what is not built: {expected})" if name in missing else ""
            yield Difference(f"balance of {name}", f"{figure}{less}", actual)
    for person, colour in step.colours.items():
        now = health.colour_of(stage.person(person).id).value
        if now != colour:
            yield Difference(f"colour of {person}", colour, now)


def _miss(missing: dict[str, Decimal], entries: Iterable[str]) -> None:
    """Add what entries that nobody posts would have done to each account."""
    for entry in entries:
        debited, _, credited = entry.removeprefix("Dr ").partition(" / Cr ")
        for side, text in ((1, debited), (-1, credited)):
            for name, amount in _ENTRY.findall(text):
                sign = side if name.startswith(_DEBIT_NORMAL) or "receivable" in name else -side
                missing[name] = missing.get(name, Decimal(0)) + sign * Decimal(amount)


def as_json(run: Run) -> dict[str, Any]:
    """A run as one JSON object."""
    return {
        "scenario": run.scenario.name,
        "result": run.result.value,
        "doors": list(run.scenario.doors),
        "not_built": [step.step.not_built for step in run.steps if step.step.not_built],
        "steps": [
            {
                "say": step.step.say["en"],
                "at": step.at,
                "do": step.step.do,
                "result": step.result.value,
                "entries": list(step.entries),
                "differences": [
                    {"what": one.what, "expected": one.expected, "actual": one.actual}
                    for one in step.differences
                ],
            }
            for step in run.steps
        ],
    }
