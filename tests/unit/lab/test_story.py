"""A payment's tag and its arrows: the same number gives the same, and the order is the world's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lab.story import arrows, tags

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NUMBER = "2026030122010000000000004821"


def told(**parts: Any) -> dict[str, Any]:
    """A story with nothing in it but these parts."""
    empty: dict[str, Any] = {
        name: []
        for name in ("calls", "journals", "events", "notifications", "settlement", "payouts")
    }
    return {**empty, "method": "CODE", "amount": "12.00", **parts}


def call(method: str = "alipay.trade.pay", **facts: Any) -> dict[str, Any]:
    row = {"id": "c", "at": NOON, "ms": 20.0, "method": method, "body": "auth_code=28"}
    row |= {"signed": {"valid": True}, "code": "10000", "sub_code": "", "faults": ""}
    return row | facts


def journal(kind: str, at: datetime = NOON - timedelta(milliseconds=5)) -> dict[str, Any]:
    return {"id": "j", "kind": kind, "at": at, "amount": "12.00"}


def keys(story: dict[str, Any]) -> list[str]:
    return [arrow["key"] for arrow in arrows.of_story(story)]


def test_a_number_has_one_short_form_and_one_colour() -> None:
    assert (tags.short(NUMBER), tags.colour(NUMBER)) == ("#4821", 1)
    assert tags.is_number(NUMBER)


@pytest.mark.parametrize(
    "text", ["", "4821", NUMBER[:-1], f"{NUMBER}0", f"{NUMBER[:8]}33{NUMBER[10:]}"]
)
def test_other_numbers_are_no_payments(text: str) -> None:
    assert not tags.is_number(text)


def test_the_entry_stands_between_question_and_answer() -> None:
    event = {"id": "e", "topic": "payment.paid", "at": NOON - timedelta(milliseconds=5)}
    story = told(calls=[call()], journals=[journal("payment")], events=[event])

    assert keys(story) == ["shows_code", "call", "entry.payment", "answer", "event"]


def test_a_refused_call_posts_nothing_and_a_forged_one_is_marked() -> None:
    forged = call(sub_code="isv.invalid-signature", signed={"valid": False})

    drawn = arrows.of_story(told(calls=[forged]))

    assert [(one["key"], one["mark"]) for one in drawn[1:]] == [
        ("call", "broken"),
        ("refused", "signed"),
    ]


def test_a_scanned_order_is_confirmed_on_the_phone() -> None:
    later = journal("payment", NOON + timedelta(minutes=1))
    story = told(method="ORDER", calls=[call("alipay.trade.precreate", body="")], journals=[later])

    assert keys(story) == ["call", "answer", "confirms", "entry.payment"]


def test_a_notification_that_was_not_believed_is_broken() -> None:
    tries = [
        {"at": NOON, "status": status, "answer": text, "failure": ""}
        for status, text in ((500, "oops"), (200, "success"))
    ]
    note = {"id": "n", "url": "http://shop", "attempts": tries}

    drawn = arrows.of_story(told(notifications=[note]))

    assert [one["mark"] for one in drawn] == ["broken", "verified"]
