"""The shared suite over every connector, and its table (connector x check)."""

from __future__ import annotations

import pytest

from connectors import CONNECTORS
from tests.connectors.rigs import RIGS as OWN
from tests.connectors.rigs_brokers import BROKERS
from tests.connectors.rigs_polled import POLLED, FilesRig
from tests.connectors.suite import CHECKS
from tests.peers.install import Unavailable

pytestmark = pytest.mark.faults

ELSEWHERE = {
    "sample": "has no peer to break: it is made up, and tried in tests/connectors/test_sample*.py",
}
RIGS = [*OWN, *POLLED, FilesRig, *BROKERS]
TABLE: dict[str, dict[str, str]] = {}


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("make", RIGS, ids=[rig.name for rig in RIGS])
def test_suite(make, name, tmp_path):
    row = TABLE.setdefault(make.name, {})
    row[name] = "FAILED"
    try:
        rig = make(tmp_path)
    except Unavailable as reason:
        row[name] = "absent"
        pytest.skip(str(reason))
    try:
        CHECKS[name](rig, tmp_path)
    except AssertionError as fault:
        if str(fault).startswith("skip:"):
            row[name] = "-"
            pytest.skip(str(fault).removeprefix("skip: ").splitlines()[0])
        raise
    finally:
        rig.close()
    row[name] = "ok"


def test_every_connector_is_in_the_suite_or_says_where_it_is_tested():
    assert set(CONNECTORS) == {rig.name for rig in RIGS} | set(ELSEWHERE)


@pytest.fixture(scope="module", autouse=True)
def table(request):
    yield
    from tests.connectors.table import show

    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    if TABLE and reporter is not None and capture is not None:
        with capture.global_and_fixture_disabled():
            reporter.write_line("\n" + show(TABLE, list(CHECKS), ELSEWHERE))
