"""The evaluation command: every file form, every task, and errors that say what to do."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from config.errors import ConfigError
from text import measures
from text.__main__ import main
from text.evaluate import Setup, evaluate, read_rows, report_labels
from text.masked_share import masking_report

ROWS = [
    {
        "text": "Waardeloos, al weken geen antwoord van de klantenservice",
        "lang": "nl",
        "sentiment": "negative",
        "stage": "question",
        "pii": [],
    },
    {
        "text": "Top bezorgd, dank Willemijn Oostdam!",
        "lang": "nl",
        "sentiment": "positive",
        "stage": "delivery",
        "pii": [{"type": "name", "value": "Willemijn Oostdam"}],
    },
    {
        "text": "What time do you open? Call 07700 900482",
        "lang": "en",
        "sentiment": "neutral",
        "stage": "",
        "pii": [{"type": "phone", "value": "07700 900482"}],
    },
]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def as_csv():
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(ROWS[0]))
    writer.writeheader()
    writer.writerows([row | {"pii": json.dumps(row["pii"])} for row in ROWS])
    return buffer.getvalue()


@pytest.fixture(params=["jsonl", "jsonl.gz", "csv", "csv.gz"])
def file(request, tmp_path):
    text = as_csv() if "csv" in request.param else "\n".join(map(json.dumps, ROWS))
    path = tmp_path / f"labelled.{request.param}"
    path.write_bytes(gzip.compress(text.encode()) if request.param.endswith("gz") else text.encode())
    return path


def test_every_file_form_gives_the_same_rows(file):
    assert [row["text"] for row in read_rows(file)] == [row["text"] for row in ROWS]
    assert read_rows(file)[1]["pii"] == ROWS[1]["pii"]


def test_all_tasks_report(file, capsys):
    assert main(["evaluate", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"language", "sentiment", "stage", "masking"}
    assert found["language"]["n"] == 3 and found["language"]["balanced_accuracy"] == 1.0
    assert found["stage"]["n"] == 2
    assert found["masking"]["ordinary"]["phone"] == {"n": 1, "whole": 1.0, "no_part_left": 1.0}


def test_plain_output_names_every_measure(file, capsys):
    assert main(["evaluate", str(file), "--task", "sentiment"]) == 0
    out = capsys.readouterr().out
    for word in ("macro_f1", "accuracy", "coverage", "confusion", "calibration_error", "texts_per_cpu_second", "net_true"):
        assert word in out


def test_a_file_that_is_not_there_is_named(capsys):
    assert main(["evaluate", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_a_file_without_labels_says_what_is_missing(tmp_path, capsys):
    (tmp_path / "x.csv").write_text("text\nhallo\n")
    assert main(["evaluate", str(tmp_path / "x.csv"), "--task", "stage"]) == 2
    assert "labels for stage" in capsys.readouterr().err


def test_broken_json_and_a_row_without_text_are_named(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"text": "a"}\n{broken')
    with pytest.raises(ConfigError, match="one JSON object per line"):
        read_rows(tmp_path / "x.jsonl")
    (tmp_path / "y.csv").write_text("message,lang\nhallo,nl\n")
    with pytest.raises(ConfigError, match=r"y.csv row 1.*named text"):
        read_rows(tmp_path / "y.csv")


def test_binary_never_says_neutral():
    rows = [
        {"text": text, "lang": "nl", "sentiment": label} for text, label in (("prachtig boek", "positive"), ("saai", "negative"))
    ]
    found = evaluate(rows, ("sentiment",), Setup(binary=True))["sentiment"]
    assert found["coverage"] == 1.0 and set(found["per_class"]) == {"negative", "positive"}


def test_own_names_are_stripped_before_scoring():
    rows = [{"text": "united", "lang": "en", "sentiment": "neutral"}] * 3
    assert evaluate(rows, ("sentiment",), Setup(own_names=("united",)))["sentiment"]["net_lexicon"] == 0.0
    assert evaluate(rows, ("sentiment",))["sentiment"]["net_lexicon"] == 1.0


def test_an_abstention_is_a_miss_but_not_covered():
    found = report_labels(["a", "b", "b", "a"], ["a", "b", None, "b"], [0.9, 0.8, 0.0, 0.7], 2.0)
    assert found["accuracy"] == 0.5 and found["coverage"] == 0.75 and found["accuracy_covered"] == pytest.approx(0.6667)
    assert found["confusion"]["b"] == {"-": 1, "a": 0, "b": 1}
    assert found["texts_per_cpu_second"] == 2


def test_measures_against_figures_worked_by_hand():
    truth, called = ["a", "a", "b", "b"], ["a", "b", "b", "b"]
    assert measures.per_class(truth, called)["b"] == {"precision": 0.6667, "recall": 1.0, "f1": 0.8, "n": 2}
    assert measures.macro_f1(truth, called) == pytest.approx((2 / 3 + 0.8) / 2, abs=1e-4)
    assert measures.calibration_error([True, False], [0.9, 0.9]) == pytest.approx(0.4)
    assert measures.calibration_error([], []) is None
    assert measures.net([0.5, -0.5, 0.9, 0.0]) == 0.25


def test_masking_counts_what_is_left():
    rows = [
        {
            "text": "bel 0612345678 of Qqq Zzz",
            "lang": "nl",
            "pii": [{"type": "phone", "value": "0612345678"}, {"type": "name", "value": "bel"}],
        },
    ]
    found = masking_report(rows)
    assert found["ordinary"]["phone"]["whole"] == 1.0 and found["ordinary"]["name"]["whole"] == 0.0
    assert found["structured_recall"] == 1.0 and found["name_recall"] == 0.0
    assert found["strict"]["lost"] in (0.0, 1.0)


def shared(name):
    path = SHARED / name
    return pytest.param(path, marks=pytest.mark.skipif(not path.exists(), reason=f"{name} is not beside the project"))


@pytest.mark.shared
@pytest.mark.parametrize("path", [shared("messages_dev.jsonl")])
def test_on_the_shared_messages(path):
    found = evaluate(read_rows(path))
    assert found["masking"]["structured_recall"] > 0.97 and found["language"]["balanced_accuracy"] > 0.98


@pytest.mark.shared
@pytest.mark.parametrize("path", [shared("airline_en.dev.csv.gz")])
def test_on_airline_tweets_that_nothing_was_trained_on(path):
    """The published lexicon says one thing of an airline, its customers another; ours must side with the customers."""
    own = ("united", "southwest", "southwestair", "jetblue", "usairways", "americanair", "virginamerica", "american", "delta")
    found = evaluate(read_rows(path), ("sentiment",), Setup(own_names=own))["sentiment"]
    assert found["macro_f1"] > 0.6
    assert abs(found["net"] - found["net_true"]) < 0.2
