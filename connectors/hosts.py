"""Which addresses a connector may open: public ones, and the inside ones that the operator listed by name."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Collection

from pydantic import Field

from connectors.base import ConfigFault, ConnectorConfig, Transient
from connectors.metering import called

LOOKUP_SECONDS = 10.0


class NetConfig(ConnectorConfig):
    """What every connector that opens a connection has: the inside hosts it may reach, and how long one answer may take."""

    inside_hosts: tuple[str, ...] = Field(default=(), description="hosts inside your own network that may be reached")
    deadline_s: float = Field(default=30.0, gt=0, le=300, description="seconds in which one answer must be complete")


def addresses(host: str, port: int, inside_hosts: Collection[str] = (), stop: threading.Event | None = None) -> list[str]:
    """The IP addresses of `host` that may be opened, each checked, so that the answer of a second look-up cannot slip in.

    Raises ConfigFault when one of them lies inside (loopback, private, link-local, metadata) and `host` is not among
    `inside_hosts`, Transient when the name cannot be found within 10 s or `stop` is set meanwhile.
    """
    found = _look_up(host, port, stop)
    if host.casefold() in {name.casefold() for name in inside_hosts}:
        return found
    for address in found:
        if is_inside(address):
            raise ConfigFault(
                f"host: found {host!r}, which is the inside address {address}; expected a public one. "
                f"If this server is yours, add {host!r} to inside_hosts."
            )
    return found


def is_inside(address: str) -> bool:
    """Whether an IP address (as text) is not a public one; an IPv4 address hidden in an IPv6 one counts as itself.

    >>> [is_inside(a) for a in ("169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "9.9.9.9")]
    [True, True, True, True, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or _nat64(ip) or ip
    return not ip.is_global or ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(ip.packed[-4:])
    return None


def _look_up(host: str, port: int, stop: threading.Event | None) -> list[str]:
    answer: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_resolve, args=(host, port, answer), name="look-up", daemon=True).start()
    for _ in range(int(LOOKUP_SECONDS / 0.25)):
        try:
            found = answer.get(timeout=0.25)
        except queue.Empty:
            if stop is not None and stop.is_set():
                raise Transient("stopped while looking up the host") from None
            continue
        if isinstance(found, OSError):
            raise Transient(f"host: {host!r} was not found ({found.strerror or found}). Check its spelling and the network.")
        return found
    raise Transient(f"host: looking up {host!r} took more than {LOOKUP_SECONDS:.0f} s")


def _resolve(host: str, port: int, answer: queue.SimpleQueue) -> None:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.put(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))
    except (OSError, UnicodeError) as fault:
        answer.put(fault if isinstance(fault, OSError) else OSError(str(fault)))


def open_socket(host: str, port: int, config: NetConfig, stop: threading.Event | None = None) -> socket.socket:
    """A connected TCP socket to an allowed address of `host`, for protocols other than HTTP; Transient when none answers."""
    called()
    last: OSError | None = None
    for address in addresses(host, port, config.inside_hosts, stop):
        try:
            return socket.create_connection((address, port), timeout=min(config.deadline_s, 10.0))
        except OSError as fault:
            last = fault
    raise Transient(f"{host}:{port} does not answer ({last})")
