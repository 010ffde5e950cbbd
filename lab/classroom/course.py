"""What somebody did in this world's lessons: where they are, what they predicted, their mark.

A line an act, in a file beside the database: a reset of the world forgets none of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from config.kernel import clock
from lab import recordings

FILE = "course.jsonl"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is; `mark` is that of the newest `saoma check`, such as 7/9."""

    at: str = ""
    scenario: str = ""
    step: int = 0
    right: int = 0
    asked: int = 0
    mark: str = ""


def note_step(*, scenario: str, step: int) -> None:
    """Somebody sees a step of a scenario."""
    _write({"kind": "step", "scenario": scenario, "step": step})


def note_mark(*, number: int, of: int) -> None:
    """`saoma check` has graded somebody's merchant."""
    _write({"kind": "mark", "held": number, "of": of})


def predict(*, scenario: str, step: int, debit: str, credit: str) -> bool:
    """Compare a prediction with what the step posted, and keep it; the first one counts.

    An answer is right when it is one of the step's entries; two empty sides say that nothing
    is posted.
    """
    lines = recordings.lines(scenario)
    entries = lines[step].get("entries", []) if step < len(lines) else []
    right = is_right(debit, credit, entries)
    answer = {"kind": "answer", "scenario": scenario, "step": step, "right": right}
    _write({**answer, "debit": debit, "credit": credit})
    return right


def is_right(debit: str, credit: str, entries: Sequence[str]) -> bool:
    """Whether two sides are one of the entries, their parts in any order."""
    mine = _sides(f"Dr {debit} / Cr {credit}")
    return mine == ("", "") if not entries else mine in map(_sides, entries)


def standing(folder: Path) -> Standing:
    """Where the owner of a world's data folder is."""
    path = folder / FILE
    if not path.exists():
        return Standing()
    acts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    steps = [act for act in acts if act["kind"] != "mark"]
    last: dict[str, Any] = steps[-1] if steps else {}
    first = {
        (act["scenario"], act["step"]): act["right"]
        for act in reversed(acts)
        if act["kind"] == "answer"
    }
    marks = [f"{act['held']}/{act['of']}" for act in acts if act["kind"] == "mark"]
    return Standing(
        at=str(acts[-1]["at"]) if acts else "",
        scenario=str(last.get("scenario", "")),
        step=int(last.get("step", 0)),
        right=sum(first.values()),
        asked=len(first),
        mark=marks[-1] if marks else "",
    )


def _sides(entry: str) -> tuple[str, str]:
    debit, _, credit = entry.removeprefix("Dr ").partition(" / Cr ")
    return _parts(debit), _parts(credit)


def _parts(side: str) -> str:
    return ", ".join(sorted(" ".join(part.split()) for part in side.split(",") if part.strip()))


def _write(act: dict[str, Any]) -> None:
    line = json.dumps({"at": clock.now().isoformat(), **act}, ensure_ascii=False)
    with (Path(settings.DATA_DIR) / FILE).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
