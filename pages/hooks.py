"""`/hooks/{source}`: a webhook's delivery goes into the inbox, is committed, and only then answered.

A GET is a vendor's question whether this address is ours (Meta's hub.challenge). A vendor that signs nothing may have a secret
behind the name, `/hooks/{source}/{secret}`: it is handed on as a header that nobody outside can set.
"""

from __future__ import annotations

import asyncio
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

LARGEST = 5 * 1024 * 1024
SLOW_S = 30  # from the first byte to the last, however steadily they drip
LONGEST_ANSWER = 500
PATH_SECRET = "x-klantblik-path-secret"


class TooLarge(Exception):
    """A body over the limit; reading stopped there."""


def routes(engine, accept, answer) -> list[Route]:
    """The routes; `engine()` gives the store, `accept(engine, source, headers, body, now_ms) -> (status, text)` is the inbox of
    ingest, and `answer(source, query, headers) -> text or None` its answer to a vendor's question."""

    async def hook(request: Request) -> Response:
        try:
            async with asyncio.timeout(SLOW_S):
                body = await read_capped(request.stream(), LARGEST)
        except TooLarge:
            return PlainTextResponse(f"body over {LARGEST} bytes", status_code=413)
        except TimeoutError:
            return PlainTextResponse(f"body not whole within {SLOW_S} seconds", status_code=408)
        source = request.path_params["source"]
        arguments = (engine(), source, headers_of(request), body, int(time.time() * 1000))
        status, text = await run_in_threadpool(accept, *arguments)
        return PlainTextResponse(text, status_code=status, headers={"retry-after": "30"} if status == 503 else None)

    async def question(request: Request) -> Response:
        source = request.path_params["source"]
        text = await run_in_threadpool(answer, source, dict(request.query_params), headers_of(request))
        if text is None:
            return PlainTextResponse("no question that this source answers", status_code=403)
        return PlainTextResponse(text[:LONGEST_ANSWER], headers={"x-content-type-options": "nosniff"})

    paths = ("/hooks/{source}", "/hooks/{source}/{secret}")
    return [Route(path, at, methods=[method]) for path in paths for at, method in ((hook, "POST"), (question, "GET"))]


def headers_of(request: Request) -> dict[str, str]:
    """The request's headers by lower-case name; PATH_SECRET is what stood in its path, whatever the sender called so."""
    found = {name: value for name, value in request.headers.items() if name != PATH_SECRET}
    secret = request.path_params.get("secret")
    return {**found, PATH_SECRET: secret} if secret else found


async def read_capped(stream, limit: int) -> bytes:
    """The whole body, at most `limit` bytes; raises TooLarge as soon as there is more."""
    parts, size = [], 0
    async for part in stream:
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)
