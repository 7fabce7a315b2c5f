"""A network cable between a browser and a server that can be pulled: nothing is closed, bytes just stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Cable:
    """Forwards connections on `port` to `target` (host, port), except while `pulled` is set."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target, self.port = target, 0
        self.plugged: asyncio.Event | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def pull(self) -> None:
        """Let no byte through, in either direction; new connections hang."""
        self._set(False)

    def plug(self) -> None:
        """Let everything through again, what was held back first."""
        self._set(True)

    def _set(self, on: bool) -> None:
        assert self.loop and self.plugged
        self.loop.call_soon_threadsafe(self.plugged.set if on else self.plugged.clear)

    async def run(self, ready: threading.Event) -> None:
        """Serve until cancelled."""
        self.loop, self.plugged = asyncio.get_running_loop(), asyncio.Event()
        self.plugged.set()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.Event().wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self.plugged
        with suppress(OSError, asyncio.CancelledError):
            await self.plugged.wait()
            there, back = await asyncio.open_connection(*self.target)
            ways = [asyncio.create_task(self._pass(reader, back)), asyncio.create_task(self._pass(there, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            back.close()
        writer.close()

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        assert self.plugged
        with suppress(OSError):
            while data := await source.read(65536):
                await self.plugged.wait()
                to.write(data)
                await to.drain()


@contextmanager
def cable(port: int) -> Iterator[Cable]:
    """A plugged cable to a server on this machine's `port`."""
    made, ready = Cable(("127.0.0.1", port)), threading.Event()

    def work() -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(made.run(ready))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield made
    finally:
        assert made.loop
        made.loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(made.loop)])
        thread.join(5)
