"""Celery: queues and timetable as one table.

Three beats keep the world going: `tick` sends due jobs, `relay` empties the outbox,
`sweep` sends again what a wiped broker or a lost worker forgot.
"""

import logging.config
import os

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = Celery("saoma")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def set_up_logs(**_: object) -> None:
    """Log as the web does, in JSON lines; a receiver here keeps Celery's own format away."""
    logging.config.dictConfig(settings.LOGGING)


app.conf.worker_consumer = "config.worker_consumer:UndelayedConsumer"
app.conf.task_default_queue = "effects"
app.conf.task_routes = {
    "kernel.*": {"queue": "due"},
    "outbox.relay": {"queue": "due"},
    "outbox.sweep": {"queue": "due"},
    "outbox.deliver": {"queue": "effects"},
}
# A beat that waited in the queue for longer than its period has been overtaken.
app.conf.beat_schedule = {
    "tick": {"task": "kernel.tick", "schedule": 1.0, "options": {"expires": 5}},
    "relay": {"task": "outbox.relay", "schedule": 1.0, "options": {"expires": 5}},
    "sweep": {"task": "outbox.sweep", "schedule": 15.0, "options": {"expires": 60}},
}
