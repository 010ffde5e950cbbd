"""The heartbeat: Celery tasks that beat sends each second."""

from celery import current_app, shared_task
from celery.signals import worker_init
from django.apps import apps
from django.db.models.signals import post_migrate

from config.kernel import canary, clock, job_locks, timetable
from config.kernel.logs import working_on

# A job that waited longer has been overtaken: the next tick sends it again.
EXPIRES_S = 5
# Between the interruption, which a job may clean up after, and the end of its process.
GRACE_S = 10

# Tasks are loaded in every process: here each migration and each worker meets the canary.
post_migrate.connect(canary.hatch, sender=apps.get_app_config("kernel"))


@worker_init.connect
def check_master_key(**_: object) -> None:
    """End a worker at its start where the master key is not this database's."""
    canary.check()


@shared_task(name="kernel.tick")
def tick() -> None:
    """Send each job that is due as a task of its own, with its own time limit."""
    for name in timetable.due_names(clock.now()):
        limit_s = timetable.limit_s(name)
        current_app.send_task(
            "kernel.run_job",
            kwargs={"name": name},
            expires=EXPIRES_S,
            soft_time_limit=limit_s,
            time_limit=limit_s + GRACE_S,
        )


@shared_task(name="kernel.run_job")
def run_job(name: str, **_: object) -> int:
    """Run one job of the timetable, unless another worker is at it; returns what it did.

    A long job is still due while it runs, and a broker brings a long task again: both end
    here at once. Whether it is due is asked under the lock: a message may have waited until
    another worker was done. Unknown extras are let be, so that old workers survive.
    """
    with job_locks.held(name) as is_ours, working_on(job=name):
        now = clock.now()
        return timetable.run(name, now) if is_ours and timetable.is_due(name, now) else 0
