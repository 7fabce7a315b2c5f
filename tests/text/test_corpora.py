"""What models are trained on: every file is found, every line is checked, and a bad one is named by file and line."""

import gzip
import json

import pytest

from config.errors import ConfigError
from text import corpora
from text.corpora import customers, lexicon, messages, subtitles_text, unmasked, written

GOOD = "nl\tnegative\tquestion\tservice\tal drie weken geen antwoord van Willemijn Oostdam"
BOOK = "positive\tIn één ruk uitgelezen."


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty text/data with a folder for written sentences."""
    (tmp_path / "written").mkdir()
    monkeypatch.setattr(corpora, "DATA", tmp_path)
    return tmp_path


def write(data, name, *lines):
    (data / "written" / name).write_text("".join(line + "\n" for line in lines), encoding="utf8")


def write_messages(data, name, *rows):
    (data / name).write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))


class TestCustomers:
    def test_every_file_is_read_and_is_a_group_of_its_own(self, data):
        write(data, "customers_xx.tsv", GOOD)
        write(data, "customers_shops_xx.tsv", "en\tneutral\torder\t\tcan I pay with a gift card?", GOOD)
        assert [m.group for m in customers()] == ["customers_shops_xx", "customers_shops_xx", "customers_xx"]

    def test_a_line_becomes_a_masked_message(self, data):
        write(data, "customers_xx.tsv", GOOD)
        (one,) = customers()
        assert one[1:5] == ("nl", "negative", "question", "service")
        assert "Oostdam" not in one.text and "[NAAM]" in one.text

    def test_an_airline_stage_may_be_left_out(self, data):
        write(data, "customers_xx.tsv", "en\tneutral\torder\t\tcan I pay later?")
        assert customers()[0].airline_stage == ""

    def test_a_text_may_hold_tabs(self, data):
        write(data, "customers_xx.tsv", "en\tneutral\torder\t\tone\ttwo")
        assert customers()[0].text == "one\ttwo"

    @pytest.mark.parametrize(
        ("line", "value", "expected"),
        [
            ("nl\tnegative\tquestion\tgeen tekst", "nl", "5 cells"),
            ("", "", "5 cells"),
            ("de\tnegative\tquestion\t\twarten", "'de'", "nl or en"),
            ("nl\tangry\tquestion\t\twachten", "'angry'", "negative, neutral, positive"),
            ("nl\tnegative\tfly\t\twachten", "'fly'", "stage of seven-stages"),
            ("nl\tnegative\tquestion\tdelivery\twachten", "'delivery'", "stage of airline"),
            ("nl\tnegative\tquestion\t\t ", "''", "text after the last tab"),
        ],
    )
    def test_a_bad_line_is_named(self, data, line, value, expected):
        write(data, "customers_new_xx.tsv", GOOD, line)
        with pytest.raises(ConfigError) as fault:
            customers()
        message = str(fault.value)
        assert "text/data/written/customers_new_xx.tsv line 2" in message
        assert value in message and expected in message and "Correct the line" in message


class TestWritten:
    def test_several_files_of_one_kind(self, data):
        write(data, "books_nl.tsv", BOOK)
        write(data, "books2_nl.tsv", "negative\tSaai.", "neutral\tHet boek telt 300 bladzijden.")
        write(data, "tweets_en.tsv", "positive\tthanks!")
        assert [(m.sentiment, m.language) for m in written("books")] == [
            ("negative", "nl"),
            ("neutral", "nl"),
            ("positive", "nl"),
        ]
        assert written("tweets")[0].language == "en"
        assert written("nothing") == []

    def test_they_know_no_stage(self, data):
        write(data, "books_nl.tsv", BOOK)
        assert written("books")[0].stage == written("books")[0].airline_stage == ""

    @pytest.mark.parametrize("line", ["Prachtig.", "happy\tPrachtig.", "positive\t"])
    def test_a_bad_line_is_named(self, data, line):
        write(data, "tables2_nl.tsv", "positive\tLekker.", "negative\tKoud.", line)
        with pytest.raises(ConfigError, match=r"tables2_nl\.tsv line 3"):
            written("tables")

    def test_the_file_name_tells_the_language(self, data):
        write(data, "books_de.tsv", "positive\tSchön.")
        with pytest.raises(ConfigError, match=r"'de'.*nl or en"):
            written("books")


ROW = {
    "text": "Bel Willemijn Oostdam op 06-48309157, ik wacht",
    "lang": "nl",
    "sentiment": "negative",
    "stage": "question",
    "pii": [{"type": "name", "value": "Willemijn Oostdam"}, {"type": "phone", "value": "06-48309157"}],
}


class TestMessages:
    def test_they_are_masked_and_grouped_by_file(self, data):
        write_messages(data, "messages_a.jsonl.gz", ROW)
        (one,) = messages()
        assert one.group == "messages_a" and "06-48309157" not in one.text and "[TELEFOON]" in one.text

    def test_a_pattern_chooses_files(self, data):
        write_messages(data, "messages_a.jsonl.gz", ROW)
        write_messages(data, "messages_b.jsonl.gz", ROW, ROW)
        assert len(messages("messages_b*")) == 2 and len(messages()) == 3

    def test_unmasked_texts_lack_what_was_marked(self, data):
        write_messages(data, "messages_a.jsonl.gz", ROW)
        write(data, "customers_xx.tsv", GOOD)
        write(data, "books_nl.tsv", BOOK)
        write(data, "other_languages.tsv", "de\tich du er")
        texts = dict(unmasked())
        assert "Bel  op , ik wacht" in texts and "In één ruk uitgelezen." in texts
        assert len(texts) == 3 and set(texts.values()) == {"nl"}

    def test_unmasked_can_leave_files_out(self, data):
        write_messages(data, "messages_a.jsonl.gz", ROW)
        assert list(unmasked("messages_*")) == []


def test_film_lines_are_limited_per_language():
    lines = list(subtitles_text(5))
    assert [code for _, code in lines] == ["nl"] * 5 + ["en"] * 5


def test_the_lexicon_as_texts_of_one_word():
    found = {example.seen.tokens[0]: example for example in lexicon(0.3) if len(example.seen.tokens) == 1}
    assert found["waardeloos"].label == "negative" and found["uitstekend"].label == "positive"
    assert all(0 < example.weight <= 0.3 for example in found.values())
    assert found["waardeloos"].weight > 0.05


def test_what_ships_is_well_formed_and_in_both_languages():
    some = customers()
    assert len(some) > 2000 and {m.language for m in some} == {"nl", "en"}
    assert {m.sentiment for m in some} == {"negative", "neutral", "positive"}
    assert {m.stage for m in some} == {"orientation", "order", "delivery", "use", "question", "return", "leaving"}
