"""Touchpoints are read by stage, in the order they were entered, in the reader's language."""

from dataclasses import asdict, replace

import pytest
from sqlalchemy import insert

from store.people.audit import record, verify
from store.people.errors import NotFound, Refused
from store.people.touchpoints import Touchpoint, save_touchpoint, touchpoints, versions
from store.people.writing import writing
from store.tables import Touchpoint as TouchpointTable
from tests.store.people_store import NOW, fresh


def test_touchpoints_of_a_stage_in_order(tmp_path):
    engine = fresh(tmp_path)
    here = {"journey": "airline", "stage": "book"}
    rows = [
        here | {"name_nl": "Bevestiging", "name_en": "Confirmation", "channel": "email", "target": 8.0},
        here | {"stage": "fly", "name_nl": "Aan boord", "name_en": "", "channel": "app", "moment_of_truth": True},
        here | {"name_nl": "Pagina", "name_en": "Page", "channel": "web", "as_is_nl": "a", "to_be_nl": "b"},
        here | {"journey": "other", "name_nl": "X", "name_en": "X", "channel": "web"},
    ]
    with engine.begin() as connection:
        for row in rows:
            connection.execute(insert(TouchpointTable).values(**row))
    found = touchpoints(engine, "airline", "book")
    assert [point.name("en") for point in found] == ["Confirmation", "Page"]
    assert found[0].target == 8.0 and found[1].target is None and found[1].to_be_nl == "b"
    assert touchpoints(engine, "airline", "fly")[0].name("en") == "Aan boord"
    assert len(touchpoints(engine, "airline")) == 3


def test_every_edit_is_a_version_that_stays_as_it_was(tmp_path):
    engine = fresh(tmp_path)
    point = Touchpoint("book", "Bevestiging", "Confirmation", "email", False, 8.0, "soms", "altijd")
    kept = save_touchpoint(engine, "airline", point, "begin", "Anna", NOW)
    save_touchpoint(engine, "airline", replace(kept, as_is_nl="meestal", target=None), "beter gemeten", "Bram", NOW + 1)
    newest, first = versions(engine, kept.id)
    assert (newest.number, newest.who, newest.why, newest.point.as_is_nl) == (2, "Bram", "beter gemeten", "meestal")
    assert (first.number, first.who, first.at, first.point) == (1, "Anna", NOW, kept)
    assert touchpoints(engine, "airline", "book") == [newest.point] and verify(engine) == []


@pytest.mark.parametrize("wrong", [{"name_nl": "", "name_en": ""}, {"target": 11.0}])
def test_what_cannot_be_a_touchpoint_is_refused_and_kept_nowhere(tmp_path, wrong):
    engine = fresh(tmp_path)
    point = Touchpoint("book", "Bevestiging", "Confirmation", "email", False, 8.0, "", "")
    for given, why in ((replace(point, **wrong), "x"), (point, " ")):
        with pytest.raises(Refused):
            save_touchpoint(engine, "airline", given, why, "Anna", NOW)
    with pytest.raises(NotFound):
        save_touchpoint(engine, "airline", replace(point, id=9), "x", "Anna", NOW)
    assert touchpoints(engine, "airline") == [] and versions(engine, 9) == []


def test_a_version_from_before_both_languages_is_still_read(tmp_path):
    engine = fresh(tmp_path)
    point = Touchpoint("book", "Bevestiging", "Confirmation", "email", False, 8.0, "soms", "altijd", "at times", "always", 7)
    old = {name: value for name, value in asdict(point).items() if name[:5] not in ("as_is", "to_be")}
    with writing(engine, NOW) as connection:
        record(
            connection, "Anna", "edit", "touchpoint 7", {"why": "x", "became": old | {"as_is": "soms", "to_be": "altijd"}}, NOW
        )
    assert versions(engine, 7)[0].point == replace(point, as_is_en="", to_be_en="")
