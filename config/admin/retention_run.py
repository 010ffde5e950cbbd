"""Delete what is due to be deleted, now: the jobs of the timetable, started by an operator."""

from datetime import datetime

from config.kernel import clock, job_locks, timetable
from config.kernel.audit import chain

JOBS = (
    "health.purge",
    "health.purge_events",
    "health.purge_passes",
    "health.purge_visits",
    "health.expire_traces",
    "idempotency.forget",
    "limits.forget",
    "payments.drop_codes",
    "retention.forget",
    "workbench.clear_calls",
)
# Batches of one job in one request; the timetable goes on with the rest.
MOST_BATCHES = 50


def next_deletions() -> dict[str, datetime]:
    """When each of the jobs has something to delete, by name; those with nothing are left out."""
    return timetable.dues(JOBS)


def delete_due(*, actor: str, reason: str) -> dict[str, int]:
    """Run each job that is due until nothing more is, and write down who did.

    Safe twice and beside the timetable: a job that runs elsewhere is left to it. Nothing is
    deleted before its time.

    Returns:
        How many rows each job deleted or made nameless.
    """
    now = clock.now()
    counts = {name: _run(name, now) for name, due in next_deletions().items() if due <= now}
    chain.record(
        action="privacy.purge", actor=actor, target="retention", purpose=reason, after=counts
    )
    return counts


def _run(name: str, now: datetime) -> int:
    count = 0
    with job_locks.held(name) as is_ours:
        for _ in range(MOST_BATCHES if is_ours else 0):
            deleted = timetable.run(name, now)
            count += deleted
            if not deleted:
                break
    return count
