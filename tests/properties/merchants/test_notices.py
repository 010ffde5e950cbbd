"""The ladder and the notification's string, whatever the hour and whatever the text."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.notifications import webhook_payload
from merchants.notifications.webhook_payload import LADDER, SENDS, Failure
from merchants.protocol import rules

START = datetime(2026, 1, 1, tzinfo=UTC)
DELAYS = st.lists(
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=3)), min_size=10, max_size=10
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
FORMS = st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), TEXT, max_size=8)


def climb(delays: list[timedelta]) -> list[datetime]:
    """When an event is sent that nobody answers, each send late by its delay."""
    planned_at: datetime | None = START
    sent: list[datetime] = []
    for sends, delay in enumerate(delays, start=1):
        if planned_at is None:
            break
        sent.append(planned_at + delay)
        planned_at = webhook_payload.next_send_at(sends=sends, planned_at=planned_at, now=sent[-1])
    return sent


def test_spreads_eight_sends_over_a_day_when_each_is_on_time() -> None:
    sent = climb([timedelta()] * 10)
    assert len(sent) == SENDS
    assert sent[-1] - sent[0] == sum(LADDER, timedelta())
    assert sent[-1] - sent[0] < timedelta(hours=25)


@given(DELAYS)
def test_never_sends_more_than_eight_times(delays: list[timedelta]) -> None:
    assert len(climb(delays)) == SENDS


@given(DELAYS)
def test_never_sends_a_burst_after_a_pause(delays: list[timedelta]) -> None:
    sent = climb(delays)
    for later, earlier in zip(sent[1:], sent, strict=False):
        assert later > earlier


@given(st.lists(st.timedeltas(timedelta(), timedelta(seconds=30)), min_size=10, max_size=10))
def test_keeps_the_ladders_hours_when_sends_are_a_little_late(delays: list[timedelta]) -> None:
    sent = climb(delays)
    for number, moment in enumerate(sent):
        on_time = START + sum(LADDER[:number], timedelta())
        assert on_time <= moment <= on_time + timedelta(seconds=30)


@given(FORMS, st.sampled_from(["utf-8", "gbk"]))
def test_reads_the_same_values_that_were_signed(form: dict[str, str], encoding: str) -> None:
    sent = webhook_payload.encodable(form, encoding)
    body = urlencode(sent, encoding=encoding)
    received = dict(parse_qsl(body, encoding=encoding, keep_blank_values=True))
    assert received == sent
    assert rules.notification_canonical(received) == rules.notification_canonical(sent)


@given(FORMS)
def test_loses_nothing_in_utf8(form: dict[str, str]) -> None:
    assert webhook_payload.encodable(form, "utf-8") == form


@given(st.integers(100, 599), st.binary(max_size=20))
def test_takes_one_answer_for_success_and_no_other(status: int, answer: bytes) -> None:
    good = status == 200 and answer == b"success"
    assert (webhook_payload.failure_of(status, answer) is None) is good


@pytest.mark.parametrize(
    ("status", "failure"),
    [(200, None), (204, Failure.NOT_SUCCESS), (301, Failure.REDIRECT), (500, Failure.NOT_SUCCESS)],
)
def test_judges_the_status_before_the_word(status: int, failure: Failure | None) -> None:
    assert webhook_payload.failure_of(status, b"success") is failure


@given(
    st.text("0123456789", min_size=14, max_size=14), st.text("0123456789", min_size=15, max_size=15)
)
def test_gives_ids_of_34_digits_with_the_date_first(moment: str, random: str) -> None:
    made = webhook_payload.notify_id(beijing_digits=moment, random_digits=random)
    assert len(made) == 34
    assert made.isdigit()
    assert made.startswith(moment[:8])
