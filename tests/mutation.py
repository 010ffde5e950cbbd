"""`make mutate`: a sample of mutants of what guards money and colours, and who survives.

mutmut changes the code on purpose, one place at a time, and asks the unit tests of the
packages; `[tool.mutmut]` in pyproject.toml says which code and which tests. It works in a
copy of the tracked files, so that nothing here is ever changed.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What mutmut says of a mutant's end; a mutant that no test reaches survives as well.
SURVIVED = frozenset({"survived", "no tests", "suspicious"})
RESULT = re.compile(r"^\s+(\S+): (.+)$", re.MULTILINE)


def main() -> int:
    """Print one line for each survivor and the share that was killed; 1 below the share asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=150, help="mutants tried")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=85, help="per cent that have to be killed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="saoma-mutants-") as folder:
        _copy(Path(folder))
        _mutmut(folder, "run", "none.such")
        mutants = sorted(name for name, _ in _results(folder))
        sample = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
        # One at a time: processes that mutmut forks would share one test database.
        _mutmut(folder, "run", "--max-children", "1", *sample)
        ends = {name: end for name, end in _results(folder) if name in sample}
    survivors = sorted(name for name in sample if ends.get(name, "killed") in SURVIVED)
    # A mutant whose tests ran out of time counts as killed: on a busy machine look at them.
    slow = sorted(name for name in sample if ends.get(name) == "timeout")
    for name in (*survivors, *slow):
        print(f"{ends[name]}: {name}")
    killed = 100 * (1 - len(survivors) / len(sample))
    print(f"{len(mutants)} mutants, {len(sample)} tried: {killed:.0f} % killed", end=" ")
    print(dict(Counter(ends.get(name, "killed") for name in sample)))
    return 0 if killed >= options.least else 1


def _copy(folder: Path) -> None:
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)


def _mutmut(folder: str, *arguments: str) -> str:
    """What mutmut prints; it ends non-zero where a mutant survives, which is no error here."""
    process = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        check=False,
        capture_output=True,
        text=True,
    )
    return process.stdout


def _results(folder: str) -> list[tuple[str, str]]:
    """Each mutant with its end."""
    return RESULT.findall(_mutmut(folder, "results", "--all", "true"))


if __name__ == "__main__":
    sys.exit(main())
