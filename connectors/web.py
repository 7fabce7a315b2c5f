"""HTTP for connectors: one total deadline per answer, a cap on its size, allowed addresses only, and our own faults.

httpx bounds each wait on the socket but not their sum, so a slow drip can hold it for ever; therefore this speaks through
httpcore's network backend, where every read ends at the deadline, and within half a second of `stop`.
"""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx

from connectors.aside import Stopped
from connectors.base import AuthFault, Clock, ConfigFault, RateLimited, Transient
from connectors.hosts import NetConfig, addresses
from connectors.metering import called

SLICE = 0.5
MAX_BYTES = 8 * 1024 * 1024
AGENT = "Klantblik/0.1 (+customer experience dashboard)"


@dataclass(slots=True)
class Answer:
    """A whole answer of status 2xx or 304: its headers by lower-case name, and its body, decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; Transient when it is not, so that the cursor stays and the page is read again."""
        return parse_json(self.body)


def parse_json(body: bytes | str) -> Any:
    """JSON without NaN or infinities; Transient when it is cut off, too deep, or something else."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise Transient(f"the answer is not JSON ({type(fault).__name__}, {len(body)} bytes)") from None


def _refuse(word: str) -> None:
    raise ValueError(word)


class Web:
    """A small HTTP client that keeps to the connector's limits; `now` is asked only to read a Retry-After."""

    def __init__(self, config: NetConfig, stop: threading.Event, now: Clock, headers: Mapping[str, str] | None = None) -> None:
        self._limits = _Limits(stop, config.inside_hosts)
        self._config, self._now = config, now
        self._headers = {"user-agent": AGENT, **(headers or {})}
        self._pool = httpcore.ConnectionPool(network_backend=_Backend(self._limits), max_connections=4, retries=0)

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def get(self, url: str, params: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        """The answer to a GET within the deadline; `deadline_s`, `headers` and `max_bytes` may differ per request."""
        return self.send("GET", url, params=params, **more)

    def send(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        deadline_s: float | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:
        """The whole answer; the statuses 4xx and 5xx become AuthFault, RateLimited, ConfigFault or Transient."""
        asked = {"accept-encoding": "gzip", **(headers or {})}
        self._limits.start(deadline_s or self._config.deadline_s)
        with self._exchange(method, url, params, asked, body) as response:
            found = _headers(response)
            raw = _capped(response.iter_stream(), max_bytes)
            self._raise_for(response.status, found, url)
            return Answer(response.status, found, _decoded(raw, found, max_bytes))

    @contextmanager
    def stream(
        self, url: str, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None, idle_s: float = 60.0
    ) -> Iterator[Iterator[bytes]]:
        """The lines of an answer without end, empty ones too; Transient after `idle_s` seconds without a byte."""
        self._limits.start(self._config.deadline_s)
        with self._exchange("GET", url, params, headers or {}, None) as response:
            self._raise_for(response.status, _headers(response), url)
            self._limits.idle(idle_s)
            yield _lines(response.iter_stream(), httpx.URL(url), self._limits)

    @contextmanager
    def _exchange(
        self, method: str, url: str, params: Mapping[str, Any] | None, headers: Mapping[str, str], body: bytes | None
    ) -> Iterator[httpcore.Response]:
        target = httpx.URL(url, params=dict(params)) if params else httpx.URL(url)
        self._refuse_plain(target)
        called()
        all_headers = [(k.encode(), v.encode()) for k, v in {**self._headers, **headers, "host": target.netloc.decode()}.items()]
        if body is not None:
            all_headers.append((b"content-length", str(len(body)).encode()))
        asked = self._pool.stream(method, str(target), headers=all_headers, content=body)
        with _our_faults(target), asked as response:
            yield response

    def _refuse_plain(self, target: httpx.URL) -> None:
        if target.scheme == "http" and target.host not in self._config.inside_hosts:
            raise ConfigFault(
                f"address: found http://{target.host}, expected https. List the host in inside_hosts if it is yours."
            )

    def _raise_for(self, status: int, headers: Mapping[str, str], url: str) -> None:
        if status < 300 or status == 304:
            return
        where = f"{httpx.URL(url).host} answered {status}"
        if status in (401, 403):
            raise AuthFault(f"{where}: sign in again, or ask for the missing right")
        if status == 429:
            raise RateLimited(f"{where}: too many requests", until=retry_at(headers, self._now()))
        if status in (408, 425) or status >= 500:
            until = retry_at(headers, self._now())
            raise Transient(where, retry_after=(until - self._now()).total_seconds() if until else None)
        raise ConfigFault(f"{where} for {httpx.URL(url).path}: check the address and the settings")


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the source allows the next request: from Retry-After (seconds or a date) or x-rate-limit-reset; None if unsaid."""
    value = headers.get("retry-after", "").strip()
    reset = headers.get("x-rate-limit-reset", "").strip()
    try:
        if value.isdigit():
            return now + timedelta(seconds=min(int(value), 10**6))
        if value:
            return parsedate_to_datetime(value).astimezone(UTC)
        return datetime.fromtimestamp(int(reset), UTC) if reset.isdigit() else None
    except (ValueError, OverflowError, OSError):
        return None


def _headers(response: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def _capped(parts: Iterable[bytes], limit: int) -> bytes:
    found = bytearray()
    for part in parts:
        found += part
        if len(found) > limit:
            raise Transient(f"the answer is over {limit} bytes")
    return bytes(found)


def _decoded(raw: bytes, headers: Mapping[str, str], limit: int) -> bytes:
    if headers.get("content-encoding", "identity") not in ("gzip", "deflate"):
        return raw
    try:
        found = zlib.decompressobj(47).decompress(raw, limit + 1)
    except zlib.error as fault:
        raise Transient(f"the answer is not {headers['content-encoding']} ({fault})") from None
    if len(found) > limit:
        raise Transient(f"the answer is over {limit} bytes when unpacked")
    return found


def _lines(parts: Iterable[bytes], target: httpx.URL, limits: _Limits) -> Iterator[bytes]:
    """Whole lines: only a line that ends is a sign of life, so that a drip cannot hold the stream."""
    rest = b""
    with _our_faults(target):
        for part in parts:
            *whole, rest = (rest + part).split(b"\n")
            if whole:
                limits.alive()
            if len(rest) > MAX_BYTES:
                raise Transient(f"a line over {MAX_BYTES} bytes")
            yield from (line.rstrip(b"\r") for line in whole)


@contextmanager
def _our_faults(target: httpx.URL) -> Iterator[None]:
    try:
        yield
    except httpcore.UnsupportedProtocol:
        raise ConfigFault(f"address: found {target.scheme!r}, expected http or https") from None
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as fault:
        raise Transient(f"{target.host} broke off or did not answer in time ({type(fault).__name__})") from None


class _Limits:
    """Until when a read may wait, shared by every connection of one client."""

    def __init__(self, stop: threading.Event, inside_hosts: tuple[str, ...]) -> None:
        self.stop, self.inside_hosts = stop, inside_hosts
        self._idle, self.until = 0.0, 0.0

    def start(self, seconds: float) -> None:
        self._idle, self.until = 0.0, time.monotonic() + seconds

    def idle(self, seconds: float) -> None:
        self._idle = seconds
        self.alive()

    def alive(self) -> None:
        if self._idle:
            self.until = time.monotonic() + self._idle

    def slice(self) -> float:
        left = self.until - time.monotonic()
        if self.stop.is_set():
            raise Stopped("stopped while waiting for an answer")
        if left <= 0:
            raise httpcore.ReadTimeout("total deadline")
        return min(left, SLICE)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, limits: _Limits) -> None:
        self._limits, self._inner = limits, httpcore.SyncBackend()

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """A connection to an allowed address of `host`."""
        last: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in addresses(host, port, self._limits.inside_hosts, self._limits.stop):
            self._limits.slice()
            try:
                return _Stream(self._inner.connect_tcp(address, port, 1.5, local_address, socket_options), self._limits)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                last = fault
        raise last or httpcore.ConnectError(host)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, limits: _Limits) -> None:
        self._inner, self._limits = inner, limits

    def read(self, max_bytes, timeout=None):
        while True:
            wait = self._limits.slice()
            try:
                return self._inner.read(max_bytes, wait)
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer, timeout=None):
        self._limits.slice()
        self._inner.write(buffer, 1.5)

    def close(self):
        self._inner.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        self._limits.slice()
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, 1.5), self._limits)

    def get_extra_info(self, info):
        return self._inner.get_extra_info(info)
