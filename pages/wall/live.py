"""The wall's live stream: looks at the pulse ten times a second, builds a frame when something changed, and fans it out.

`routes()` and `lifespan_task()` are what app.py mounts. Each web process builds its own frames from the store, so several of them
show the same; nothing is built while nobody listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from pages.wall.access import COOKIE, is_here, same_site
from pages.wall.build import FOLDER, build_id
from pages.wall.builder import Builder
from pages.wall.hub import BEAT_S, FULL, Hub, Stream, event
from store.people import walls
from store.people.walls import Screen
from store.reads.wall import pulse_version

LOOK_S = 0.1
QUIET_S = 10.0
SCREENS_S = 2.0
YEAR_S = 365 * 86400
FONT = FOLDER / "assets" / "inter-latin.woff2"
log = logging.getLogger("klantblik.wall")


class Live:
    """One web process's wall: its hub, its builder, and the three loops that keep it going."""

    def __init__(self, engine: Any, settings: Any, clock: Callable[[], int]) -> None:
        self.engine, self.settings, self.clock = engine, settings, clock
        self.hub, self.builder = Hub(), Builder(engine, settings)
        self.checked_ms, self.trouble = 0, ""
        self.version, self.built, self.shown = -1, 0.0, ""
        self.screens: dict[int, Screen] = {}

    async def feed(self) -> None:
        """Look at the pulse; when it moved, or QUIET_S passed, build a frame and publish it if it differs."""
        while True:
            if self.hub.listeners:
                await self._look()
            else:
                self.hub.frame, self.hub.frame_id, self.shown, self.built, self.checked_ms = b"", "", "", 0.0, 0
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        try:
            version = await asyncio.to_thread(pulse_version, self.engine)
            waited = time.monotonic() - self.built
            if waited >= QUIET_S or (version != self.version and waited >= 1 / self.settings.wall.frames_per_second):
                await self._build(version)
            self.checked_ms, self.trouble = self.clock(), ""
        except Exception as fault:  # noqa: BLE001 - this process loop must outlive anything; the screens say what is wrong
            if self.trouble != type(fault).__name__:
                log.warning("The wall cannot be built (%s). The screens say so; trying again.", type(fault).__name__)
            self.trouble = type(fault).__name__

    async def _build(self, version: int) -> None:
        frame, others = await asyncio.to_thread(self._frames, self.clock())
        self.version, self.built = version, time.monotonic()
        content = repr(({key: value for key, value in frame.items() if key != "at"}, others))
        if content != self.shown:
            self.shown = content
            self.hub.publish(frame, f"{build_id()}-{version}-{frame['at']}", others)

    def _frames(self, now_ms: int) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        return self.builder.build(now_ms), self.builder.others(now_ms)

    async def beat(self) -> None:
        """The heartbeat by which a screen knows that the link lives and how old the last look at the store is."""
        while True:
            if self.hub.listeners:
                self.hub.pulse({"now": self.clock(), "checked": self.checked_ms, "trouble": self.trouble})
            await asyncio.sleep(BEAT_S)

    async def watch_screens(self) -> None:
        """End the streams of screens that were revoked, and pass on what was changed in the settings of the others."""
        while True:
            ids = {listener.wall for listener in self.hub.listeners if listener.wall}
            if ids:
                with contextlib.suppress(OSError):
                    self._compare(await asyncio.to_thread(self._enrolled, ids), ids)
            await asyncio.sleep(SCREENS_S)

    def _enrolled(self, ids: set[int]) -> dict[int, Screen]:
        found = {screen.id: screen for screen in walls.screens(self.engine) if screen.id in ids}
        if any(self.clock() - screen.seen_at > 60_000 for screen in found.values()):
            walls.seen(self.engine, ids, self.clock())
        return found

    def _compare(self, found: dict[int, Screen], ids: set[int]) -> None:
        for id in ids:
            screen = found.get(id)
            if screen is None or not screen.allowed:
                self.hub.tell(id, event("bye", {"why": "revoked"}), close=True)
            elif id in self.screens and shown_settings(self.screens[id]) != shown_settings(screen):
                self.hub.tell(id, event("screen", shown_settings(screen)))
                self.hub.quote(id, screen.quotes)
        self.screens = found


def now_ms() -> int:
    """The server's clock in UTC epoch milliseconds."""
    return int(time.time() * 1000)


