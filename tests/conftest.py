"""Fixtures every test may use."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection

from config.celery import app
from config.kernel import clock

app.loader.import_default_modules()


@pytest.fixture(autouse=True)
def fresh_process_state() -> Iterator[None]:
    """No clock offset and no cache entry of one test reaches the next."""
    clock.forget()
    cache.clear()
    yield
    clock.forget()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `postgres` run where the suite runs on PostgreSQL."""
    if connection.vendor == "postgresql":
        return
    reason = pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL=postgres://…")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(reason)
