"""Enqueue work by name, after commit. Use cases never import tasks."""

from celery import current_app

from config.kernel import transactions


def enqueue(task_name: str, **kwargs: object) -> None:
    """Send a task once the transaction has committed; arguments are ids and plain values."""
    transactions.on_commit(lambda: current_app.send_task(task_name, kwargs=kwargs))
