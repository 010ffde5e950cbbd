"""The forty doors: each of the article's services, open by a scenario that passes, or closed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from lab.scenarios.values import Result, Run

FILE = Path(__file__).parent / "forty.yaml"
_NO_SCENARIO = "no scenario opens it yet"


def forty(runs: Iterable[Run]) -> list[dict[str, object]]:
    """Every door, in order: open only where a scenario that names it has just passed whole."""
    ran = [run for run in runs if run.scenario.doors]
    doors = []
    for row in articles():
        mine = [run for run in ran if row["number"] in run.scenario.doors]
        passed = [run for run in mine if run.result is Result.PASSED]
        door: dict[str, object] = {"number": row["number"], "service": row["service"]["en"]}
        if passed:
            door |= {"state": "open", "scenario": passed[0].scenario.name}
        else:
            ended = [f"{run.scenario.name}: {run.result.value.lower()}" for run in mine]
            reason = "; ".join(ended) or row.get("why", {}).get("en") or _NO_SCENARIO
            door |= {"state": "closed", "reason": reason}
        doors.append(door)
    return doors


def articles() -> list[dict[str, Any]]:
    """The article's services as they stand in `forty.yaml`."""
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return rows
