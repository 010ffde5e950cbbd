"""Holds of risk cases that were placed before the tables became one still hold."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.terms.models import PayoutHold
from merchants.terms.queries import is_on_hold
from tests.factories.settlement import make_merchant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE = [("terms", "0001_settlement_terms"), ("risk", "0001_tables")]


def migrated(targets: list[tuple[str, str]]) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    executor.loader.build_graph()
    return executor


def test_a_merchants_hold_is_carried_over_and_a_persons_is_not() -> None:
    merchant = make_merchant()
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        old = migrated(BEFORE[:1]).loader.project_state(BEFORE).apps
        case = old.get_model("risk", "RiskCase").objects.create(
            pattern="fan-in", payer_id=uuid7(), payee_id=merchant.id, summary="many small payments"
        )
        holds = old.get_model("risk", "PayoutHold").objects
        for payee_id, released_at in (
            (merchant.id, clock.now()),
            (merchant.id, None),
            (uuid7(), None),
        ):
            holds.create(payee_id=payee_id, case=case, released_at=released_at)
    finally:
        migrated(leaves)
    rows = PayoutHold.objects.filter(merchant=merchant, case_id=case.id)
    assert sorted(row.lifted_at is None for row in rows) == [False, True]
    assert {row.reason for row in rows} == {"many small payments"}
    assert PayoutHold.objects.count() == 2
    assert is_on_hold(merchant.id)
