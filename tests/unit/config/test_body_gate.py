"""A body that comes in pieces is read by everything behind the gate as any other."""

import asyncio
from typing import Any

from config.http.body_gate import BodyGate


def handed_on(
    headers: list[tuple[bytes, bytes]], *pieces: bytes
) -> tuple[dict[bytes, bytes], bytes]:
    """Headers and body of a request as what stands behind the gate has them."""
    told: list[Any] = []
    messages = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, start=1)
    ]

    async def receive() -> Any:
        return messages.pop(0)

    async def send(_: Any) -> None:
        raise AssertionError("nothing is refused here")

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        told.extend((dict(scope["headers"]), (await receive())["body"]))

    scope = {"type": "http", "http_version": "1.1", "headers": headers}
    asyncio.run(BodyGate(behind, limit=100, seconds=5)(scope, receive, send))
    return told[0], told[1]


def test_a_body_in_pieces_has_a_length_behind_the_gate() -> None:
    pieces = (b"transfer-encoding", b"chunked")
    headers, body = handed_on([(b"host", b"x"), pieces], b"method=", b"alipay.trade.query")
    assert body == b"method=alipay.trade.query"
    assert headers == {b"host": b"x", b"content-length": str(len(body)).encode()}


def test_a_declared_length_stays_and_no_body_has_none() -> None:
    assert handed_on([(b"content-length", b"3")], b"a=1") == ({b"content-length": b"3"}, b"a=1")
    assert handed_on([(b"content-length", b"0")]) == ({}, b"")
