"""`/hooks/{source}`: a webhook's delivery goes into the inbox, is committed, and only then answered."""

from __future__ import annotations

import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

LARGEST = 5 * 1024 * 1024


class TooLarge(Exception):
    """A body over the limit; reading stopped there."""


def routes(engine, accept) -> list[Route]:
    """The route; `engine()` gives the store, `accept(engine, source, headers, body, now_ms) -> (status, text)`
    is the inbox of ingest."""

    async def hook(request: Request) -> Response:
        try:
            body = await read_capped(request.stream(), LARGEST)
        except TooLarge:
            return PlainTextResponse(f"body over {LARGEST} bytes", status_code=413)
        source = request.path_params["source"]
        arguments = (engine(), source, dict(request.headers), body, int(time.time() * 1000))
        status, text = await run_in_threadpool(accept, *arguments)
        return PlainTextResponse(text, status_code=status, headers={"retry-after": "30"} if status == 503 else None)

    return [Route("/hooks/{source}", hook, methods=["POST"])]


async def read_capped(stream, limit: int) -> bytes:
    """The whole body, at most `limit` bytes; raises TooLarge as soon as there is more."""
    parts, size = [], 0
    async for part in stream:
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)
