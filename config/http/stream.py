"""Live events to browsers: server-sent events, resumable, one hub a process.

A client shows a short-lived signed token (`stream_token`), gets the events after its
`Last-Event-ID` from the outbox table, then what the live channel brings. The channel may
lose messages and is only a bell: whatever is sent was read from the table after the position
of what was sent before (`config.kernel.outbox.event_log`), so that nothing is missed, however
late it committed, and nothing comes twice.
"""

import asyncio
import contextlib
import json
import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import signing
from django.db import connection

from config.http.asgi_router import Receive, Scope, Send
from config.kernel.outbox import event_log, relay
from config.kernel.outbox.models import OutboxEvent

log = logging.getLogger(__name__)

TOKEN_LIFE = timedelta(minutes=10)
HEARTBEAT_S = 15.0
POLL_S = 1.0
BACKLOG = 1000
Live = asyncio.Queue[tuple[int, str]]
REPLAY_LIMIT = 500
_SALT = "saoma.stream"


def stream_token() -> str:
    """A token that opens the stream for the next ten minutes (reconnects ask for another)."""
    return signing.dumps({"scope": "lab"}, salt=_SALT)


def token_is_good(token: str) -> bool:
    """Whether a token was made here and is still young."""
    try:
        signing.loads(token, salt=_SALT, max_age=TOKEN_LIFE)
    except signing.BadSignature:
        return False
    return True


class Hub:
    """One subscription to the live channel, shared by all streams of a process."""

    def __init__(self) -> None:
        self.queues: set[Live] = set()
        self.task: asyncio.Task[None] | None = None
        self.position = 0

    def join(self) -> Live:
        """Open a queue of live events and see that the hub runs."""
        queue: Live = asyncio.Queue(BACKLOG)
        self.queues.add(queue)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run())
        return queue

    def leave(self, queue: Live) -> None:
        """Close a queue."""
        self.queues.discard(queue)

    async def notice_rewind(self) -> None:
        """Begin anew where a lab has put an older world back: its positions are counted again.

        Streams end and resume; what they had is not in that world.
        """
        newest = await sync_to_async(newest_position)()
        if newest >= self.position:
            return
        self.position = newest
        self.tell(0, "")
        self.queues.clear()

    def tell(self, position: int, message: str) -> None:
        """Hand a message to every stream; one that lags too far is cut off and resumes."""
        for queue in list(self.queues):
            try:
                queue.put_nowait((position, message))
            except asyncio.QueueFull:
                self.leave(queue)

    async def _run(self) -> None:
        self.position = await sync_to_async(newest_position)()
        while self.queues:
            try:
                await (self._listen() if settings.REDIS_URL else self._poll())
            except redis.RedisError as error:
                log.warning("live channel lost", extra={"error": str(error)})
                await asyncio.sleep(POLL_S)

    async def _listen(self) -> None:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
        async with client, client.pubsub() as channel:
            await channel.subscribe(relay.LIVE_CHANNEL)
            while self.queues:
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=POLL_S)
                if message:
                    await self._catch_up()

    async def _poll(self) -> None:
        """Without Redis the table itself is asked, once a second."""
        while self.queues:
            await asyncio.sleep(POLL_S)
            await self._catch_up()

    async def _catch_up(self) -> None:
        """Hand on what has happened since; one bell may stand for many events, or for none."""
        if not await self._hand_on():
            await self.notice_rewind()

    async def _hand_on(self) -> bool:
        """Hand on events after the hub's position; gives whether there were any."""
        before = self.position
        while events := await sync_to_async(events_after)(self.position):
            for position, event in events:
                self.position = position
                self.tell(position, json.dumps(event))
        return self.position > before


class EventStream:
    """The ASGI application behind `/events/`."""

    def __init__(self) -> None:
        self.hub = Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        token = query.get("token", [""])[0]
        if scope["method"] != "GET" or not settings.LAB_MODE or not token_is_good(token):
            await _refuse(send)
            return
        last_id = _last_event_id(scope, query)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"text/event-stream; charset=utf-8"),
                    (b"cache-control", b"no-store"),
                    (b"x-accel-buffering", b"no"),
                ],
            }
        )
        await self.hub.notice_rewind()
        queue = self.hub.join()
        pump = asyncio.create_task(self._pump(queue, last_id, send))
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self.hub.leave(queue)
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump

    async def _pump(self, queue: Live, last_id: uuid.UUID | None, send: Send) -> None:
        await _write(send, "retry: 2000\n\n")
        sent = 0 if last_id is None else await self._replay(last_id, send)
        while queue in self.hub.queues or not queue.empty():
            try:
                position, message = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
            except TimeoutError:
                await _write(send, ": still here\n\n")
                continue
            if position > sent:
                await _write(send, frame(message))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _replay(self, last_id: uuid.UUID, send: Send) -> int:
        """Send what was missed since an event; gives the position up to which that was."""
        sent = await sync_to_async(position_of)(last_id)
        while missed := await sync_to_async(events_after)(sent):
            await _write(send, "".join(frame(json.dumps(event)) for _, event in missed))
            sent = missed[-1][0]
        return sent


def events_after(position: int) -> list[tuple[int, dict[str, object]]]:
    """Events after a position, each with its own, oldest first, at most REPLAY_LIMIT."""
    try:
        events = event_log.events_since(
            OutboxEvent.objects.all(), stream=event_log.OUTBOX, after=position, limit=REPLAY_LIMIT
        )
        return [(event.position or 0, relay.as_live(event)) for event in events]
    finally:
        # This runs in a helper thread now and then; it keeps no connection meanwhile.
        connection.close()


def newest_position() -> int:
    """The position of the newest event."""
    try:
        return event_log.newest_position(OutboxEvent.objects.all(), stream=event_log.OUTBOX)
    finally:
        connection.close()


def position_of(event_id: uuid.UUID) -> int:
    """The position of an event; that of the newest for one that there never was."""
    try:
        rows = OutboxEvent.objects.all()
        event_log.number_rows(rows, stream=event_log.OUTBOX)
        position = rows.filter(id=event_id).values_list("position", flat=True).first()
        return position or event_log.newest_position(rows, stream=event_log.OUTBOX)
    finally:
        connection.close()


def frame(message: str) -> str:
    """One event in the stream's spelling; its id is the event's own."""
    event = json.loads(message)
    return f"id: {event['id']}\nevent: saoma\ndata: {message}\n\n"


def _last_event_id(scope: Scope, query: dict[str, list[str]]) -> uuid.UUID | None:
    headers = {name.lower(): value for name, value in scope["headers"]}
    text = headers.get(b"last-event-id", b"").decode("latin-1") or query.get("after", [""])[0]
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


async def _write(send: Send, text: str) -> None:
    if text:
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send) -> None:
    start: Iterable[Any] = [(b"content-type", b"application/problem+json")]
    body = {"status": 401, "code": "unauthenticated", "detail": "The stream needs a fresh token."}
    await send({"type": "http.response.start", "status": 401, "headers": list(start)})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
