"""The verbs as an operator types them; in this process where that shows the same, as a process of its own where it matters."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.__main__ import main, parser
from ingest.opening import now_ms, open_place
from store.people.facts import set_fact
from store.people.promises import register
from store.rows import Batch
from store.stored import stored_rows
from store.writes import save

from .conftest import KEY, event

ROOT = Path(__file__).resolve().parents[2]
MAP = "text=text,happened_at=at,external_id=id"
EXAMPLE = ROOT / "docs" / "examples" / "airline-promises.toml"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "berichten.csv"
    path.write_text(
        "id,text,at\n1,Mijn koffer is kwijt,2026-01-01 09:00\n2,Prima,2026-01-02 09:00\n3,x,morgen\n", encoding="utf8"
    )
    return path


@pytest.fixture
def verb(url, capsys):
    def run(*arguments, store=url):
        code = main([*map(str, arguments), "--store", store])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_help_lists_every_verb_in_plain_words():
    shown = subprocess.run(
        [sys.executable, "-m", "ingest", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in ("up", "run", "connectors", "import", "undo", "recount", "doctor", "retry", "forget", "purge", "journey", "wall"):
        assert f"\n    {name} " in shown


def test_every_verb_takes_a_store_and_has_something_to_do(chosen):
    from ingest import verbs

    for name, sub in next(action for action in parser()._actions if action.dest == "verb").choices.items():
        assert any("--store" in action.option_strings for action in sub._actions), name
        assert callable(getattr(verbs, f"do_{name}")), name


def test_import_says_what_happened_and_the_second_time_nothing_is_new(verb, file):
    code, out, err = verb("import", file, "--map", MAP, "--source", "post")
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [
        "received            3",
        "stored              2",
        "duplicates          0",
        "quarantined         1",
    ]
    assert "rows per second" in out and "1 x time: expected" in out and "python -m ingest undo 1" in out
    code, out, _ = verb("import", file, "--map", MAP, "--source", "post")
    assert code == 0 and "already imported" in out and "0 new rows" in out and "stored              0" in out


def test_promises_come_along(verb, file, url, chosen):
    code, out, _ = verb("import", file, "--map", MAP, "--promises", EXAMPLE)
    assert code == 0 and "promises            7" in out
    with closing(open_place(url, chosen)) as place:
        assert len(register(place.engine, "airline")) == 7


def test_a_mistake_in_the_promises_stores_nothing_at_all(verb, file, url, tmp_path, chosen):
    wrong = tmp_path / "p.toml"
    wrong.write_text('[[promise]]\ncode = "B-1"\nstage = "moon"\n')
    code, _, err = verb("import", file, "--map", MAP, "--promises", wrong)
    assert code == 2 and "stage: found 'moon'" in err
    with closing(open_place(url, chosen)) as place:
        assert stored_rows(place.engine) == []


def test_a_dry_run_makes_no_store(verb, file, tmp_path):
    code, out, _ = verb("import", file, "--map", MAP, "--dry-run")
    assert code == 0 and "Nothing was stored." in out and not (tmp_path / "store.db").exists()


def test_the_real_tweets_from_a_preview_to_the_second_time(url, shared):
    command = [
        sys.executable,
        "-m",
        "ingest",
        "import",
        str(shared / "airline_en.dev.csv.gz"),
        "--source",
        "airline",
        "--store",
        url,
    ]
    command += ["--map", "text=text,happened_at=created,external_id=id", "--promises", str(EXAMPLE)]
    environ = {**os.environ, "KLANTBLIK_KEY": KEY}

    def run(*more):
        return subprocess.run(
            [*command, *more], cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=300
        ).stdout

    assert "Nothing was stored." in run("--dry-run")
    first, second = run(), run()
    assert "stored         10,134" in first and "quarantined         0" in first
    assert "already imported" in second and "stored              0" in second


def test_undo_lists_and_undoes(verb, file):
    verb("import", file, "--map", MAP, "--source", "post")
    assert "post  berichten.csv: 3 received, 2 stored" in verb("undo")[1]
    assert "2 contacts removed, 1 out of quarantine" in verb("undo", 1)[1]
    code, _, err = verb("undo", 9)
    assert code == 2 and "import: found 9" in err


def test_recount_and_doctor_find_nothing_and_then_something(verb, file, url, chosen):
    verb("import", file, "--map", MAP)
    assert verb("recount")[0] == 0 and verb("doctor", "--recount")[0] == 0
    with closing(open_place(url, chosen)) as place, place.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE rollup_day SET n = n + 1")
        connection.exec_driver_sql("UPDATE source_state SET stored = 99")
    code, out, _ = verb("recount")
    assert code == 1 and "differences" in out and "day" in out
    code, out, _ = verb("doctor")
    assert code == 1 and "WRONG  counts" in out and "ok     file" in out


def test_retry_rescore_and_forget(verb, url, chosen):
    with closing(open_place(url, chosen)) as place:
        ahead = event("1", at=datetime.now(UTC) + timedelta(hours=1), author="jan")
        rows, refused = place.pipeline("post").prepare([event("2", author="jan"), ahead], now_ms())
        save(place.engine, Batch("post", rows, refused), now_ms=now_ms(), zone=place.zone)
    assert "tried 1: 0 stored, 1 refused again" in verb("retry")[1]
    assert "read 1 contacts anew, 1 written" in verb("rescore")[1]
    assert "1 contacts emptied, 1 payloads deleted" in verb("forget", "jan")[1]


def test_purge_asks_first(verb, file):
    verb("import", file, "--map", MAP, "--source", "post")
    code, _, err = verb("purge", "post")
    assert code == 2 and "--yes" in err
    assert "2 contacts removed" in verb("purge", "post", "--yes")[1]


def test_journeys_and_walls(verb, file):
    verb("import", file, "--map", MAP, "--journey", "seven-stages")
    assert "seven-stages  (in this store, in use)" in verb("journey")[1]
    assert "[[stage]]" in verb("journey", "export")[1] and "delivery" in verb("journey", "show")[1]
    assert verb("wall") == (0, "", "")


def test_connectors_are_listed_and_checked(verb, file):
    verb("import", file, "--map", MAP, "--source", "post")
    code, out, _ = verb("connectors")
    assert code == 0 and "post" in out and "connectors: " in out and "sample" in out
    code, out, _ = verb("connectors", "check", "sample")
    assert code == 0 and out.startswith("ok: ")
    code, out, _ = verb("connectors", "check", "files")
    assert code == 1 and "folder: Field required" in out
    code, _, err = verb("connectors", "check", "pigeon")
    assert code == 2 and "expected one of" in err


@pytest.mark.parametrize("name", ["recount", "doctor", "undo", "retry", "journey", "rescore", "wall"])
def test_a_store_that_is_not_there_is_not_made(verb, name, tmp_path):
    code, _, err = verb(name)
    assert code == 2 and "found no store there" in err and list(tmp_path.glob("*.db")) == []


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("mysql://me:secret@x/y", "expected sqlite:///FILE or postgresql://"),
        ("nonsense://x", "expected sqlite:///FILE"),
        ("postgresql://me:secret@127.0.0.1:1/x", "connection"),
    ],
)
def test_a_store_that_cannot_be_opened_is_one_clear_line_without_the_password(verb, file, store, told):
    code, _, err = verb("import", file, "--map", MAP, store=store)
    assert code == 2 and told in err and err.count("\n") == 1 and "secret" not in err


def test_a_file_that_is_no_store_is_left_alone(verb, file, tmp_path):
    other = tmp_path / "other.db"
    other.write_bytes(b"not a database, but somebody's work " * 200)
    before = other.read_bytes()
    code, _, err = verb("import", file, "--map", MAP, store=str(other))
    assert code == 2 and "Restore it" in err and other.read_bytes() == before


def test_the_demo_takes_no_real_customers(verb, file, url, chosen):
    with closing(open_place(url, chosen)) as place:
        set_fact(place.engine, "demo", "1", "me", 1)
    code, _, err = verb("import", file, "--map", MAP)
    assert code == 2 and "made-up company" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", "absent.csv", "--map", MAP], "no file"),
        (["import", str(EXAMPLE), "--map", MAP], "no such column"),
    ],
)
def test_wrong_arguments_are_one_clear_line(verb, arguments, told):
    code, out, err = verb(*arguments)
    assert code == 2 and told in err and err.count("\n") == 1 and out == ""


def start(url, folder, *more, **environ):
    sources = folder / "sources.toml"
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", "run", "--store", url, *more],
        cwd=ROOT,
        env={**os.environ, "KLANTBLIK_KEY": KEY, "KLANTBLIK_SOURCES": str(sources), "KLANTBLIK_INGEST_CONNECTORS": "", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_reads_a_drop_folder_and_stops_when_asked(url, tmp_path, file, chosen, number):
    folder = tmp_path / "drop"
    folder.mkdir()
    file.rename(folder / "berichten.csv")
    os.utime(folder / "berichten.csv", (1_700_000_000, 1_700_000_000))
    (tmp_path / "sources.toml").write_text(
        f"[post]\nconnector = 'files'\nfolder = {json.dumps(str(folder))}\nmapping = '{MAP}'\n"
    )
    with start(url, tmp_path) as process:
        assert "ingest reads post" in process.stdout.readline()
        with closing(open_place(url, chosen)) as place:
            wait_for(lambda: len(stored_rows(place.engine)) == 2)
        second = start(url, tmp_path)
        assert f"process {process.pid}" in second.communicate(timeout=60)[0] and second.returncode == 2
        process.send_signal(number)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0 and "ingest has stopped" in out


def test_run_only_an_unknown_source(verb):
    code, _, err = verb("run", "--only", "absent")
    assert code == 2 and "--only: found 'absent'" in err
