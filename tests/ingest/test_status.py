import re
from pathlib import Path

import pytest

from config.language import texts
from connectors.base import AuthFault, ConfigFault, RateLimited, Transient
from ingest.status import Status, after, words

FOLDER = Path(__file__).resolve().parents[2] / "ingest"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (AuthFault("x"), "sign_in"),
        (ConfigFault("x"), "config"),
        (RateLimited("x"), "waiting"),
        (Transient("x"), "unreachable"),
        (None, "waiting"),
    ],
)
def test_the_state_after_a_fault_and_its_words(fault, state):
    status = after(fault, 12.4)
    assert status.state == state and not status.live
    for language in ("nl", "en"):
        assert words(status.detail(), texts(language))


def test_every_key_that_the_code_names_exists_in_both_languages():
    code = "\n".join(path.read_text(encoding="utf8") for path in FOLDER.glob("*.py"))
    keys = set(re.findall(r'Status\(\w+, "(\w+)"', code)) | set(re.findall(r'"ingest\.(\w+)"', code))
    keys |= set(re.findall(r'_report\(place, \w+, planned, "(\w+)"', code))
    assert len(keys) > 10
    assert [key for key in keys for language in ("nl", "en") if not texts(language).has(f"ingest.{key}")] == []


def test_a_long_message_is_cut():
    assert len(after(Transient("x" * 5_000), 1).values["why"]) == 300


def test_live_is_live_only():
    assert Status("live", "reading").live and not Status("done", "done").live
