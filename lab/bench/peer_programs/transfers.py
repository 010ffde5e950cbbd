"""What all peers share: which accounts, for how long, and one line of JSON at the end.

    python PROGRAM set-up ACCOUNTS
    python PROGRAM run ACCOUNTS SECONDS uniform|hot

`run` moves one unit between two accounts, each time committed, until the time is over. Hot
means that every transfer credits the same account. No import of ours: this runs elsewhere.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def main(set_up: Callable[[int], None], accounts: Callable[[int], Sequence[Any]],
         transfer: Callable[[Any, Any], object]) -> None:  # fmt: skip
    """Do what the command line asks for."""
    act, count = sys.argv[1], int(sys.argv[2])
    if act == "set-up":
        set_up(count)
        return
    seconds, hot = float(sys.argv[3]), sys.argv[4] == "hot"
    rows, chance, count_moved = accounts(count), random.Random(), 0  # noqa: S311
    transfer(rows[1], rows[0])
    began, cpu = time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - began) < seconds:
        payer, payee = chance.sample(range(1, count), 2)
        transfer(rows[payer], rows[0 if hot else payee])
        count_moved += 1
    cpu_ms = (time.process_time() - cpu) * 1000 / max(1, count_moved)
    print(json.dumps({"per_second": count_moved / passed, "cpu_ms": cpu_ms}))
