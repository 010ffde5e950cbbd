"""The heartbeat: Celery tasks that beat sends each second."""

from celery import current_app, shared_task

from config.kernel import clock, timetable


@shared_task(name="kernel.tick")
def tick() -> None:
    """Send each job that is due as a task of its own."""
    for name in timetable.due_names(clock.now()):
        current_app.send_task("kernel.run_job", kwargs={"name": name})


@shared_task(name="kernel.run_job")
def run_job(name: str, **_: object) -> int:
    """Run one job of the timetable. Unknown extras are let be, so that old workers survive."""
    return timetable.run(name, clock.now())
