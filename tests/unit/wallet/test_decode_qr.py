"""`manage.py decode_qr`, line by line."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from tests.unit.wallet.qr.builders import merchant_code
from wallet.payments.management.commands.decode_qr import decode_lines
from wallet.qr.classify import NOBODY

LIFE = "0013172682191579701131726822035797"
EXPIRING = merchant_code({"26": None, "29": "0011li@bank.com", "53": "116", "58": "KH", "99": LIFE})


def decode(*lines: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in decode_lines(lines, house=NOBODY)]


def test_a_line_is_answered_with_kind_verdict_and_fields() -> None:
    [answer] = decode(json.dumps({"payload": merchant_code()}).encode())

    assert answer["kind"] == "mpm"
    assert answer["valid"] is True
    assert answer["errors"] == answer["strict_errors"] == []
    assert answer["fields"]["59"] == "TEA HOUSE"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"not json",
        b'"text"',
        b"[1]",
        b"{}",
        b'{"payload": 1}',
        b'{"payload": "x", "at": "yesterday"}',
        b'{"payload": "x", "at": true}',
        b'{"payload": "x", "at": 1e400}',
        b'{"payload": "x", "at": 99999999999999999999}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_a_malformed_line_is_answered_and_the_next_one_read(line: bytes) -> None:
    bad, good = decode(line, b'{"payload": "755224"}')

    assert bad["errors"] == ["line_invalid"]
    assert good["kind"] == "otp"


@pytest.mark.parametrize("at", ["2026-01-01T00:00:00", "2026-01-01T00:00:00+08:00", 1767225600000])
def test_expiry_is_judged_where_a_moment_is_given(at: str | int) -> None:
    late, whenever = decode(
        json.dumps({"payload": EXPIRING, "at": at}).encode(),
        json.dumps({"payload": EXPIRING}).encode(),
    )

    assert late["errors"] == ["expired"]
    assert whenever["valid"]
    assert whenever["details"]["expires"] == "1726822035797"


def test_half_a_character_is_no_json() -> None:
    assert decode(b'{"payload": "\\ud800"}')[0]["errors"] == ["line_invalid"]


def test_the_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    source = io.TextIOWrapper(io.BytesIO(b'{"payload": "li@bank"}\n'))
    monkeypatch.setattr("sys.stdin", source)
    out = io.StringIO()

    call_command("decode_qr", stdout=out)

    assert json.loads(out.getvalue())["kind"] == "vpa"