def shown_settings(screen: Screen) -> dict[str, Any]:
    """What a screen is told about itself."""
    return {
        "name": screen.name,
        "language": screen.language,
        "distance": screen.distance_m,
        "playlist": list(screen.playlist),
        "quotes": screen.quotes,
    }


def routes() -> list[Route]:
    """The wall's routes: the stream, the screen's own state, enrolment, and the font."""
    return [
        Route("/live", stream),
        Route("/live/me", me),
        Route("/live/enrol", enrol, methods=["POST"]),
        Route("/live/inter.woff2", font),
    ]


@asynccontextmanager
async def lifespan_task(app: Any, engine: Any, settings: Any, clock: Callable[[], int] = now_ms) -> AsyncIterator[None]:
    """Run the wall of this process while the app is up; on a stop signal its streams end at once. `clock` gives epoch ms."""
    live = Live(engine, settings, clock)
    _running.append(live)
    tasks = [asyncio.create_task(loop()) for loop in (live.feed, live.beat, live.watch_screens)]
    _close_on_signals(live.hub)
    try:
        yield
    finally:
        live.hub.close()
        _running.remove(live)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def stream(request: Request) -> Any:
    """`/live`: the frames, as server-sent events; 403 for a screen that may not see them, 503 when too many listen."""
    live = _running[-1]
    screen = await _screen(live, request)
    if screen is None and not is_here(request):
        return JSONResponse({"error": "enrol"}, status_code=403)
    if live.hub.closing or len(live.hub.listeners) >= FULL:
        return JSONResponse({"error": "full"}, status_code=503, headers={"retry-after": "5"})
    had, rule = request.headers.get("last-event-id", ""), screen.quotes if screen else ""
    listener = live.hub.join(wall=screen.id if screen else 0, had=had, quotes=rule)
    if screen:
        live.screens.setdefault(screen.id, screen)
    listener.own.append(event("hello", _hello(live, screen)))
    return Stream(live.hub, listener)


async def me(request: Request) -> Response:
    """`/live/me`: whether this screen may see the wall; the page asks this while it shows its code."""
    allowed = is_here(request) or await _screen(_running[-1], request) is not None
    return JSONResponse({"allowed": allowed}, headers={"cache-control": "no-store"})


async def enrol(request: Request) -> Response:
    """`/live/enrol`: a new code to show, and the token that goes with it in a cookie that no script can read; none for a screen
    that is enrolled already."""
    if not same_site(request):
        return JSONResponse({"error": "another site"}, status_code=403)
    if await _screen(_running[-1], request):  # confirmed in the last moment of its code: its token must not be replaced
        return JSONResponse({"allowed": True}, headers={"cache-control": "no-store"})
    try:
        code, token = await run_in_threadpool(walls.ask, _running[-1].engine, _running[-1].clock())
    except walls.Crowded:
        return JSONResponse({"error": "crowded"}, status_code=503, headers={"retry-after": "60"})
    answer = JSONResponse({"code": code, "minutes": walls.CODE_MINUTES}, headers={"cache-control": "no-store"})
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, max_age=5 * YEAR_S, httponly=True, secure=secure, samesite="strict")
    return answer


async def font(_: Request) -> Response:
    """Inter (SIL Open Font License 1.1, pages/wall/assets), served from here: no screen loads anything from outside."""
    return FileResponse(FONT, media_type="font/woff2", headers={"cache-control": f"public, max-age={YEAR_S}, immutable"})


def _hello(live: Live, screen: Screen | None) -> dict[str, Any]:
    told = shown_settings(screen) if screen else {}
    return {"build": build_id(), "now": live.clock(), "checked": live.checked_ms, "trouble": live.trouble, "screen": told}


async def _screen(live: Live, request: Request) -> Screen | None:
    token = request.cookies.get(COOKIE, "")
    screen = await run_in_threadpool(walls.screen_of, live.engine, token) if token else None
    return screen if screen and screen.allowed else None


def _close_on_signals(hub: Hub) -> None:
    """A server waits for open streams before it stops, so the streams must hear of the stop first."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def close(got: int, stack: Any, before: Any = before) -> None:
            loop.call_soon_threadsafe(hub.close)
            if callable(before):
                before(got, stack)

        if callable(before):
            signal.signal(number, close)


_running: list[Live] = []
