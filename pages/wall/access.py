"""Who may see the wall: an enrolled screen, or a browser on this very machine; everyone else sees an enrolment code."""

from __future__ import annotations

import ipaddress

from starlette.requests import Request

COOKIE = "klantblik_wall"
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
OWN_NAMES = {"localhost", "127.0.0.1", "[::1]", "::1"}


def is_here(request: Request) -> bool:
    """Whether the request comes from this machine itself.

    A proxy on this machine makes everyone look local, so a forwarded request never counts; nor does one under a host name that
    is not this machine's own, which is what a rebound name of another site would send.
    """
    if any(name in request.headers for name in FORWARDED):
        return False
    return _is_loopback(request.client.host if request.client else "") and host_of(request.headers.get("host", "")) in OWN_NAMES


def host_of(header: str) -> str:
    """The host in a Host header, without its port.

    >>> host_of("localhost:8501"), host_of("[::1]:8501"), host_of("example.nl")
    ('localhost', '[::1]', 'example.nl')
    """
    return header.rsplit(":", 1)[0] if header.count(":") == 1 or "]:" in header else header


def same_site(request: Request) -> bool:
    """Whether a writing request comes from our own pages: browsers say so, and another site cannot lie about it."""
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
