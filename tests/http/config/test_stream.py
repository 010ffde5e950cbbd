"""Live events: tokens, replay after a lost connection, refusal without lab mode."""

import asyncio
import json
import uuid
from typing import Any

import pytest
from django.db import transaction

from config.http import stream
from config.http.asgi_router import AsgiRouter
from config.kernel.outbox import writes

pytestmark = pytest.mark.django_db(transaction=True)


def happen(number: int) -> uuid.UUID:
    with transaction.atomic():
        return writes.add(topic="test.happened", aggregate_id="x", payload={"n": number}).id


async def read(query: str, *, headers: list[tuple[bytes, bytes]] | None = None) -> tuple[int, str]:
    """Open the stream, read for a moment, hang up. Gives status and text."""
    sent: list[dict[str, Any]] = []
    hang_up = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await hang_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/events/",
        "query_string": query.encode(),
        "headers": headers or [],
    }
    task = asyncio.create_task(stream.EventStream()(scope, receive, send))
    await asyncio.sleep(0.4)
    hang_up.set()
    await task
    text = b"".join(message.get("body", b"") for message in sent).decode()
    return sent[0]["status"], text


def test_replays_what_was_missed_in_order() -> None:
    ids = [happen(number) for number in range(3)]
    query = f"token={stream.stream_token()}"
    status, text = asyncio.run(read(query, headers=[(b"Last-Event-ID", str(ids[0]).encode())]))
    lines = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
    assert status == 200
    assert [json.loads(line)["payload"]["n"] for line in lines][-2:] == [1, 2]


def test_without_a_position_nothing_old_is_shown() -> None:
    happen(1)
    status, text = asyncio.run(read(f"token={stream.stream_token()}"))
    assert (status, "data:" in text) == (200, False)


@pytest.mark.parametrize("query", ["", "token=forged", "token=a:b:c"])
def test_refuses_without_a_good_token(query: str) -> None:
    status, _ = asyncio.run(read(query))
    assert status == 401


def test_refuses_outside_lab_mode(settings: Any) -> None:
    settings.LAB_MODE = False
    status, _ = asyncio.run(read(f"token={stream.stream_token()}"))
    assert status == 401


def test_a_stream_that_lags_is_cut_off_and_the_others_go_on() -> None:
    async def lag() -> tuple[int, bool]:
        hub = stream.Hub()
        slow: stream.Live = asyncio.Queue(1)
        quick: stream.Live = asyncio.Queue(10)
        hub.queues = {slow, quick}
        for number in range(3):
            hub.tell(number, str(number))
        return quick.qsize(), slow in hub.queues

    assert asyncio.run(lag()) == (3, False)


def test_streams_of_a_world_that_was_put_back_end_and_later_ones_see_what_happens_in_it() -> None:
    async def put_back() -> tuple[bool, list[int]]:
        hub = stream.Hub()
        hub.position = 10_000  # of the world before
        old: stream.Live = asyncio.Queue(10)
        hub.queues = {old}
        await hub.notice_rewind()
        ended = old not in hub.queues and old.get_nowait() == (0, "")
        fresh: stream.Live = asyncio.Queue(10)
        hub.queues = {fresh}
        await asyncio.to_thread(happen, 7)
        await hub._catch_up()
        _, message = fresh.get_nowait()
        return ended, [json.loads(message)["payload"]["n"]]

    assert asyncio.run(put_back()) == (True, [7])


def test_the_switchboard_sends_streams_one_way_and_pages_another() -> None:
    seen: list[str] = []

    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            seen.append(self.name)

    board = AsgiRouter(streams=Named("streams"), rest=Named("rest"))

    async def call(path: str) -> None:
        await board({"type": "http", "path": path}, None, None)  # type: ignore[arg-type]

    asyncio.run(call("/events/"))
    asyncio.run(call("/gateway.do"))
    assert seen == ["streams", "rest"]
