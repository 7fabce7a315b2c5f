"""Enrolled screens: a code that runs out, a person who confirms, a token of which only the hash is kept, and revocation."""

import pytest
from sqlalchemy import select

from store.people import walls
from store.people.audit import entries, verify
from store.people.errors import NotFound, Refused
from store.people.facts import facts
from store.tables import Wall

NOW = 1_795_000_000_000
MINUTE = 60_000


def enrolled(store, name="Hal"):
    code, token = walls.ask(store, NOW)
    return walls.confirm(store, code, "anna", name, NOW + MINUTE), token


def test_a_screen_may_see_nothing_until_a_person_confirms_its_code(sqlite_store):
    code, token = walls.ask(sqlite_store, NOW)
    assert not walls.screen_of(sqlite_store, token).allowed
    walls.confirm(sqlite_store, f" {code[:4].lower()}-{code[4:]} ", "anna", "Hal", NOW + MINUTE, language="nl", distance_m=7)
    screen = walls.screen_of(sqlite_store, token)
    assert screen.allowed
    assert (screen.name, screen.language, screen.distance_m, screen.confirmed_by) == ("Hal", "nl", 7, "anna")


def test_only_hashes_are_kept(sqlite_store):
    code, token = walls.ask(sqlite_store, NOW)
    with sqlite_store.connect() as connection:
        row = connection.execute(select(Wall.__table__)).one()
    assert code not in str(row) and token not in str(row)
    assert (row.code_hash, row.token_hash) == (walls.hashed(code), walls.hashed(token))


def test_a_code_runs_out_and_works_once(sqlite_store):
    code, _ = walls.ask(sqlite_store, NOW)
    with pytest.raises(NotFound, match="15 minutes"):
        walls.confirm(sqlite_store, code, "anna", "Hal", NOW + 16 * MINUTE)
    walls.confirm(sqlite_store, code, "anna", "Hal", NOW + 14 * MINUTE)
    with pytest.raises(NotFound):
        walls.confirm(sqlite_store, code, "anna", "Kantine", NOW + 14 * MINUTE)


def test_a_revoked_screen_is_no_screen_any_more(sqlite_store):
    screen, token = enrolled(sqlite_store)
    walls.revoke(sqlite_store, screen.id, "anna", NOW + 2 * MINUTE)
    assert walls.screen_of(sqlite_store, token) is None
    assert [s.allowed for s in walls.screens(sqlite_store)] == [False]


def test_settings_are_changed_with_an_audit_row_each(sqlite_store):
    screen, _ = enrolled(sqlite_store)
    playlist = [{"slide": "journey", "seconds": 40, "share": 3, "days": [1, 2, 3, 4, 5]}]
    changed = walls.change(sqlite_store, screen.id, "bart", NOW, language="en", playlist=playlist)
    assert (changed.language, list(changed.playlist)) == ("en", playlist)
    assert walls.change(sqlite_store, screen.id, "bart", NOW, playlist=None).playlist == ()
    walls.change(sqlite_store, screen.id, "bart", NOW, name="Hal 2")
    walls.revoke(sqlite_store, screen.id, "bart", NOW)
    assert [row.action for row in entries(sqlite_store, f"wall {screen.id}")] == ["revoke", "change", "change", "change", "enrol"]
    assert verify(sqlite_store) == []


@pytest.mark.parametrize(
    "wrong",
    [
        *({"language": "de"}, {"distance_m": 0.2}, {"distance_m": 99}, {"distance_m": "far"}, {"colour": "red"}, {"name": " "}),
        *({"playlist": []}, {"playlist": [{"slide": "weather", "seconds": 20}]}),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_changes_nothing(sqlite_store, wrong):
    screen, _ = enrolled(sqlite_store)
    with pytest.raises(Refused):
        walls.change(sqlite_store, screen.id, "bart", NOW, **wrong)
    assert walls.screens(sqlite_store)[0] == screen


def test_a_screen_may_be_more_careful_with_quotes_than_the_house_but_not_less(sqlite_store):
    screen, _ = enrolled(sqlite_store)
    assert screen.quotes == ""
    assert walls.change(sqlite_store, screen.id, "bart", NOW, quotes="approved").quotes == "approved"
    with pytest.raises(Refused, match="found 'strict', expected off, approved"):
        walls.change(sqlite_store, screen.id, "bart", NOW, quotes="strict")
    rules = {(own, house): walls.screen_quotes(own, house) for own in walls.SCREEN_QUOTES for house in walls.QUOTES}
    assert all(walls.QUOTES.index(rule) <= walls.QUOTES.index(house) for (_, house), rule in rules.items())
    assert rules["", "strict"] == "strict" and rules["off", "strict"] == "off" and rules["approved", "off"] == "off"


def test_the_rule_of_the_house_is_kept_with_who_chose_it(sqlite_store):
    walls.set_house_quotes(sqlite_store, "approved", "bart", NOW)
    assert walls.house_quotes("", facts(sqlite_store)) == "approved"
    with pytest.raises(Refused, match="found 'all', expected off, approved, strict"):
        walls.set_house_quotes(sqlite_store, "all", "bart", NOW)
    assert [(row.who, row.action) for row in entries(sqlite_store, "fact wall_quotes")] == [("bart", "set")]


def test_screens_that_nobody_confirms_are_removed_and_cannot_pile_up(sqlite_store):
    for _ in range(walls.WAITING_AT_MOST):
        walls.ask(sqlite_store, NOW)
    with pytest.raises(walls.Crowded, match="fewer than 50"):
        walls.ask(sqlite_store, NOW + MINUTE)
    walls.ask(sqlite_store, NOW + 16 * MINUTE)
    with sqlite_store.connect() as connection:
        assert len(connection.execute(select(Wall.id)).all()) == 1


def test_no_token_and_a_wrong_token_are_nobody(sqlite_store):
    enrolled(sqlite_store)
    assert walls.screen_of(sqlite_store, "") is None
    assert walls.screen_of(sqlite_store, "guess") is None


def test_an_unknown_screen_cannot_be_changed(sqlite_store):
    with pytest.raises(NotFound, match="Settings, Walls"):
        walls.revoke(sqlite_store, 99, "anna", NOW)


def test_being_seen_is_noted_without_a_word_in_the_audit(sqlite_store):
    screen, _ = enrolled(sqlite_store)
    before = len(entries(sqlite_store))
    walls.seen(sqlite_store, {screen.id}, NOW + 5 * MINUTE)
    assert walls.screens(sqlite_store)[0].seen_at == NOW + 5 * MINUTE
    assert len(entries(sqlite_store)) == before


def test_works_on_every_database(store):
    screen, token = enrolled(store)
    assert walls.screen_of(store, token) == screen
