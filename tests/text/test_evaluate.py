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
    (tmp_path / "x.csv").write_text("text,lang,stage\nmijn koffer,nl,nowhere\n")
    assert main(["evaluate", str(tmp_path / "x.csv"), "--task", "stage", "--journey", "airline"]) == 2
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


class TestFilesThatCannotBeRead:
    """Each is named with what was found and what to do; nothing is measured on half a file."""

    def refused(self, tmp_path, capsys, data, name="x.csv"):
        (tmp_path / name).write_bytes(data)
        assert main(["evaluate", str(tmp_path / name)]) == 2
        return capsys.readouterr().err

    def test_half_a_gzip_file(self, tmp_path, capsys):
        said = self.refused(tmp_path, capsys, gzip.compress(as_csv().encode())[:-20], "x.csv.gz")
        assert "x.csv.gz" in said and "a whole gzip file" in said and "Copy the file again" in said

    def test_gzip_that_is_damaged(self, tmp_path, capsys):
        data = bytearray(gzip.compress(as_csv().encode() * 20))
        data[60:90] = bytes(30)
        assert "a whole gzip file" in self.refused(tmp_path, capsys, bytes(data))

    def test_another_encoding(self, tmp_path, capsys):
        said = self.refused(tmp_path, capsys, "text,lang\nprivé één,nl\n".encode("latin-1"))
        assert "UTF-8" in said

    def test_another_encoding_inside_gzip(self, tmp_path, capsys):
        assert "UTF-8" in self.refused(tmp_path, capsys, gzip.compress("text\né\n".encode("latin-1")))

    def test_a_line_that_is_no_object(self, tmp_path, capsys):
        assert "one JSON object per line" in self.refused(tmp_path, capsys, b'{"text": "a"}\n[1, 2]\n', "x.jsonl")

    @pytest.mark.parametrize(
        "pii", ['"naam"', "{}", '[{"type": "name"}]', '["Jan"]', "[1]", "3"], ids=["text", "object", "half", "names", "n", "3"]
    )
    def test_identifiers_in_another_form(self, tmp_path, capsys, pii):
        said = self.refused(tmp_path, capsys, b'{"text": "a", "pii": ' + pii.encode() + b"}\n", "x.jsonl")
        assert "x.jsonl row 1 pii" in said and "{type, value}" in said

    def test_identifiers_that_are_no_json(self, tmp_path, capsys):
        assert "x.csv row 1 pii" in self.refused(tmp_path, capsys, b'text,pii\nhallo,"[{broken"\n')

    def test_a_text_that_is_no_text(self, tmp_path, capsys):
        assert "x.jsonl row 2" in self.refused(tmp_path, capsys, b'{"text": "a"}\n{"text": 5}\n', "x.jsonl")

    def test_an_empty_file(self, tmp_path, capsys):
        assert "labels for" in self.refused(tmp_path, capsys, b"")

    def test_a_journey_that_does_not_exist(self, file, capsys):
        assert main(["evaluate", str(file), "--journey", "nowhere"]) == 2
        assert "nowhere" in capsys.readouterr().err


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"\xef\xbb\xbf" + as_csv().encode())
    assert read_rows(tmp_path / "x.csv")[0]["text"] == ROWS[0]["text"]


