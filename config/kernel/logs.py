"""Structured logs: one JSON object a line, each with the id of the request it served."""

import contextlib
import contextvars
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
# What a worker is doing: task, and for an effect its event and consumer.
work: contextvars.ContextVar[Mapping[str, str] | None] = contextvars.ContextVar(
    "work", default=None
)

_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request_id"}


class RequestIdFilter(logging.Filter):
    """Puts on each record whom it serves: the request's id, the task, the event."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.__dict__.update(work.get() or {})
        return True


class ReadinessFilter(logging.Filter):
    """Drops Django's error line of each 503 of `/readyz`: the probe logs its own changes."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(getattr(record, "request", None), "path", "") != "/readyz"


@contextlib.contextmanager
def working_on(**facts: str) -> Iterator[None]:
    """Put these facts on every record that is logged meanwhile, by whatever module."""
    token = work.set({**(work.get() or {}), **facts})
    try:
        yield
    finally:
        work.reset(token)


class JsonFormatter(logging.Formatter):
    """Writes a record and its extras as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if rid := getattr(record, "request_id", ""):
            line["request_id"] = rid
        line.update({k: v for k, v in record.__dict__.items() if k not in _PLAIN})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
