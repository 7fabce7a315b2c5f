import pytest

from ingest.errors import Unfit
from ingest.walls import lines, who
from store.people.errors import NotFound
from store.people.walls import ask


def said(place, *arguments, now=10):
    return list(lines(place.engine, *arguments, now))


def test_a_screen_is_confirmed_listed_and_revoked(place):
    code, _ = ask(place.engine, 5)
    assert said(place, "confirm", code, "Hall") == ["screen 1 (Hall) may show the wall"]
    assert "Hall" in said(place, "list", "", "")[0] and "allowed" in said(place, "list", "", "")[0]
    assert said(place, "revoke", "1", "") == ["screen 1 (Hall) may no longer show the wall"]
    assert "revoked" in said(place, "list", "", "")[0]


@pytest.mark.parametrize(
    ("action", "given", "fault"),
    [("confirm", "", Unfit), ("revoke", "", Unfit), ("revoke", "x", Unfit), ("confirm", "NOPE", NotFound)],
)
def test_what_is_missing_is_named(place, action, given, fault):
    with pytest.raises(fault):
        said(place, action, given, "")


def test_somebody_did_it():
    assert who().startswith("terminal")
