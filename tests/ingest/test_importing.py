import gzip

import pytest

from connectors.files.errors import MappingFault, UnreadableFile
from ingest import importing
from ingest.errors import TooManyBad, Unfit
from ingest.importing import Request, import_file, kind_of, plan
from store.corridor.imports import imports
from store.corridor.quarantine import held
from store.reads.sources import read_sources as sources
from store.recount import recount
from store.stored import stored_rows
from store.undo import undo_import

MAP = "text=text,happened_at=at,external_id=id"


@pytest.fixture
def lay(tmp_path):
    def write(rows, name="berichten.csv", header="id,text,at"):
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf8")
        return path

    return write


def rows_of(count, text="Prima service", start=0):
    return [f"{i},{text} {i},2026-01-{1 + i % 28:02} 09:00" for i in range(start, start + count)]


def run(place, path, **more):
    return import_file(place, Request(path, more.pop("source", "post"), **{"mapping": MAP, **more}))


def counts(outcome):
    record = outcome.record
    return record.received, record.stored, record.duplicates, record.quarantined


def texts(place):
    return {row.external_id: row.text for _, row in stored_rows(place.engine, limit=10_000)}


def test_imports_a_file_whole(any_place, lay):
    outcome = run(any_place, lay([*rows_of(250), "x,y,geen datum"]))
    assert counts(outcome) == (251, 250, 0, 1)
    assert outcome.reasons == {"time: expected a date and time such as 2026-11-25 09:30:00, with or without an offset": 1}
    assert len(texts(any_place)) == 250 and recount(any_place.engine, any_place.zone) == []
    (payload,) = held(any_place.engine)
    assert payload.raw == b"x,y,geen datum\n" and payload.reason.startswith("line 252: time: found 'geen datum'")


@pytest.mark.faults
def test_the_same_file_again_changes_nothing(place, lay):
    path = lay(rows_of(20))
    run(place, path)
    path.touch()
    copy = path.with_name("andere naam.csv")
    copy.write_bytes(path.read_bytes())
    assert run(place, path).already and run(place, copy).already
    assert len(imports(place.engine)) == 1
    again = run(place, path, again=True)
    assert counts(again) == (20, 0, 20, 0)


def test_the_same_rows_in_another_wrapping_are_duplicates(place, lay, tmp_path):
    path = lay(rows_of(20))
    run(place, path)
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert counts(run(place, packed)) == (20, 0, 20, 0)


def test_a_corrected_file_changes_what_was_corrected(place, lay):
    run(place, lay(rows_of(20)))
    corrected = rows_of(20)
    corrected[3] = "3,Toch slecht,2026-01-04 09:00"
    outcome = run(place, lay(corrected, "b.csv"))
    assert counts(outcome) == (20, 1, 19, 0) and texts(place)["3"] == "Toch slecht"
    assert recount(place.engine, place.zone) == []


def test_a_file_imported_later_counts_whatever_its_own_time(place, lay):
    run(place, lay(["1,nieuw,2026-01-01"], "nieuw.csv"))
    run(place, lay(["1,oud,2026-01-01"], "oud.csv"))
    assert texts(place) == {"1": "oud"}


def test_another_mapping_of_the_same_file_is_another_import(place, lay):
    path = lay(["1,goed,2026-01-01,5"], header="id,text,at,score")
    run(place, path)
    outcome = run(place, path, mapping=MAP + ",csat=score")
    assert counts(outcome) == (1, 1, 0, 0)
    (row,) = [row for _, row in stored_rows(place.engine)]
    assert {seen.metric for seen in row.observed} == {"contacts", "csat", "sentiment"}


def test_the_mapping_is_remembered_for_the_next_file_of_the_source(place, lay):
    run(place, lay(rows_of(3)))
    outcome = import_file(place, Request(lay(rows_of(3, start=3), "b.csv"), "post"))
    assert counts(outcome) == (3, 3, 0, 0)


def test_without_a_mapping_the_headers_suggest_one_and_nothing_is_stored(place, lay):
    path = lay(["1,goed,2026-01-01"], header="id,bericht,datum")
    with pytest.raises(Unfit, match="--map text=bericht,happened_at=datum,external_id=id"):
        import_file(place, Request(path, "post"))
    assert imports(place.engine) == []


def test_headers_that_suggest_too_little_are_listed(place, lay):
    with pytest.raises(Unfit, match="It has: a, b, c"):
        import_file(place, Request(lay(["1,2,3"], header="a,b,c"), "post"))


