"""The gates' way in for production: before Django, as the payment gateway's is.

A scan that opens a gate, or that a policy turns away, is answered here from two
signatures, one look-up and keys that the process remembers; that it happened is written
down in batches. Every other request (a stranger, a forged, expired or revoked code, a body
that is not as it should be) goes on to Django with its body, and is judged, recorded and
answered there: one place for problems, and nothing that looks different. So does all of it
on SQLite, which has one writer.

Why: healthcode/decisions/0003-scans-are-logged-in-batches.md.
"""

import io
import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError, connection
from django.utils.timezone import localtime

from config.kernel import clock
from config.kernel.ids import uuid7
from config.kernel.strict_json import read_json
from healthcode.decisions.cards import colour_badge
from healthcode.passes.queries import kept_gate_keys
from healthcode.subjects.programme import has_ended
from healthcode.verification import queries
from healthcode.verification.gate_log import LOG
from healthcode.verification.models import Terminal
from healthcode.verification.replays import is_first
from healthcode.verification.usecases.record_checks import CheckResult, GateCheck, record_checks
from healthcode.verification.usecases.verify_code import judge_code
from healthcode.verification.values import Verdict

PATH = "/api/v1/health/codes/verify"
SCHEME = "Terminal "
MAX_BODY = 1 << 13
KEPT_S = 1.0
MAX_KEPT = 50_000
OPEN = (Verdict.ADMITTED, Verdict.POLICY)
WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_terminals: dict[str, tuple[float, Terminal]] = {}


class DirectVerify:
    """Wraps a WSGI application; answers good scans of registered gates by itself."""

    def __init__(self, application: WsgiApplication) -> None:
        self.application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return self.application(environ, start_response)
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > MAX_BODY or not _is_json(environ):
            return self.application(environ, start_response)
        body = environ["wsgi.input"].read(int(length))
        answer = _answer_or_pass_on(environ.get("HTTP_AUTHORIZATION", ""), body)
        if answer is None:
            return self.application({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        start_response(
            "200 OK",
            [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(answer))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("X-Request-Id", str(uuid7())),
            ],
        )
        return [answer]


def _is_json(environ: dict[str, Any]) -> bool:
    kind: str = environ.get("CONTENT_TYPE", "")
    return kind.partition(";")[0].strip().lower() == "application/json"


def _answer_or_pass_on(authorization: str, body: bytes) -> bytes | None:
    """The answer; None also where the database is away, so that Django says so.

    Django's signals around a request would ask the database whether it is there before
    each look-up; here the look-up itself finds out.
    """
    try:
        return _answer(authorization, body)
    except DatabaseError:
        connection.close_if_unusable_or_obsolete()
        return None


def _answer(authorization: str, body: bytes) -> bytes | None:
    """The answer to a good scan; None for everything that Django is to deal with."""
    terminal = _terminal(authorization) if connection.vendor == "postgresql" else None
    # Whether there is room inside takes a lock, and so Django's way; that it is over is said there.
    if terminal is None or terminal.venue.capacity is not None or has_ended():
        return None
    try:
        content = read_json(body)
    except ValueError:
        return None
    if not isinstance(content, dict) or not content.keys() <= {"code", "nonce"}:
        return None
    code, nonce = content.get("code"), content.get("nonce", "")
    if not isinstance(code, str) or not isinstance(nonce, str) or len(nonce) > 64:
        return None
    at = clock.now()
    result = judge_code(
        terminal=terminal,
        code=code,
        keys=kept_gate_keys(at=at),
        nonce=nonce.strip().encode(),
        at=at,
    )
    if result.verdict not in OPEN:
        return None
    if result.show and not is_first(result.show, at=at):
        return None  # Django finds the same, says so and writes it down
    entry = GateCheck.of(terminal, result)
    if not LOG.put(entry):
        record_checks([entry])
    return _body(result)


def _terminal(authorization: str) -> Terminal | None:
    """A registered terminal, remembered for KEPT_S; a revoked one is out a second later."""
    if not authorization.startswith(SCHEME):
        return None
    credential = authorization[len(SCHEME) :].strip()
    entry = _terminals.get(credential)
    if entry is not None and time.monotonic() < entry[0]:
        return entry[1]
    terminal = queries.terminal_by(credential)
    _terminals.pop(credential, None)
    if terminal is not None:
        if len(_terminals) >= MAX_KEPT:
            _terminals.clear()
        _terminals[credential] = (time.monotonic() + KEPT_S, terminal)
    return terminal


def forget() -> None:
    """Drop what this process remembers of terminals."""
    _terminals.clear()


def _body(result: CheckResult) -> bytes:
    """The same members as `CheckResultSerializer` writes, in the same order."""
    return json.dumps(
        {
            **colour_badge(result.colour),
            "verdict": result.verdict.value,
            "admitted": result.verdict is Verdict.ADMITTED,
            "name_hint": result.name_hint,
            "birth": result.birth,
            "kind": result.kind,
            "at": localtime(result.at).isoformat(),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
