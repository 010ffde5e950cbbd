"""The timetable: work that falls due by the world's clock.

A slice registers each kind of due work in its `tasks.py`. Beat ticks every second and
sends each job that is due to Celery; advancing the lab's clock steps from due time to
due time and runs the same functions in order. The rows carry their own `due_at`; no
Celery ETA is ever used.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from config.kernel import transactions
from config.kernel.due_times import Earliest, EarliestOf, moments_of
from config.kernel.errors import invariant

log = logging.getLogger(__name__)

Run = Callable[[datetime], int]
# Topics of the events that merchants hear of; or, in words, why there is nothing to hear.
Tells = tuple[str, ...] | str
NextDue = Callable[[], datetime | None]


# What an ordinary job may take; work of the night says that it needs longer.
USUAL_LIMIT_S = 40
NIGHT_LIMIT_S = 3600


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of due work: name, when it is next due, how it runs, how long it may take (s)."""

    name: str
    next_due: NextDue
    run: Run
    limit_s: int = USUAL_LIMIT_S
    tells: Tells = ()


_jobs: dict[str, Job] = {}


def job(
    name: str, *, next_due: NextDue, limit_s: int = USUAL_LIMIT_S, tells: Tells = ()
) -> Callable[[Run], Run]:
    """Register a function as a job.

    Args:
        name: `slice.verb_object`, unique.
        next_due: the earliest moment at which there is something to do, or None. It may
            lie in the past.
        limit_s: seconds after which a worker interrupts a run.
        tells: topics of the events it causes that merchants are told of, or why there are
            none; the kernel's own jobs and the health code's have nothing to do with merchants.

    The function takes the present moment, does what is due by then (safely twice, safely
    beside another worker) and returns how many things it did.
    """

    def register(run: Run) -> Run:
        registered = _jobs.get(name)
        invariant(
            registered is None or registered.run.__qualname__ == run.__qualname__,
            f"one job is called {name}",
        )
        _jobs[name] = Job(name, next_due, run, limit_s, tells)
        return run

    return register


def names() -> list[str]:
    """Names of all jobs, in the order in which they run at one moment."""
    return sorted(_jobs)


def earliest() -> datetime | None:
    """When the next job falls due."""
    return min(dues().values(), default=None)


def due_names(now: datetime) -> list[str]:
    """Names of the jobs that have something to do by `now`."""
    return [name for name, due in dues().items() if due <= now]


def is_due(name: str, now: datetime) -> bool:
    """Whether a job has something to do by `now`."""
    due = dues([name]).get(name)
    return due is not None and due <= now


def limit_s(name: str) -> int:
    """How many seconds a run of a job may take."""
    return _jobs[name].limit_s


def tells(name: str) -> Tells:
    """What merchants hear of a job, or why they hear nothing."""
    return _jobs[name].tells


def dues(of: Iterable[str] | None = None) -> dict[str, datetime]:
    """When each job falls due, in order of name; one that cannot say it stops no other.

    One statement for the jobs that tell it as data (`due_times`), a query or more for each
    other one.

    Args:
        of: names of the jobs that are meant; all by default.

    Raises:
        OperationalError: the database is away; nobody is asked alone then.
    """
    job_names = names() if of is None else sorted(of)
    answers = _told_together(job_names)
    moments = {}
    for name in job_names:
        try:
            due = answers[name] if name in answers else _jobs[name].next_due()
        except Exception:
            # The edge of one job: its bug ends here, in the log.
            log.exception("a job cannot say when it is due", extra={"job": name})
            continue
        if due is not None:
            moments[name] = due
    return moments


def _told_together(job_names: Iterable[str]) -> dict[str, datetime | None]:
    """What the jobs say that tell it as data; nothing where one of them spoils the statement."""
    by_name: dict[str, Earliest | EarliestOf] = {}
    for name in job_names:
        due = _jobs[name].next_due
        if isinstance(due, Earliest | EarliestOf):
            by_name[name] = due
    try:
        moments = moments_of(list(by_name.values()))
    except DatabaseError as error:
        if transactions.is_lost_connection(error):
            raise
        log.exception("the jobs cannot be asked together; each is asked alone")
        return {}
    return dict(zip(by_name, moments, strict=True))


def run(name: str, now: datetime) -> int:
    """Run one job; returns how many things it did."""
    return _jobs[name].run(now)


def run_due(now: datetime, moments: dict[str, datetime] | None = None) -> list[tuple[str, int]]:
    """Run all jobs due by `now`, each once, in order of name.

    Args:
        now: the present moment.
        moments: what `dues` answered, where the caller has asked already.
    """
    moments = dues() if moments is None else moments
    return [(name, run(name, now)) for name, due in moments.items() if due <= now]
