"""`manage.py decode_qr`: say what scanned texts are, one JSON line for each.

In:  {"payload": "000201…"}, and "at" (ISO 8601 or epoch milliseconds) to judge expiry.
Out: {"kind", "valid", "errors", "strict_errors", "fields"}, and what the scheme means
by them: "profile", "level", "warnings", "details". A line that is no such object gives
an object of kind "unknown" with an error; the command goes on.
"""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from config.kernel.errors import InvalidRequest
from config.kernel.strict_json import MalformedJson, read_json
from wallet.qr.classify import House, classify
from wallet.qr.values import Kind, Level, Reading, refused


class LineInvalid(InvalidRequest):
    """An input line is not a JSON object with a text `payload`."""

    code = "line_invalid"
    message = "The line is not a JSON object with a payload."


class Command(BaseCommand):
    """Decode JSON lines from standard input."""

    help = 'Read {"payload": …} lines and print what each code is.'
    # Pure text in, text out: no database, no URLs to check first.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Decode until the input ends."""
        house = House(
            hosts=(urlsplit(settings.PUBLIC_URL).netloc,),
            guid=settings.SAOMA_MERCHANT_GUID,
            prefix=settings.SAOMA_PAYCODE_PREFIX,
        )
        for answer in decode_lines(sys.stdin.buffer, house=house):
            self.stdout.write(answer)


def decode_lines(lines: Iterable[bytes], *, house: House) -> Iterable[str]:
    """Answer each line in order with one line of ASCII JSON."""
    for line in lines:
        try:
            payload, at = _question(line)
        except LineInvalid:
            reading = refused(Kind.UNKNOWN, Level.TLV, LineInvalid.code)
        else:
            reading = classify(payload, house=house, at=at)
        yield json.dumps(_answer(reading))


def _question(line: bytes) -> tuple[str, datetime | None]:
    """Take payload and moment from a line.

    Raises:
        LineInvalid: it is not JSON, no object, or its values are of another type.
    """
    try:
        question = read_json(line)
    except MalformedJson as error:
        raise LineInvalid(field="line") from error
    if not isinstance(question, dict) or not isinstance(question.get("payload"), str):
        raise LineInvalid(field="payload")
    return question["payload"], _moment(question.get("at"))


def _moment(value: object) -> datetime | None:
    """Read the moment to judge expiry at; a time without zone is UTC."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, tz=UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise LineInvalid(field="at") from error
    if value is None:
        return None
    raise LineInvalid(field="at")


def _answer(reading: Reading) -> dict[str, object]:
    """Give a reading as a JSON object."""
    return {
        "kind": reading.kind,
        "valid": reading.valid,
        "errors": list(reading.errors),
        "strict_errors": list(reading.strict_errors),
        "fields": reading.fields,
        "profile": reading.profile,
        "level": reading.level,
        "warnings": list(reading.warnings),
        "details": dict(reading.details),
    }
