"""Positions that were open before they were valued are planned by the upgrade."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.kernel import clock
from merchants.exchange.models import FxValuation
from merchants.exchange.usecases.value_positions import value_positions
from tests.factories.exchange import Abroad

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def migrate(targets: list[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    executor.loader.build_graph()


def test_a_position_of_before_is_valued_at_once() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        migrate([("exchange", "0001_tables")])
    finally:
        migrate(leaves)
    assert list(FxValuation.objects.values_list("currency", flat=True)) == ["EUR"]
    assert value_positions(now=clock.now()) == 1
    assert abroad.gain_minor() == 2_36
