"""A key's first answer is its only answer."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from config.kernel.errors import Refused
from config.kernel.idempotency import tasks
from config.kernel.idempotency.models import IdempotencyRecord
from config.kernel.idempotency.run_idempotent import (
    IdempotencyConflict,
    StoredResponse,
    fingerprint,
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