def test_an_import_that_is_broken_off_goes_on_behind_what_was_stored(place, lay, monkeypatch):
    path = lay(rows_of(2_500))

    class Killed(Exception):
        pass

    saves = []

    def dying(*arguments, **options):
        saves.append(1)
        if len(saves) == 3:
            raise Killed
        return saved(*arguments, **options)

    saved = importing.save
    monkeypatch.setattr(importing, "save", dying)
    with pytest.raises(Killed):
        run(place, path)
    monkeypatch.setattr(importing, "save", saved)
    outcome = run(place, path)
    assert counts(outcome) == (2_500, 2_500, 0, 0) and len(imports(place.engine)) == 1
    undone = undo_import(place.engine, outcome.record.id, now_ms=1, zone=place.zone)
    assert undone.removed == 2_500 and texts(place) == {}


def test_an_import_can_be_stopped_and_goes_on(place, lay):
    request = Request(lay(rows_of(3_000)), "post", MAP)
    stopped = import_file(place, request, lambda share, rows: rows < 1_000)
    assert stopped.cancelled and stopped.record.received == 1_100 and not stopped.record.finished_at
    assert counts(import_file(place, request)) == (3_000, 3_000, 0, 0)


def test_progress_tells_share_and_rows(place, lay):
    heard = []
    import_file(place, Request(lay(rows_of(2_100)), "post", MAP), lambda share, rows: heard.append((share, rows)) or True)
    assert [rows for _, rows in heard] == [100, 1_100, 2_100] and heard[-1][0] == 1.0


@pytest.mark.faults
def test_a_wrong_mapping_is_stopped_soon_and_can_be_undone(place, lay):
    path = lay(rows_of(3_000), header="text,id,at")
    with pytest.raises(TooManyBad, match=r"100 records in a row.*expected a number.*python -m ingest undo 1"):
        run(place, path, mapping="happened_at=at,external_id=text,csat=id")
    assert imports(place.engine)[0].quarantined == 100


@pytest.mark.faults
def test_undo_and_import_again(place, lay):
    path = lay(rows_of(20))
    undo_import(place.engine, run(place, path).record.id, now_ms=1, zone=place.zone)
    assert counts(run(place, path)) == (20, 20, 0, 0) and recount(place.engine, place.zone) == []


def test_deletes_in_a_file_take_contacts_away(place, lay):
    run(place, lay(rows_of(3)))
    gone = lay(["1,,2026-01-02 09:00,ja"], "weg.csv", "id,text,at,weg")
    assert counts(run(place, gone, mapping=MAP + ",deleted=weg")) == (1, 1, 0, 0)
    assert set(texts(place)) == {"0", "2"} and recount(place.engine, place.zone) == []


def test_the_sources_page_hears_of_it(place, lay):
    run(place, lay(rows_of(3)), channel="e-mail")
    (source,) = sources(place.engine)
    assert (source.source, source.connector, source.channel, source.status, source.live) == (
        "post",
        "files",
        "email",
        "done",
        False,
    )
    assert '"ingest.imported"' in source.detail and source.stored == 3


@pytest.mark.parametrize(
    ("more", "fault", "told"),
    [
        ({"channel": "postduif"}, Unfit, "--channel: found 'postduif'"),
        ({"timezone": "Mars/Olympus"}, Unfit, "--timezone: found 'Mars/Olympus'"),
        ({"mapping": "text=nope,happened_at=at,external_id=id"}, MappingFault, "no such column"),
        ({"mapping": "onzin=id"}, MappingFault, "onzin"),
    ],
)
def test_wrong_options_are_named_and_store_nothing(place, lay, more, fault, told):
    with pytest.raises(fault, match=told):
        run(place, lay(rows_of(3)), **more)
    assert texts(place) == {}


def test_a_file_that_is_not_there(place, tmp_path):
    with pytest.raises(UnreadableFile, match="no file"):
        run(place, tmp_path / "absent.csv")


def test_local_times_are_the_companys(place, lay):
    run(place, lay(["1,a,2026-07-01 12:00"]))
    run(place, lay(["2,b,2026-07-01 12:00"], "b.csv"), timezone="UTC", source="utc")
    moments = {row.external_id: row.happened_at for _, row in stored_rows(place.engine)}
    assert moments["2"] - moments["1"] == 2 * 3_600_000


def test_a_channel_is_guessed_from_what_there_is(lay):
    path = lay(["1,goed,2026-01-01,5"], header="id,text,at,score")
    assert plan(Request(path, "x", MAP)).channel == "social"
    assert plan(Request(path, "x", "happened_at=at,external_id=id,csat=score")).channel == "survey"


def test_reasons_are_counted_by_kind():
    assert kind_of("line 3: the record has 2 fields, the header 3") == "the record has 2 fields, the header 3"
    assert (
        kind_of("occurred_at: found 1970, expected 1990 or later. Correct it.")
        == "occurred_at: expected 1990 or later. Correct it."
    )
