"""Sends event streams one way and every other request another."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class AsgiApplication(Protocol):
    """An application as ASGI calls it."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""


class AsgiRouter:
    """`/events/` to the stream, HTTP to the rest; lifespan is answered here."""

    def __init__(self, *, streams: AsgiApplication, rest: AsgiApplication) -> None:
        self.streams = streams
        self.rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/events/":
            await self.streams(scope, receive, send)
        else:
            await self.rest(scope, _coroutines(receive), _coroutines(send))

    @staticmethod
    async def _lifespan(receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


def _coroutines(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Make the server's awaitables coroutines, which is what a thread can wait for."""

    async def made(*args: Any) -> Any:
        return await call(*args)

    return made
