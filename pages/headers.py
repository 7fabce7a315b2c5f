"""Security headers on every answer: nothing loads from outside, and no other site frames a page."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.entry import page

# Vega compiles its expressions, and Streamlit gives a component's script to the browser as a blob: hence these two.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob: {hashes}; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob:; "
    "media-src 'self' blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
)
FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@lru_cache(maxsize=1)
def policy() -> str:
    """The Content-Security-Policy; inline scripts of the index page are allowed by their hash, no others."""
    scripts = INLINE.findall(page().encode())
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts)
    return POLICY.format(hashes=" ".join(f"'sha256-{digest}'" for digest in digests))


class SecurityHeaders:
    """ASGI middleware that adds the policy and the fixed headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("content-security-policy", policy())
                for name, value in FIXED.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
