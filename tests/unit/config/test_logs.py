"""A line of the log says what it is about, whoever writes it."""

import json
import logging

from config.kernel.logs import JsonFormatter, RequestIdFilter, request_id, working_on


def line(message: str = "done") -> dict[str, str]:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "any.module"})
    RequestIdFilter().filter(record)
    read: dict[str, str] = json.loads(JsonFormatter().format(record))
    return read


def test_a_line_bears_the_effect_it_was_written_in() -> None:
    with working_on(event="e1", topic="payment.paid"), working_on(consumer="bills"):
        inside = line()

    assert (inside["event"], inside["topic"], inside["consumer"]) == ("e1", "payment.paid", "bills")
    assert "event" not in line()


def test_a_line_bears_its_request() -> None:
    token = request_id.set("r1")
    try:
        assert line()["request_id"] == "r1"
    finally:
        request_id.reset(token)


def test_times_are_utc_with_their_offset() -> None:
    assert line()["at"].endswith("+00:00")
