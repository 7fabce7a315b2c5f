"""Back to where one was going: a link to a page survives the sign-in, which by itself always ends on the first page."""

from __future__ import annotations

from http.cookies import SimpleCookie
from urllib.parse import quote, unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE, SIGNED_IN = "klantblik_next", "_streamlit_user"
CALLBACK = "/oauth2callback"
NOT_PAGES = ("/_stcore", "/auth/", CALLBACK, "/wall", "/live", "/hooks", "/static", "/app/", "/healthz", "/metrics")
LONGEST, SECONDS = 1500, 600


class Returning:
    """ASGI middleware: remembers the page that was asked for in a short-lived cookie, and ends the sign-in there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = SimpleCookie(headers.get("cookie", ""))
        wanted = wanted_page(scope["path"], scope["query_string"].decode("latin-1"), headers)
        known = cookies[COOKIE].value if COOKIE in cookies else ""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                if scope["path"].endswith(CALLBACK):
                    _return(answer, unquote(known))
                elif wanted and SIGNED_IN not in cookies:
                    answer.append("set-cookie", _cookie(quote(wanted, safe=""), SECONDS))
            await send(message)

        await self.app(scope, receive, sent)


def wanted_page(path: str, query: str, headers: Headers) -> str:
    """The page that a browser opens, with its filters; '' when this is no page of ours, or a part of one.

    >>> wanted_page("/week", "lang=nl", Headers({"accept": "text/html"}))
    '/week?lang=nl'
    """
    whole = f"{path}?{query}" if query else path
    opens = headers.get("sec-fetch-dest", "document") == "document" and "text/html" in headers.get("accept", "")
    return whole if opens and not path.startswith(NOT_PAGES) and len(whole) <= LONGEST else ""


def is_ours(address: str) -> bool:
    """Whether an address stays within Klantblik: a path of this server, which no browser reads as another one.

    >>> is_ours("/week?lang=nl"), is_ours("//evil.example"), is_ours("/\\\\evil.example"), is_ours("https://evil.example")
    (True, False, False, False)
    """
    return address[:1] == "/" and address[1:2] not in ("/", "\\") and address.isprintable() and "\\" not in address


def _return(answer: MutableHeaders, known: str) -> None:
    """End at the page that was asked for, if somebody did sign in; forget it in any case."""
    signed_in = any(SIGNED_IN + "=" in cookie and "Max-Age=0" not in cookie for cookie in answer.getlist("set-cookie"))
    if signed_in and is_ours(known) and "location" in answer:
        answer["location"] = quote(known, safe="/?&=%-._~+:,")
    answer.append("set-cookie", _cookie("", 0))


def _cookie(value: str, seconds: int) -> str:
    return f"{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
