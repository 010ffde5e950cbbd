"""`manage.py bench` says what it needs before it does anything."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor == "postgresql", reason="about other databases")
def test_without_postgresql_it_asks_for_it() -> None:
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("bench")


@pytest.mark.postgres
def test_without_redis_it_asks_for_it(settings: Settings) -> None:
    settings.REDIS_URL = ""
    with pytest.raises(CommandError, match="REDIS_URL"):
        call_command("bench")
