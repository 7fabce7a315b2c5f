"""Touchpoints are read by stage, in the order they were entered, in the reader's language."""

from sqlalchemy import insert

from store.people.touchpoints import touchpoints
from store.tables import Touchpoint
from tests.store.people_store import fresh


def test_touchpoints_of_a_stage_in_order(tmp_path):
    engine = fresh(tmp_path)
    here = {"journey": "airline", "stage": "book"}
    rows = [
        here | {"name_nl": "Bevestiging", "name_en": "Confirmation", "channel": "email", "target": 8.0},
        here | {"stage": "fly", "name_nl": "Aan boord", "name_en": "", "channel": "app", "moment_of_truth": True},
        here | {"name_nl": "Pagina", "name_en": "Page", "channel": "web", "as_is": "a", "to_be": "b"},
        here | {"journey": "other", "name_nl": "X", "name_en": "X", "channel": "web"},
    ]
    with engine.begin() as connection:
        for row in rows:
            connection.execute(insert(Touchpoint).values(**row))
    found = touchpoints(engine, "airline", "book")
    assert [point.name("en") for point in found] == ["Confirmation", "Page"]
    assert found[0].target == 8.0 and found[1].target is None and found[1].to_be == "b"
    assert touchpoints(engine, "airline", "fly")[0].name("en") == "Aan boord"
    assert len(touchpoints(engine, "airline")) == 3
