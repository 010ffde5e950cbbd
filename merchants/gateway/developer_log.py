"""Record each call for the workbench, where its developer will look for it."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from config.kernel import clock
from merchants.protocol.values import Reply
from merchants.workbench import recorder
from merchants.workbench.values import Exchange, Protocol


def answer_and_log(
    answer: Callable[..., Reply],
    environ: Mapping[str, Any],
    body: bytes,
    *,
    trace_id: str,
    too_large: bool,
) -> Reply:
    """Answer one request to /gateway.do, and hand it to the log where there is one.

    Args:
        answer: `endpoint.answer`.
        environ: of the WSGI request.
        body: as it was sent.
        trace_id: the call's id.
        too_large: the body is longer than the gateway reads.
    """
    query = environ.get("QUERY_STRING", "")
    content_type = environ.get("CONTENT_TYPE") or ""
    started = time.perf_counter()
    reply = answer(
        query.encode("latin-1"), body, content_type, trace_id=trace_id, too_large=too_large
    )
    record(
        Protocol.V2,
        environ,
        body,
        trace_id=trace_id,
        status=302 if reply.location else 200,
        answer=reply.location.encode() if reply.location else reply.body,
        started=started,
        faults=reply.faults,
    )
    return reply


def record(
    protocol: Protocol,
    environ: Mapping[str, Any],
    body: bytes,
    *,
    trace_id: str,
    status: int,
    answer: bytes,
    started: float,
    faults: str,
) -> None:
    """Hand one call to the log, where there is one.

    Args:
        protocol: which face of the gateway was asked.
        environ: of the request.
        body: as it was sent.
        trace_id: the call's id.
        status: of the answer.
        answer: its body, or the address it sends the browser to.
        started: the performance counter's reading when the call came in.
        faults: what the lab did to it.
    """
    if not recorder.is_on():
        return
    query = environ.get("QUERY_STRING", "")
    target = environ["PATH_INFO"] + (f"?{query}" if query else "")
    recorder.record_call(
        Exchange(
            at=clock.now(),
            trace_id=trace_id,
            protocol=protocol,
            verb=environ["REQUEST_METHOD"],
            target=recorder.shown(target.encode("latin-1", "replace")),
            authorization=recorder.shown(environ.get("HTTP_AUTHORIZATION", "").encode()),
            content_type=environ.get("CONTENT_TYPE") or "",
            body=recorder.shown(body),
            status=status,
            answer=recorder.shown(answer),
            duration_us=elapsed_us(started),
            faults=faults,
        )
    )


def elapsed_us(started: float) -> int:
    """Microseconds since a reading of the performance counter."""
    return int((time.perf_counter() - started) * 1_000_000)
