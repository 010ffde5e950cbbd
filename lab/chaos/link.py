"""A TCP proxy that can be cut, hang or be slow: the network between two processes."""

import asyncio
import contextlib
import threading
from enum import StrEnum


class Weather(StrEnum):
    """How a link behaves. CUT resets what is open and refuses what comes; HANG says nothing."""

    CLEAR = "CLEAR"
    CUT = "CUT"
    HANG = "HANG"
    SLOW = "SLOW"


DELAY_S = 0.15
_CHUNK = 65_536


class Link:
    """Listens on a port and passes bytes to another, as the weather lets it."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self.weather = Weather.CLEAR
        self._loop = asyncio.new_event_loop()
        self.is_open = threading.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"link-{port}")
        self._thread.start()

    def turn(self, weather: Weather) -> None:
        """Change the weather; CUT ends every connection at once."""
        self.weather = weather
        if weather is Weather.CUT:
            self._loop.call_soon_threadsafe(self._reset)

    def _reset(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(
            asyncio.start_server(self._accept, "127.0.0.1", self.port, backlog=256)
        )
        self.is_open.set()
        self._loop.run_forever()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather is Weather.CUT:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._open -= {writer, far_writer}
            for each in (writer, far_writer):
                each.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                if self.weather is Weather.SLOW:
                    await asyncio.sleep(DELAY_S)
                while self.weather is Weather.HANG:
                    await asyncio.sleep(0.05)
                writer.write(chunk)
                await writer.drain()
        writer.transport.abort()
