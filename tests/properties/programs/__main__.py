"""Run random programs of all primitives and hold the books to a model after each step.

    python -m tests.properties.programs --steps 100000 --seed 20261129 --shards 2

Each shard has a database of its own (DATABASE_URL says of which kind; an embedded one by
default) and plays worlds of so many steps one after another. After each step every pot of
the model, the trial balance and each account's floor are compared; every so many steps, and
at a world's end, the whole ledger and all records are proved. A violation names the world's
seed and its step, and is played again by `--seed SEED --steps N --shards 1 --only`.
"""

import argparse
import gc
import logging
import os
import random
import secrets
import subprocess
import sys
import time
import traceback
from collections import Counter

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"

import django

if __name__ == "__main__":
    django.setup()

# isort: split
from django.core.cache import cache
from django.db import connection, transaction

from config.celery import app
from config.kernel import clock
from config.kernel.models import WorldClock
from tests import template
from tests.properties.programs.acts import ACTS, step
from tests.properties.programs.books import Violation
from tests.properties.programs.program import OK, Program
from tests.properties.programs.world import as_outermost

PROVE_EVERY = 100


def play(seed: int, steps: int, counts: Counter[tuple[str, str]]) -> int:
    """Play one world in a transaction that is taken back; gives how many steps held.

    Raises:
        Violation: something did not, with the step's number.
    """
    clock.forget()
    cache.clear()
    with transaction.atomic(), as_outermost():
        WorldClock.objects.all().delete()
        program, trace = Program(random.Random(seed)), []
        for number in range(1, steps + 1):
            try:
                trace.append(step(program))
                if number % PROVE_EVERY == 0 or number == steps:
                    program.world.prove()
            except Exception as error:
                transaction.set_rollback(True)
                raise Violation(
                    f"seed {seed}, step {number}, {program.act} after {trace[-6:]}: {error}"
                ) from error
            counts[trace[-1]] += 1
        transaction.set_rollback(True)
    return steps


def run_shard(number: int, steps: int, seed: int, world: int, *, only: bool, seconds: int) -> int:
    """Play a shard's worlds until the steps or seconds are over; gives the violations."""
    logging.disable(logging.ERROR)
    name = f"{connection.settings_dict['NAME']}_{number}"
    connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"] = name
    template.make_test_database()
    app.loader.import_default_modules()
    # As in a web worker: what is there already is never garbage.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    counts: Counter[tuple[str, str]] = Counter()
    done, violations, started, index = 0, 0, time.monotonic(), 0
    try:
        while done < steps and time.monotonic() - started < seconds:
            size = min(world, steps - done)
            seeds = seed if only else seed * 1_000_000 + number * 10_000 + index
            try:
                play(seeds, size, counts)
            except Violation as violation:
                violations += 1
                print(f"VIOLATION {violation}", flush=True)
                traceback.print_exception(violation.__cause__)
            done, index = done + size, index + 1
            rate = done / (time.monotonic() - started)
            print(f"shard {number}: {done} steps, {rate:.0f}/s, {violations} wrong", flush=True)
    finally:
        template.drop_test_database()
    for act in ACTS:
        outcomes = {code: n for (name, code), n in counts.items() if name == act}
        well = outcomes.pop(OK, 0)
        refusals = ", ".join(f"{code} {n}" for code, n in Counter(outcomes).most_common(6))
        print(f"  {act:<20}{well:>8} done{sum(outcomes.values()):>8} refused  {refusals}")
    print(f"DONE {sum(counts.values())} {violations}", flush=True)
    return violations


def main() -> int:
    """Run the shards side by side and add up."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--steps", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    options.add_argument("--shards", type=int, default=os.cpu_count() or 1)
    options.add_argument("--world", type=int, default=1_000, help="steps of one world")
    options.add_argument("--seconds", type=int, default=10**6, help="begin no world after")
    options.add_argument("--shard", type=int, help="be this shard")
    options.add_argument("--only", action="store_true", help="one world of exactly this seed")
    chosen = options.parse_args()
    if chosen.shard is not None or chosen.only:
        arguments = (chosen.shard or 0, chosen.steps, chosen.seed)
        size = chosen.steps if chosen.only else chosen.world
        return run_shard(*arguments, size, only=chosen.only, seconds=chosen.seconds)
    started = time.monotonic()
    each = -(-chosen.steps // chosen.shards)
    common = ["--steps", str(each), "--seed", str(chosen.seed), "--world", str(chosen.world)]
    common += ["--seconds", str(chosen.seconds)]
    shards = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.properties.programs", "--shard", str(number), *common],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(chosen.shards)
    ]
    held, violations, ended = 0, 0, 0
    for shard in shards:
        for line in shard.stdout or ():
            print(line, end="", flush=True)
            if line.startswith("DONE"):
                _, steps, wrong = line.split()
                held, violations, ended = held + int(steps), violations + int(wrong), ended + 1
        shard.wait()
    print(
        f"random: {held:,} operations held, {violations} violations, {len(shards) - ended} shards"
        f" lost, {len(ACTS)} kinds, {connection.vendor}, seed {chosen.seed},"
        f" {time.monotonic() - started:.0f} s"
    )
    return 1 if violations or ended < len(shards) else 0


if __name__ == "__main__":
    sys.exit(main())
