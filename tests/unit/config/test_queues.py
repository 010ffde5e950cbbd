"""A worker of quorum queues declares the two queues and none that delays messages."""

from celery.utils.imports import symbol_by_name
from celery.worker.consumer import Consumer

from config.celery import app


def test_a_worker_declares_no_queues_for_delays() -> None:
    ours = symbol_by_name(app.conf.worker_consumer)
    left_out = set(Consumer.Blueprint.default_steps) - set(ours.Blueprint.default_steps)
    assert left_out == {"celery.worker.consumer.delayed_delivery:DelayedDelivery"}
