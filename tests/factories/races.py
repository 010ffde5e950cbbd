"""Payments that race in threads."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from config.kernel.errors import SaomaError
from wallet.payments.values import CreateOutcome, PayOutcome

THREADS = 8


def race(jobs: Sequence[Callable[[], Any]], *, threads: int = THREADS) -> Counter[str]:
    """Run the jobs in threads that start together; count outcomes and refusals by name."""
    results: Counter[str] = Counter()
    queue, lock, start = list(jobs), threading.Lock(), threading.Barrier(min(threads, len(jobs)))

    def work() -> None:
        start.wait(20)
        while True:
            with lock:
                if not queue:
                    break
                job = queue.pop()
            name = outcome_of(job)
            with lock:
                results[name] += 1
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(min(threads, len(jobs)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    return results


def outcome_of(job: Callable[[], Any]) -> str:
    try:
        done = job()
    except SaomaError as refusal:
        return refusal.code
    if isinstance(done, CreateOutcome):
        return f"created={done.created}"
    return str(done.outcome) if isinstance(done, PayOutcome) else f"changed={done.changed}"
