"""The page that a browser loads first: Streamlit's own index, which then knows at once where its server is and what to fetch.

Streamlit looks for its server under the path of a deep link first, and only after two refusals at the root; and it finds out
which parts it needs when the first element arrives. Both are known here: what a deep link costs beyond the first page falls away.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

PATHS = ("", "home", "week", "promises", "journey", "changes", "voices", "sources", "settings", "wall")
SERVER = "<script>window.__streamlit={BACKEND_BASE_URL:location.origin}</script>"
# The parts that every page of ours is drawn with; a name that another version no longer has is passed over.
PARTS = ("Html", "purify.es", "BidiComponent", "_arrayReduce", "serialization", "recordbatch")
STATIC = Path(streamlit.__file__).parent / "static"


@lru_cache(maxsize=1)
def page() -> str:
    """The index page as we send it."""
    text = (STATIC / "index.html").read_text(encoding="utf8")
    files = [file for part in PARTS for file in sorted((STATIC / "static" / "js").glob(f"{part}.*.js"))]
    early = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{file.name}">\n' for file in files)
    text = text.replace("<title>Streamlit</title>", "<title>Klantblik</title>")
    return text.replace("<head>", f"<head>\n{SERVER}", 1).replace("</head>", f"{early}</head>", 1)


def routes() -> list[Route]:
    """The addresses of the pages, each answered with the index page."""
    return [Route(f"/{path}", _index) for path in PATHS]


async def _index(request: Request) -> HTMLResponse:
    return HTMLResponse(page(), headers={"cache-control": "no-cache"})
