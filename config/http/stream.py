"""Live events to browsers: server-sent events, resumable, one hub a process.

A client shows a short-lived signed token (`stream_token`), gets the events after its
`Last-Event-ID` from the outbox table, then what the live channel brings. The channel may
lose messages; the table does not, so a client that reconnects misses nothing. Ids are
time-ordered but commits are not, therefore a replay begins a little earlier and clients
drop ids they have seen.
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

from config.http.switchboard import Receive, Scope, Send
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent

log = logging.getLogger(__name__)

TOKEN_LIFE = timedelta(minutes=10)
HEARTBEAT_S = 15.0
POLL_S = 1.0
BACKLOG = 1000
REPLAY_LIMIT = 500
OVERLAP_MS = 3000
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
        self.queues: set[asyncio.Queue[str]] = set()
        self.task: asyncio.Task[None] | None = None

    def join(self) -> asyncio.Queue[str]:
        """Open a queue of live events and see that the hub runs."""
        queue: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self.queues.add(queue)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run())
        return queue

    def leave(self, queue: asyncio.Queue[str]) -> None:
        """Close a queue."""
        self.queues.discard(queue)

    def tell(self, message: str) -> None:
        """Hand a message to every stream; one that lags too far is cut off and resumes."""
        for queue in list(self.queues):
            try:
                queue.put_nowait(message)
            except asyncio.QueueFull:
                self.leave(queue)

    async def _run(self) -> None:
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
                    self.tell(message["data"].decode())

    async def _poll(self) -> None:
        """Without Redis the table itself is asked, once a second."""
        position = await sync_to_async(newest_id)()
        while self.queues:
            await asyncio.sleep(POLL_S)
            for event in await sync_to_async(events_after)(position):
                position = uuid.UUID(str(event["id"]))
                self.tell(json.dumps(event))


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

    async def _pump(self, queue: asyncio.Queue[str], last_id: uuid.UUID | None, send: Send) -> None:
        await _write(send, "retry: 2000\n\n")
        if last_id is not None:
            missed = await sync_to_async(events_after)(_a_little_earlier(last_id))
            await _write(send, "".join(frame(json.dumps(event)) for event in missed))
        while queue in self.hub.queues or not queue.empty():
            try:
                message = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
            except TimeoutError:
                await _write(send, ": still here\n\n")
                continue
            await _write(send, frame(message))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def events_after(position: uuid.UUID | None) -> list[dict[str, object]]:
    """Events whose id follows `position`, oldest first, at most REPLAY_LIMIT."""
    rows = OutboxEvent.objects.order_by("id")
    if position is not None:
        rows = rows.filter(id__gt=position)
    try:
        return [relay.as_live(event) for event in rows[:REPLAY_LIMIT]]
    finally:
        # This runs in a helper thread now and then; it keeps no connection meanwhile.
        connection.close()


def newest_id() -> uuid.UUID | None:
    """Id of the newest event."""
    try:
        return OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first()
    finally:
        connection.close()


def frame(message: str) -> str:
    """One event in the stream's spelling; its id is the event's own."""
    event = json.loads(message)
    return f"id: {event['id']}\nevent: saoma\ndata: {message}\n\n"


def _last_event_id(scope: Scope, query: dict[str, list[str]]) -> uuid.UUID | None:
    headers = {name.lower(): value for name, value in scope["headers"]}
    given = headers.get(b"last-event-id", b"").decode("latin-1") or query.get("after", [""])[0]
    try:
        return uuid.UUID(given)
    except ValueError:
        return None


def _a_little_earlier(position: uuid.UUID) -> uuid.UUID:
    return uuid.UUID(int=max(position.int - (OVERLAP_MS << 80), 0))


async def _write(send: Send, text: str) -> None:
    if text:
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send) -> None:
    start: Iterable[Any] = [(b"content-type", b"application/problem+json")]
    body = {"status": 401, "code": "unauthenticated", "detail": "The stream needs a fresh token."}
    await send({"type": "http.response.start", "status": 401, "headers": list(start)})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
