"""Rules of the four eyes, at their bounds and with what their refusals tell."""

from datetime import UTC, datetime, timedelta

import pytest

from config.kernel.approvals import rules
from config.kernel.approvals.values import TRANSITIONS, Status
from config.kernel.errors import InvariantBroken

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_reason_has_ten_characters_without_its_margins() -> None:
    assert rules.check_reason("  ten letter \n") == "ten letter"
    for text in ("nine char", " nine char ", "", " " * 20):
        with pytest.raises(rules.ReasonTooShort) as refused:
            rules.check_reason(text)
        assert (refused.value.field, refused.value.fields) == ("reason", {"minimum": 10})


def test_maker_and_checker_are_two() -> None:
    rules.check_other(maker_id=1, checker_id=2)
    with pytest.raises(rules.SelfApproval):
        rules.check_other(maker_id=1, checker_id=1)


@pytest.mark.parametrize("status", Status)
def test_what_is_decided_waits_for_nobody_and_says_how_it_stands(status: Status) -> None:
    if status is Status.PENDING:
        rules.check_pending(status.value)
        return
    with pytest.raises(rules.RequestNotPending) as refused:
        rules.check_pending(status.value)
    assert refused.value.fields == {"status": status.value}


@pytest.mark.parametrize("to", Status)
@pytest.mark.parametrize("status", Status)
def test_a_request_moves_as_the_table_says(status: Status, to: Status) -> None:
    if to in TRANSITIONS[status]:
        assert rules.move(status.value, to) is to
        return
    with pytest.raises(InvariantBroken, match=rf"^a request goes from {status} to {to}$"):
        rules.move(status.value, to)


def test_a_new_operator_cools_for_a_day_to_the_second() -> None:
    assert not rules.cooling(promoted_at=None, now=NOON)
    for ago, cooling in ((timedelta(), True), (timedelta(hours=24) - SECOND, True)):
        assert rules.cooling(promoted_at=NOON - ago, now=NOON) is cooling
    assert not rules.cooling(promoted_at=NOON - timedelta(hours=24), now=NOON)


def test_a_comment_is_the_checkers_own_words_or_that_there_were_none() -> None:
    assert rules.comment_of(" seen ") == "seen"
    assert [rules.comment_of(text) for text in ("", " \n")] == ["no comment"] * 2


def test_a_request_is_over_at_the_very_moment_it_ends() -> None:
    ends = [NOON + SECOND, NOON, NOON - SECOND]
    assert [rules.expired(expires_at=end, now=NOON) for end in ends] == [False, True, True]
