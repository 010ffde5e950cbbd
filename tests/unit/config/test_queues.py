"""A worker of quorum queues declares the two queues and none that delays messages."""

import pytest
from celery.worker.consumer import Consumer

from config.celery import declare_no_delays


def test_a_worker_declares_no_queues_for_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Consumer.Blueprint.default_steps
    monkeypatch.setattr(Consumer.Blueprint, "default_steps", before)
    declare_no_delays()
    left_out = set(before) - set(Consumer.Blueprint.default_steps)
    assert left_out == {"celery.worker.consumer.delayed_delivery:DelayedDelivery"}
