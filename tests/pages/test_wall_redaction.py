"""Redaction by construction: whatever is in the store, a frame holds no words, author, agent, case or address of a customer."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import read_settings
from pages.wall.builder import Builder
from store.reads.quotes import kept_quotes
from store.rows import Batch
from store.writes import save
from tests.browser.wall_store import MINUTE, NOON, STAGES, ZONE, contact, fill

SECRETS = {
    "text": "geheime zin van klant",
    "author_key": "auteur-sleutel",
    "thread_key": "draad-sleutel",
    "case_key": "zaak-sleutel",
    "url": "https://voorbeeld.test/klant",
    "external_id": "extern-nummer",
}
KEYS = (
    "schema at as_of zone company journey demo headline scale stages biggest themes voices base good contact promises hours",
    "alerts sources closed nl en id name moment state mark low high firm promise gap gap_low gap_high shape n needed window",
    "heard_at late_at none_at spark of weakest kind stage code text metric threshold target share verdict direction channel",
    "language low_share days fresh status shared counts closed_at opens_at asked waiting oldest_s promised_s began_at before now",
    "ranges 28d month from theme mix near",
)


def keys_of(value):
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_of(inner)}
    return {key for inner in value for key in keys_of(inner)} if isinstance(value, list) else set()


@pytest.fixture
def full(sqlite_store):
    fill(sqlite_store, days=3)
    chance = random.Random(5)
    rows = []
    for i in range(60):
        row = contact(NOON - i * MINUTE, list(STAGES)[i % 7], f"x{i}", chance)
        marked = {name: f"{secret} {i}" for name, secret in SECRETS.items()}
        rows.append(replace(row, **marked, segments=("vip",)))
    save(sqlite_store, Batch("mail", rows), now_ms=NOON, zone=ZONE.key)
    return sqlite_store


def test_no_customer_is_in_a_frame(full):
    text = json.dumps(Builder(full, read_settings(environ={})).build(NOON), ensure_ascii=False)
    assert [name for name, secret in SECRETS.items() if secret in text] == []


def test_a_frame_holds_the_documented_keys_and_no_others(full):
    frame = Builder(full, read_settings(environ={})).build(NOON)
    assert keys_of(frame) - set(" ".join(KEYS).split()) == set()


def test_every_key_of_a_frame_is_in_the_schema(full):
    document = (Path(__file__).parents[2] / "docs" / "wall.md").read_text(encoding="utf8")
    frame = Builder(full, read_settings(environ={})).build(NOON)
    assert [key for key in sorted(keys_of(frame)) if f"`{key}`" not in document] == []


def test_words_in_a_frame_are_the_quotes_that_were_masked_before(full):
    frame = Builder(full, read_settings(environ={})).build(NOON)
    allowed = {quote["text"] for quote in kept_quotes(full)[1]["quotes"]}
    assert {voice["text"] for voice in frame["voices"]} <= allowed
    assert len(frame["voices"]) == 3


def test_a_segment_never_reaches_the_wall(full):
    frame = Builder(full, read_settings(environ={})).build(NOON)
    assert "vip" not in json.dumps(frame)
