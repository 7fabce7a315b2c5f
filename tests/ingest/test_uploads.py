"""What people put in on screen is gone after a day, but not from under a job that still needs it."""

import os

import pytest

from ingest.uploads import KEPT_MS, forget_uploads
from store.corridor.jobs import ask

NOW = 1_795_000_000_000


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "uploads"


def put(folder, name, age_ms):
    file = folder / name / "messages.csv"
    file.parent.mkdir(parents=True)
    file.write_text("id,text\n1,een klant\n")
    os.utime(file, ((NOW - age_ms) / 1000,) * 2)
    return file


def test_a_file_of_over_a_day_goes_with_its_folder_and_a_younger_one_stays(place, folder):
    old, young = put(folder, "a", KEPT_MS + 60_000), put(folder, "b", KEPT_MS - 60_000)
    assert forget_uploads(place, NOW, folder) == 1
    assert not old.parent.exists() and young.exists()
    assert forget_uploads(place, NOW, folder) == 0


def test_a_job_that_waits_for_a_file_keeps_it(place, folder):
    old = put(folder, "a", 3 * KEPT_MS)
    ask(place.engine, "import", {"file": str(old), "source": "reviews", "mapping": "text=text"}, NOW)
    assert forget_uploads(place, NOW, folder) == 0 and old.exists()


def test_nothing_was_ever_put_in(place, folder):
    assert forget_uploads(place, NOW, folder) == 0
