"""A peer that is not available here is skipped with its reason; one that is available and fails, fails."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from tests.peers import servers
from tests.peers.install import Unavailable


@pytest.fixture
def start(tmp_path_factory):
    """`start("nats", *arguments)`: the server as a context, in a short folder of its own that outlives a restart."""
    folders: dict = {}

    @contextmanager
    def starter(name, *arguments):
        folder = folders.setdefault(name, tmp_path_factory.mktemp(name[:4]))
        try:
            server = getattr(servers, name)(folder, *arguments)
            value = server.__enter__()
        except Unavailable as reason:
            pytest.skip(f"{name}: {reason}")
        try:
            yield value
        finally:
            server.__exit__(None, None, None)

    return starter
