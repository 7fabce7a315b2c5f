from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from connectors.files.errors import MappingFault
from ingest import preview
from ingest.importing import Request, plan
from ingest.pipeline import Pipeline

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def look(tmp_path):
    def shown(content, mapping="", order="", read=5_000):
        path = tmp_path / "berichten.csv"
        path.write_text(content, encoding="utf8")
        planned = plan(Request(path, "post", mapping))
        pipeline = Pipeline("post", load_journey("airline"), (), b"k" * 32)
        found = preview.look(planned, pipeline, ZONE, order, 1_800_000_000_000, read)
        return "\n".join(preview.lines(planned, found, ZONE)), found

    return shown


def test_shows_how_the_file_is_read_and_the_first_rows_masked(look):
    text, found = look(
        "id;tekst;datum;cijfer\n7;Mijn koffer is kwijt, bel 06-12345678;24-02-2026 09:00;4\n",
        "text=tekst,happened_at=datum,external_id=id,csat=cijfer",
    )
    assert "semicolon-separated, utf-8, 4 columns" in text and "2026-02-24 09:00" in text and "csat 4" in text
    assert "12345678" not in text and "arrive" in text
    assert "Of all 1 rows: 1 can be stored (1 with a stage), 0 would be quarantined." in text
    assert text.endswith("Nothing was stored.") and found.read == 1


def test_counts_the_reasons(look):
    rows = "".join(f"{i},x,{'morgen' if i % 2 else '2026-01-01'}\n" for i in range(10))
    text, found = look("id,text,at\n" + rows, "text=text,happened_at=at,external_id=id")
    assert sum(found.reasons.values()) == 5 and "5 x time: expected a date and time" in text


def test_a_suggested_mapping_is_marked_as_such(look):
    text, _ = look("id,bericht,datum\n1,x,2026-01-01\n")
    assert "--map text=bericht,happened_at=datum,external_id=id  (suggested by the headers)" in text


def test_headers_that_suggest_too_little_are_a_fault(look):
    with pytest.raises(MappingFault, match="happened_at is missing"):
        look("a,b\n1,2\n")


def test_says_what_had_to_be_assumed(look):
    text, _ = look(
        "id,text,at\n1,x,03/04/2026 02:30\n2,y,25/10/2025 02:30\n".replace("25/10", "05/10"),
        "text=text,happened_at=at,external_id=id",
    )
    assert "day first" in text
    text, _ = look(
        "id,text,at\n1,x,2025-10-27 09:00\n2,z,2025-10-20 09:00\n3,y,2025-10-26 02:30\n",
        "text=text,happened_at=at,external_id=id",
    )
    assert "1 times lie in the hour that comes twice" in text


def test_a_long_file_is_not_read_to_its_end(look):
    text, found = look(
        "id,text,at\n" + "".join(f"{i},x,2026-01-01\n" for i in range(50)), "text=text,happened_at=at,external_id=id", read=20
    )
    assert "Of the first 20 rows" in text and found.more
