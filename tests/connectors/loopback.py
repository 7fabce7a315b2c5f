"""A peer on loopback for the tests: it answers what a test says, and it can be in every mood that a real one has."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MOODS = (
    "429",
    "429-date",
    "429-absurd",
    "429-silent",
    "500",
    "502",
    "503",
    "504",
    "401",
    "403",
    "404",
    "hang",
    "hang-body",
    "drip",
    "reset",
    "cut-json",
    "short",
    "bomb",
    "huge",
    "deep",
    "nan",
    "redirect",
)


class Request:
    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        parts = urlsplit(target)
        self.method, self.path, self.headers, self.body = method, parts.path, headers, body
        self.query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.lists = parse_qs(parts.query)

    def json(self):
        return json.loads(self.body)


class Loopback:
    """`answer(request)` gives JSON, bytes, (status, headers, bytes) or an iterator of chunks that are sent as they come."""

    def __init__(self, answer: Callable) -> None:
        self.answer, self.mood, self.requests = answer, "", []
        self.over = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_one(self):
                length = int(self.headers.get("content-length") or 0)
                request = Request(
                    self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(length)
                )
                owner.requests.append(request)
                if owner.mood:
                    self.close_connection = True
                    return moody(owner, self, owner.mood)
                return send(self, owner.answer(request), owner)

            do_GET = do_POST = do_PUT = handle_one  # noqa: N815 - the standard library asks for these names

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Loopback:
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


def send(handler, answer, owner) -> None:
    status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
    if not isinstance(body, bytes | str | list | dict | type(None)):
        return chunked(handler, status, headers, body)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    handler.send_response(status)
    for name, value in {"content-type": "application/json", **headers, "content-length": str(len(raw))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(raw)
    return None


def chunked(handler, status, headers, parts) -> None:
    handler.send_response(status)
    for name, value in {**headers, "transfer-encoding": "chunked"}.items():
        handler.send_header(name, value)
    handler.end_headers()
    try:
        for part in parts:
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            handler.wfile.flush()
        handler.wfile.write(b"0\r\n\r\n")
    except OSError:
        handler.close_connection = True


def moody(owner, handler, mood: str) -> None:
    out = handler.wfile
    try:
        if mood.startswith("429"):
            after = {"429": "7", "429-date": "Wed, 01 Jan 2031 00:00:00 GMT", "429-absurd": "99999999999999", "429-silent": ""}[
                mood
            ]
            extra = f"Retry-After: {after}\r\n" if after else ""
            out.write(f"HTTP/1.1 429 Slow\r\n{extra}Content-Length: 0\r\n\r\n".encode())
        elif mood.isdigit():
            out.write(f"HTTP/1.1 {mood} No\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        else:
            _MOODS[mood](owner, handler, out)
    except OSError:
        pass


def _hang(owner, handler, out):
    owner.over.wait(20)


def _hang_body(owner, handler, out):
    out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1")
    out.flush()
    owner.over.wait(20)


def _drip(owner, handler, out):
    out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    until = time.monotonic() + 20
    while time.monotonic() < until and not owner.over.wait(0.05):
        out.write(b" ")
        out.flush()


def _reset(owner, handler, out):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    handler.connection.close()


def _whole(body: bytes, extra: str = ""):
    def answer(owner, handler, out):
        out.write(f"HTTP/1.1 200 OK\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    return answer


def _short(owner, handler, out):
    out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[]")
    handler.connection.shutdown(socket.SHUT_RDWR)


def _bomb(owner, handler, out):
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    part = packer.compress(b" " * 40_000_000) + packer.flush()
    _whole(part, "Content-Encoding: gzip\r\n")(owner, handler, out)


def _huge(owner, handler, out):
    out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    for _ in range(1000):
        out.write(b" " * 1_000_000)


def _redirect(owner, handler, out):
    out.write(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n")


_MOODS = {
    "hang": _hang,
    "hang-body": _hang_body,
    "drip": _drip,
    "reset": _reset,
    "cut-json": _whole(b'[{"id": "1", "cont'),
    "short": _short,
    "bomb": _bomb,
    "huge": _huge,
    "deep": _whole(b"[" * 100_000 + b"]" * 100_000),
    "nan": _whole(b'[{"id": NaN}]'),
    "redirect": _redirect,
}
