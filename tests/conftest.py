"""Fixtures every test may use."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from config.celery import app
from config.kernel import clock
from tests import pristine

app.loader.import_default_modules()


@pytest.fixture(autouse=True)
def fresh_process_state() -> Iterator[None]:
    """No clock offset and no cache entry of one test reaches the next."""
    clock.forget()
    cache.clear()
    yield
    clock.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Remember the fresh database; tests that commit get it back afterwards."""
    with django_db_blocker.unblock():
        pristine.keep()
    TransactionTestCase._fixture_teardown = lambda case: pristine.restore()  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `postgres` run where the suite runs on PostgreSQL."""
    if connection.vendor == "postgresql":
        return
    reason = pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL=postgres://…")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(reason)