def test_an_empty_cell_of_identifiers_is_no_label(tmp_path):
    (tmp_path / "x.csv").write_text('text,pii\nhallo,\ndag,"[]"\n')
    assert [row["pii"] for row in read_rows(tmp_path / "x.csv")] == [None, []]
    assert evaluate(read_rows(tmp_path / "x.csv"), ("masking",))["masking"]["n"] == 1


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_binary_from_the_command_line_on_any_file(tmp_path, capsys, packed, form):
    rows = [("prachtig boek, in één ruk uitgelezen", "positive"), ("saai en langdradig", "negative"), ("hoe laat?", "neutral")]
    if form == "csv":
        text = "text,lang,sentiment\n" + "".join(f'"{said}",nl,{label}\n' for said, label in rows[:2])
    else:
        text = "".join(json.dumps({"text": said, "lang": "nl", "sentiment": label}) + "\n" for said, label in rows[:2])
    path = tmp_path / f"reviews.{form}"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert main(["evaluate", str(path), "--task", "sentiment", "--binary", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["sentiment"]
    assert found["accuracy"] == 1.0 and set(found["confusion"]["positive"]) == {"negative", "positive"}
    assert "net" not in found


def test_another_journey_from_the_command_line(tmp_path, capsys):
    (tmp_path / "x.csv").write_text("text,lang,stage\nmijn koffer is niet aangekomen op de band,nl,arrive\n")
    assert main(["evaluate", str(tmp_path / "x.csv"), "--task", "stage", "--journey", "airline", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stage"]["accuracy"] == 1.0
    (tmp_path / "x.csv").write_text("text,lang,stage\nmijn koffer,nl,nowhere\n")
    assert main(["evaluate", str(tmp_path / "x.csv"), "--task", "stage", "--journey", "airline"]) == 2


def test_own_names_from_the_command_line(tmp_path, capsys):
    (tmp_path / "x.csv").write_text("text,lang,sentiment\nunited,en,neutral\n")
    asked = ["evaluate", str(tmp_path / "x.csv"), "--task", "sentiment", "--json"]
    for extra, net in (([], 1.0), (["--own-names", " united ,, other"], 0.0)):
        assert main([*asked, *extra]) == 0
        assert json.loads(capsys.readouterr().out)["sentiment"]["net_lexicon"] == net


def test_a_label_that_is_unknown_is_left_out():
    rows = [{"text": "goed", "lang": "nl", "sentiment": "mixed"}, {"text": "goed", "lang": "nl", "sentiment": "positive"}]
    assert evaluate(rows, ("sentiment",))["sentiment"]["n"] == 1
    assert evaluate(rows[:1], ("sentiment", "stage", "masking")) == {}


def test_a_language_that_is_not_labelled_is_detected():
    assert (
        evaluate([{"text": "Waardeloos, geen antwoord", "sentiment": "negative"}], ("sentiment",))["sentiment"]["accuracy"] == 1.0
    )


def test_every_other_language_counts_as_other():
    rows = [{"text": "Ich warte seit drei Wochen auf mein Paket", "lang": "de"}]
    assert evaluate(rows, ("language",))["language"]["per_class"]["other"]["recall"] == 1.0


class TestMaskingReport:
    def report(self, text, *pii):
        return masking_report([{"text": text, "lang": "nl", "pii": [{"type": kind, "value": value} for kind, value in pii]}])

    def test_a_span_that_covers_nothing_marked_is_false(self):
        found = self.report("bel 0612345678 even")
        assert found["false_per_100"] == 100.0 and found["false_by_type"] == {"phone": 1}

    def test_half_an_identifier_is_not_whole(self):
        found = self.report("dank aan Willemijn knetterfloep", ("name", "Willemijn knetterfloep"))
        assert found["ordinary"]["name"]["whole"] in (0.0, 1.0)
        assert found["ordinary"]["name"]["whole"] <= found["ordinary"]["name"]["no_part_left"]

    def test_an_identifier_that_stands_twice_must_be_covered_twice(self):
        found = self.report("Xqz floep. mevrouw Xqzfloep belde over xqz", ("name", "xqz"))
        assert found["name_recall"] == 0.0

    def test_a_leak_on_the_wall_is_counted_by_type(self):
        found = self.report("ik wacht al heel lang op een antwoord", ("name", "antwoord"))
        assert found["strict"]["unreadable"] == 0.0 and found["strict"]["leaks_by_type"] == {"name": 1}

    def test_a_message_that_is_not_shown_is_lost_and_leaks_nothing(self):
        found = self.report("Xqzw Vbnm 123", ("name", "Xqzw"))
        assert found["strict"] == {"unreadable": 1.0, "leaks_by_type": {}, "lost": 1.0}

    def test_particles_and_short_parts_are_not_telling(self):
        found = self.report("dit is van de heer Xqzwfloep, ik wacht nog heel lang", ("name", "van de Xqzwfloep"))
        assert found["strict"]["unreadable"] == 1.0

    def test_without_identifiers_there_is_no_recall(self):
        found = self.report("niets te zien hier")
        assert found["name_recall"] is None and found["structured_recall"] is None and found["identifiers"] == 0


class TestMeasures:
    TRUTH = ("a", "a", "a", "b", "b", "c")
    CALLED = ("a", "a", "b", "b", None, "a")

    def test_macro_f1_by_hand(self):
        f1 = {"a": 2 * (2 / 3) * (2 / 3) / (4 / 3), "b": 2 * 0.5 * 0.5 / 1.0, "c": 0.0}
        assert measures.macro_f1(self.TRUTH, self.CALLED) == pytest.approx(sum(f1.values()) / 3, abs=1e-4)

    def test_it_is_scikit_learns(self):
        from sklearn.metrics import f1_score

        called = [label or "-" for label in self.CALLED]
        expected = f1_score(self.TRUTH, called, labels=["a", "b", "c"], average="macro", zero_division=0)
        assert measures.macro_f1(self.TRUTH, self.CALLED) == pytest.approx(expected, abs=1e-4)

    def test_a_class_that_only_was_called_does_not_count(self):
        assert measures.macro_f1(["a", "a"], ["a", "z"]) == pytest.approx(2 / 3, abs=1e-4)

    def test_confusion_adds_up(self):
        table = measures.confusion(self.TRUTH, self.CALLED)
        assert sum(sum(row.values()) for row in table.values()) == 6 and table["b"]["-"] == 1

    def test_calibration_is_a_weighted_mean_of_gaps(self):
        right, sure = [True] * 8 + [False] * 2 + [True, False], [0.95] * 10 + [0.55, 0.55]
        expected = (10 * abs(0.8 - 0.95) + 2 * abs(0.5 - 0.55)) / 12
        assert measures.calibration_error(right, sure) == pytest.approx(expected, abs=1e-4)
