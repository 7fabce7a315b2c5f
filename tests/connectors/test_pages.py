"""The docs page of each connector: with it alone a newcomer connects the source, in Dutch and in English."""

import importlib
import json
import re
from pathlib import Path

import pytest

from connectors import CONNECTORS
from connectors.record import Fields, to_event

DOCS = Path(__file__).resolve().parents[2] / "docs" / "connectors"
OUTSIDE = sorted(set(CONNECTORS) - {"files", "sample"})
PHONE_OR_MAIL = re.compile(r"06-?\d{8}|\+31\d{9}|[a-z.]+@voorbeeld\.nl")


def page(name):
    return (DOCS / f"{name}.md").read_text(encoding="utf8")


def config_of(name):
    module, _, kind = CONNECTORS[name].partition(":")
    return getattr(importlib.import_module(module), kind).Config


@pytest.mark.parametrize("name", sorted(set(CONNECTORS)))
def test_every_option_is_explained(name):
    assert [option for option in config_of(name).model_fields if f"`{option}`" not in page(name)] == []


@pytest.mark.parametrize("name", OUTSIDE)
def test_every_option_is_explained_in_both_languages_and_no_other(name):
    table = page(name).partition("## Options / Instellingen")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    assert {row[0].strip("`") for row in rows} == set(config_of(name).model_fields)
    for row in rows:
        dutch, english = row[-2:]
        assert len(dutch) > 3 and len(english) > 3 and (dutch != english or row[0] == "`port`"), row


@pytest.mark.parametrize("name", OUTSIDE)
def test_it_says_what_is_read_the_rights_the_way_to_them_the_cost_and_what_it_is_not_for(name):
    text = page(name)
    for part in ("Wat het leest", "Rechten", "Zo krijgt u ze", "Kosten", "Niet voor"):
        assert f"**{part}.**" in text.partition("## English")[0]
    for part in ("What it reads", "Rights", "How to get them", "Cost", "Not for"):
        assert f"**{part}.**" in text.partition("## English")[2]
    assert "data/sources.toml" in text and re.search(r"`python -m ingest connectors check \w+`", text)


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_source_that_is_checked_is_that_of_the_example(name):
    checked = re.search(r"connectors check (\w+)`", page(name)).group(1)
    assert f"[{checked}]" in page(name)


@pytest.mark.parametrize("name", [*OUTSIDE, "files"])
def test_its_example_is_masked(name):
    example = page(name).partition("masked")[2]
    shown = json.loads(re.search(r"```json\n(.*?)\n```", example, re.S).group(1))
    assert shown["external_id"] and shown["happened_at"] and not PHONE_OR_MAIL.search(example)


@pytest.mark.parametrize("name", ["mqtt", "nats"])
def test_the_record_that_a_broker_is_told_to_send_can_be_read(name):
    record = json.loads(re.search(r"## A record.*?```json\n(.*?)\n```", page(name), re.S).group(1))
    event = to_event(record, Fields(), "klant", "app")
    assert event.external_id == "b-17" and event.version == 1 and event.said.readings[0].metric == "csat"
    assert event.said.stage == "checkin" and event.said.thread == "t-9" and event.said.language == "nl"


@pytest.mark.parametrize("name", ["zendesk_talk", "genesys", "intercom"])
def test_what_was_only_tried_against_a_script_says_so(name):
    assert "nagespeelde server" in page(name) and "scripted server" in page(name)
