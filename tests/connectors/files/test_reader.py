from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.base import BadRecord, Reading
from connectors.files.mapping import check_mapping, parse_mapping
from connectors.files.reader import Rows, Terms
from connectors.files.table import open_table


@pytest.fixture
def read(tmp_path):
    def events(content, mapping, *, skip=0, **terms):
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf8")
        table = open_table(path)
        chosen = check_mapping(parse_mapping(mapping), table.columns)
        options = {"channel": "social", "zone": ZoneInfo("Europe/Amsterdam"), "version": 7, **terms}
        return list(Rows(table, Terms(chosen, **options))(skip=skip))

    return events


def test_a_row_becomes_an_event(read):
    (event,) = read(
        "nr;datum;tekst;kanaal;taal;klant;fase;groep;cijfer;fcr;link\n"
        "12;24-02-2015 20:15;Prima geholpen;Telefoon;NL;k7;Vraag;nieuw|kritisch;4,5;ja;https://x/1\n",
        "external_id=nr,happened_at=datum,text=tekst,channel=kanaal,language=taal,author=klant,stage=fase,segments=groep,"
        "csat=cijfer,resolved_first=fcr,url=link",
    )
    said = event.said
    assert (event.external_id, event.version, event.op) == ("12", 7, "upsert")
    assert event.occurred_at == datetime(2015, 2, 24, 19, 15, tzinfo=UTC)
    assert (said.text, said.channel, said.language, said.author, said.stage) == ("Prima geholpen", "phone", "nl", "k7", "Vraag")
    assert said.segments == ("nieuw", "kritisch") and said.url == "https://x/1"
    assert said.readings == [Reading("csat", 4.5), Reading("resolved_first", 1.0)]


def test_bad_rows_carry_their_line_their_bytes_and_a_reason(read):
    found = read(
        "id,text,at,csat\n1,a,2015-01-01,5\n2,b,morgen,5\n3,c,2015-01-02,vijf\n4,,2015-01-02,\n,d,2015-01-02,1\n",
        "text=text,happened_at=at,external_id=id,csat=csat",
    )
    bad = [row for row in found if isinstance(row, BadRecord)]
    assert [row.why.split(":")[0] for row in bad] == ["line 3", "line 4", "line 5", "line 6"]
    assert [word in row.why for word, row in zip(("'morgen'", "'vijf'", "says nothing", "external_id"), bad, strict=True)] == [
        True
    ] * 4
    assert bad[0].raw == b"2,b,morgen,5\n"


def test_a_version_column_wins_as_number_or_as_moment(read):
    found = read(
        "id,text,at,v\n1,a,2015-01-01,3\n2,b,2015-01-01,2015-02-01T00:00:00Z\n3,c,2015-01-01,\n",
        "text=text,happened_at=at,external_id=id,version=v",
    )
    assert [event.version for event in found] == [3, 1422748800000, 7]


def test_a_deleted_row_is_a_delete_without_words(read):
    kept, gone = read(
        "id,text,at,weg\n1,a,2015-01-01,nee\n2,b,2015-01-01,ja\n", "text=text,happened_at=at,external_id=id,deleted=weg"
    )
    assert kept.op == "upsert" and gone.op == "delete" and gone.said is None


def test_an_open_question_is_unanswered_and_not_zero(read):
    (event,) = read("id,at,r\n1,2015-01-01,open\n", "happened_at=at,external_id=id,first_response=r")
    assert event.said.unanswered == ("first_response",) and event.said.readings == []


def test_without_an_id_equal_words_at_one_moment_are_one(read):
    a, b, c = read("text,at\nx,2015-01-01\nx,2015-01-01\nx,2015-01-02\n", "text=text,happened_at=at")
    assert a.external_id == b.external_id != c.external_id


def test_rows_can_be_numbered(read):
    found = read("score,at\n5,2015-01-01\n5,2015-01-01\n", "csat=score,happened_at=at,external_id=#row")
    assert [event.external_id for event in found] == ["row 2", "row 3"]


def test_skip_leaves_out_what_was_read_before_and_keeps_the_order_of_times(read):
    content = "id,text,at\n1,a,2026-10-25 01:30\n2,b,2026-10-25 02:30\n3,c,2026-10-25 02:10\n"
    whole = read(content, "text=text,happened_at=at,external_id=id")
    assert read(content, "text=text,happened_at=at,external_id=id", skip=2) == whole[2:]
    assert whole[2].occurred_at == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)


def test_the_months_place_is_found_from_the_whole_file(read):
    first, _ = read(
        "id,text,at\n1,a,03/04/2015\n2,b,12/25/2015\n", "text=text,happened_at=at,external_id=id", zone=ZoneInfo("UTC")
    )
    assert first.occurred_at == datetime(2015, 3, 4, tzinfo=UTC)
