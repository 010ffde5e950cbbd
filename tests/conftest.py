"""Fixtures every test may use."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as properties
from pytest_django import DjangoDbBlocker

from config.celery import app
from config.kernel import clock
from tests import pristine, template
from tests.query_bound import QueryBound, bounded

app.loader.import_default_modules()
# What a machine with other work takes for an example proves nothing about the product.
properties.register_profile("saoma", deadline=None)
properties.register_profile("long", deadline=None, max_examples=2_000)
properties.load_profile("saoma")


@pytest.fixture(autouse=True)
def fresh_process_state() -> Iterator[None]:
    """No clock offset and no cache entry of one test reaches the next."""
    clock.forget()
    cache.clear()
    shutil.rmtree(settings.SAOMA_AUDIT_DIR, ignore_errors=True)
    yield
    clock.forget()


@pytest.fixture(autouse=True)
def query_bound() -> Iterator[QueryBound]:
    """No request of a test asks the database without end."""
    bound = QueryBound()
    with bounded(bound):
        yield bound


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Copy the template; remember it, for tests that commit get it back afterwards."""
    with django_db_blocker.unblock():
        template.make_test_database()
        pristine.keep()
    TransactionTestCase._fixture_teardown = lambda case: pristine.restore()  # type: ignore[attr-defined]
    yield
    with django_db_blocker.unblock():
        template.drop_test_database()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `postgres` run where the suite runs on PostgreSQL."""
    if connection.vendor == "postgresql":
        return
    reason = pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL=postgres://…")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(reason)
