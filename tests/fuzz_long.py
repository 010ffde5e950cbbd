"""`make fuzz-long`: the API and every decoder fuzzed side by side, an hour unless told otherwise.

    make fuzz-long SECONDS=3600 SEED=1

The API is attacked from its own description (tests/http/test_openapi_attack.py); decoders get
what their property tests make up (DECODERS). Both go in rounds, each with a seed of its own,
which is printed where a round fails: `pytest --hypothesis-seed N` or SAOMA_ATTACK_SEED=N plays
it again.
"""

import argparse
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

API = "tests/http/test_openapi_attack.py"
DECODERS = (
    "tests/properties/healthcode/test_fuzz.py",
    "tests/properties/wallet/test_qr_codecs.py",
    "tests/properties/wallet/accounts/test_bank_words.py",
    "tests/unit/healthcode/codec",
    "tests/unit/wallet/qr/test_paycode.py",
)
MADE_BY_HYPOTHESIS = re.compile(r"(\d+) passing, \d+ failing")
MADE_BY_SCHEMATHESIS = re.compile(r"([\d,]+) generated")


@dataclass
class Side:
    """One of the two: its rounds, how many inputs they made, and the seeds that failed."""

    name: str
    made: re.Pattern[str]
    command: Callable[[int], tuple[list[str], Mapping[str, str]]]
    rounds: int = 0
    inputs: int = 0
    failed: list[int] = field(default_factory=list)

    def play(self, seed: int, until: float) -> None:
        """Go round after round until a moment of the monotonic clock."""
        while self.rounds == 0 or time.monotonic() < until:
            at = seed + self.rounds
            arguments, settings = self.command(at)
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *arguments],
                env=os.environ | settings,
                capture_output=True,
                text=True,
                check=False,
            )
            self.rounds += 1
            made = sum(int(count.replace(",", "")) for count in self.made.findall(done.stdout))
            self.inputs += made
            # What made no input has tried nothing, whatever it says.
            if done.returncode or not made:
                self.failed.append(at)
                print(f"{self.name}, seed {at}:\n{done.stdout[-12000:]}{done.stderr}", flush=True)

    def told(self) -> str:
        """In words."""
        failed = f"failed with seeds {self.failed}" if self.failed else "none failed"
        return f"{self.name}: {self.inputs:,} inputs (rounds: {self.rounds}), {failed}"


def _attack(seed: int) -> tuple[list[str], Mapping[str, str]]:
    return [API], {"SAOMA_ATTACK_SEED": str(seed), "SAOMA_ATTACK_EXAMPLES": "40"}


def _decode(seed: int) -> tuple[list[str], Mapping[str, str]]:
    profile = ("--hypothesis-profile", "long", "--hypothesis-seed", str(seed))
    return [*DECODERS, *profile, "--hypothesis-show-statistics"], {}


def main() -> int:
    """Play both sides beside each other and print one line; 1 where a round failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=3600)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    sides = [
        Side("API", MADE_BY_SCHEMATHESIS, _attack),
        Side("decoders", MADE_BY_HYPOTHESIS, _decode),
    ]
    started = time.monotonic()
    until = started + chosen.seconds
    threads = [threading.Thread(target=side.play, args=(chosen.seed, until)) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = "; ".join(side.told() for side in sides)
    print(f"fuzz-long: {told}; {time.monotonic() - started:.0f} s")
    return 1 if any(side.failed for side in sides) else 0


if __name__ == "__main__":
    sys.exit(main())
