"""A database that the migrations of before made needs none of those that replace them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_what_the_replaced_migrations_made_is_left_alone() -> None:
    replacing = MigrationExecutor(connection).loader.replacements
    assert replacing
    for app, name in replacing:
        MigrationRecorder(connection).record_unapplied(app, name)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_code_of_before_finds_its_migrations_in_a_database_made_anew() -> None:
    applied = MigrationRecorder(connection).applied_migrations()
    for migration in MigrationExecutor(connection).loader.replacements.values():
        assert set(migration.replaces) <= set(applied)
