"""A key's first answer is its only answer."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from config.kernel import transactions
from config.kernel.errors import Refused
from config.kernel.idempotency import run_idempotent as module
from config.kernel.idempotency import tasks
from config.kernel.idempotency.models import IdempotencyRecord
from config.kernel.idempotency.run_idempotent import (
    IdempotencyConflict,
    RequestInFlight,
    StoredResponse,
    fingerprint,
    has_answer,
    run_idempotent,
)
from tests.factories.clock import advance

pytestmark = pytest.mark.django_db
calls: list[int] = []


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


def act(body: object, *, key: str = "k1", owner: str = "li", fails: bool = False) -> StoredResponse:
    def run() -> tuple[int, object]:
        calls.append(1)
        if fails:
            raise Refused
        return 201, {"number": len(calls)}

    return run_idempotent(owner=owner, endpoint="transfers", key=key, body=body, run=run)


def test_gives_the_first_answer_again() -> None:
    first, again = act({"a": 1}), act({"a": 1})
    assert (first.replayed, again.replayed) == (False, True)
    assert first.body == again.body == {"number": 1}
    assert again.status == 201


def test_does_not_mind_the_order_of_fields() -> None:
    act({"a": 1, "b": 2})
    assert act({"b": 2, "a": 1}).replayed


def test_refuses_the_same_key_with_another_body() -> None:
    act({"a": 1})
    with pytest.raises(IdempotencyConflict):
        act({"a": 2})
    assert len(calls) == 1


def test_keeps_owners_apart() -> None:
    act({"a": 1}, owner="li")
    assert not act({"a": 2}, owner="mei").replayed


def test_stores_nothing_when_the_work_fails() -> None:
    with pytest.raises(Refused):
        act({"a": 1}, fails=True)
    assert not act({"a": 1}).replayed


def test_a_repeat_is_answered_by_one_look_and_no_transaction() -> None:
    act({"a": 1})
    with CaptureQueriesContext(connection) as queries:
        act({"a": 1})
    assert [query["sql"].partition(" ")[0] for query in queries] == ["SELECT"]


def act_while_another_wins(body: object, *, winners: object) -> StoredResponse:
    """Do the work of a key whose first answer somebody else stores meanwhile."""

    def run() -> tuple[int, object]:
        IdempotencyRecord.objects.create(
            owner="li",
            endpoint="transfers",
            key="k1",
            fingerprint=fingerprint(winners),
            status=202,
            body={"number": "theirs"},
        )
        return 201, {"number": "ours"}

    return run_idempotent(owner="li", endpoint="transfers", key="k1", body=body, run=run)


def test_who_loses_the_race_for_a_key_gets_the_winners_answer() -> None:
    answer = act_while_another_wins({"a": 1}, winners={"a": 1})
    assert (answer.status, answer.body, answer.replayed) == (202, {"number": "theirs"}, True)


def test_who_loses_the_race_for_a_key_with_another_body_is_refused() -> None:
    with pytest.raises(IdempotencyConflict) as refused:
        act_while_another_wins({"a": 1}, winners={"a": 2})
    assert (refused.value.field, refused.value.fields) == ("Idempotency-Key", {"key": "k1"})


def test_a_refusal_of_the_database_that_is_not_about_the_key_is_passed_on() -> None:
    def run() -> tuple[int, object]:
        raise IntegrityError("another table's")

    with pytest.raises(IntegrityError, match="another"):
        run_idempotent(owner="li", endpoint="transfers", key="k1", body={}, run=run)
    assert not IdempotencyRecord.objects.exists()


def test_an_answer_is_kept_as_it_was_given_under_owner_endpoint_and_key() -> None:
    act({"b": [2], "a": 1})
    row = IdempotencyRecord.objects.get()
    digest = hashlib.sha256(b'{"a":1,"b":[2]}').hexdigest()
    assert (row.owner, row.endpoint, row.key) == ("li", "transfers", "k1")
    assert (row.status, row.body, row.fingerprint) == (201, {"number": 1}, digest)
    names = {"owner": "li", "endpoint": "transfers", "key": "k1"}
    assert has_answer(**names)
    for name in names:
        assert not has_answer(**{**names, name: "another"})


def test_a_body_may_hold_what_json_has_no_word_for() -> None:
    digest = hashlib.sha256(b'{"amount":"1.50"}').hexdigest()
    assert fingerprint({"amount": Decimal("1.50")}) == digest


class Postgres:
    """A connection that answers whether a lock was to be had."""

    vendor = "postgresql"

    def __init__(self, row: tuple[bool] | None) -> None:
        self.row = row
        self.statements: list[tuple[str, list[object]]] = []

    @contextmanager
    def cursor(self) -> Iterator["Postgres"]:
        yield self

    def execute(self, sql: str, values: list[object]) -> None:
        self.statements.append((sql, values))

    def fetchone(self) -> tuple[bool] | None:
        return self.row


@pytest.mark.parametrize("row", [(True,), (False,), None])
def test_a_key_that_somebody_holds_is_in_flight(
    row: tuple[bool] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Postgres(row)
    monkeypatch.setattr(module, "connection", database)
    if row == (True,):
        act({"a": 1})
    else:
        with pytest.raises(RequestInFlight) as refused:
            act({"a": 1})
        assert refused.value.fields == {"key": "k1"}
    number = transactions.lock_number("li", "transfers", "k1")
    assert database.statements == [("SELECT pg_try_advisory_xact_lock(%s)", [number])]
    assert bool(calls) is (row == (True,))


def test_a_record_says_whose_endpoint_it_is_of() -> None:
    act({"a": 1})
    assert str(IdempotencyRecord.objects.get()) == "transfers k1"


def test_forgets_after_thirty_days() -> None:
    act({"a": 1})
    advance(days=29)
    assert IdempotencyRecord.objects.count() == 1
    advance(days=2)
    assert IdempotencyRecord.objects.count() == 0


def test_forgetting_falls_due_only_when_something_is_kept() -> None:
    assert tasks.next_forgetting() is None


def test_fingerprints_survive_broken_text() -> None:
    assert fingerprint({"name": "\ud800"}) != fingerprint({"name": "x"})
