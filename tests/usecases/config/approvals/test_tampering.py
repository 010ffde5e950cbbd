"""Requests and votes are tamper-proof in the database itself, whatever path writes a row."""

import pytest
from django.db import connection, models

from config.kernel.approvals.models import (
    ApprovalRequest,
    ApprovalVote,
    OperatorSponsor,
    TargetVersion,
)
from config.kernel.approvals.sponsors import record_sponsor
from config.kernel.approvals.values import SponsorAct
from tests.factories.approvals import RENAME_BY_TWO, Desk
from tests.factories.operators import make_checker
from tests.factories.tampering import other_value, refused

pytestmark = pytest.mark.django_db
TABLES = (ApprovalRequest, ApprovalVote, OperatorSponsor, TargetVersion)
REQUEST, VOTE = ApprovalRequest._meta.db_table, ApprovalVote._meta.db_table


@pytest.fixture
def desk() -> Desk:
    """A request that waits with one of two votes, and an operator with a sponsor."""
    desk = Desk()
    desk.request = desk.ask(action=RENAME_BY_TWO)  # type: ignore[attr-defined]
    desk.approve(desk.request)  # type: ignore[attr-defined]
    record_sponsor(operator=desk.cleo, sponsors=[desk.carl], act=SponsorAct.CREATED)
    return desk


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (model, field.column)
        for model in (ApprovalRequest, ApprovalVote, OperatorSponsor)
        for field in model._meta.fields
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_no_column_is_edited(desk: Desk, model: type[models.Model], column: str) -> None:
    field = next(field for field in model._meta.fields if field.column == column)
    table = model._meta.db_table
    assert refused(f"UPDATE {table} SET {column} = %s", other_value(field))


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_nothing_is_deleted(desk: Desk, model: type[models.Model]) -> None:
    assert refused(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.postgres
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_no_table_is_emptied(desk: Desk, model: type[models.Model]) -> None:
    assert refused(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_nothing_is_replaced(desk: Desk, model: type[models.Model]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows on insertion")
    table = model._meta.db_table
    assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert refused(f"UPDATE OR REPLACE {table} SET rowid = rowid + 1")


@pytest.mark.parametrize("status", ["APPROVED", "EXECUTED", "REJECTED", "FAILED", "STALE"])
def test_a_request_begins_as_pending(desk: Desk, status: str) -> None:
    columns = [str(field.column) for field in ApprovalRequest._meta.fields if field.name != "id"]
    values = ", ".join(f"'{status}'" if name == "status" else name for name in columns)
    new_id = "a" * 32
    sql = f"INSERT INTO {REQUEST} (id, {', '.join(columns)}) SELECT %s, {values} FROM {REQUEST}"
    assert refused(sql, new_id)


@pytest.mark.parametrize("status", ["APPROVED", "EXECUTED", "REJECTED", "FAILED"])
def test_a_request_moves_only_as_its_votes_allow(desk: Desk, status: str) -> None:
    assert refused(f"UPDATE {REQUEST} SET status = %s", status)


def vote(desk: Desk, *, maker: int, checker: int) -> bool:
    """Whether the database refuses a vote."""
    request = desk.request  # type: ignore[attr-defined]
    key = request.id.hex if connection.vendor == "sqlite" else request.id
    return refused(
        f"INSERT INTO {VOTE} (request_id, maker_id, checker_id, approves, comment, voted_at)"
        f" SELECT %s, %s, %s, %s, '', requested_at FROM {REQUEST}",
        key, maker, checker, True,
    )  # fmt: skip


def test_a_vote_is_another_operators_and_given_once(desk: Desk) -> None:
    assert vote(desk, maker=desk.mia.pk, checker=desk.mia.pk)
    assert vote(desk, maker=desk.cleo.pk, checker=desk.mia.pk)
    assert vote(desk, maker=desk.mia.pk, checker=desk.carl.pk)
    assert not vote(desk, maker=desk.mia.pk, checker=desk.cleo.pk)


def test_no_vote_is_added_to_what_is_decided(desk: Desk) -> None:
    dora = make_checker("dora", RENAME_BY_TWO)
    desk.approve(desk.request, dora)  # type: ignore[attr-defined]
    assert vote(desk, maker=desk.mia.pk, checker=desk.group.pk + 999)


def test_a_version_is_not_set_back(desk: Desk) -> None:
    TargetVersion.objects.update(version=5)
    assert refused(f"UPDATE {TargetVersion._meta.db_table} SET version = 4")
