"""The lists of names and words: what is taken from packages, what is left out, and what a missing package says."""

import gzip
import json
import sys
import types

import pytest

from text import lists
from text.lists import package_folder


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "MODELS", tmp_path)
    return tmp_path


def lines(folder, name):
    return gzip.decompress((folder / f"{name}.txt.gz").read_bytes()).decode("utf8").splitlines()


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Packages of three names and a handful of words, as small as they can be."""
    census, words = tmp_path / "names", tmp_path / "spellchecker" / "resources"
    census.mkdir()
    words.mkdir(parents=True)
    (census / "dist.male.first").write_text("JAMES 3.3 3.3 1\n")
    (census / "dist.female.first").write_text("MARY 2.6 2.6 1\n")
    (census / "dist.all.last").write_text("SMITH 1.0 1.0 1\nJAMES 0.5 1.5 2\nRARE 0.1 1.6 3\n")
    counts = {"niet": 9000, "de": 99_000, "zeldzaam": 3, "x1": 5000, "auto's": 2000, "aap": 2000}
    for code in ("nl", "en"):
        (words / f"{code}.json.gz").write_bytes(gzip.compress(json.dumps(counts).encode()))
    folders = {"names": census, "spellchecker": words.parent}
    monkeypatch.setattr(lists, "package_folder", folders.__getitem__)
    provider = types.SimpleNamespace(
        first_names=("Willemijn", "{{first}}", "de", "A"), last_names={"van der Berg": 1, "O'Neill": 2}, first_name_pattern="x"
    )
    for locale in lists.LOCALES.split():
        name = f"faker.providers.person.{locale}"
        monkeypatch.setitem(sys.modules, name, types.SimpleNamespace(Provider=provider))


class TestWrite:
    def test_every_list_is_written_and_counted(self, models, packages, monkeypatch):
        monkeypatch.setattr(lists, "unmasked", lambda leave_out="": [])
        found = lists.write()
        assert set(found) == {"names", "vocabulary_nl", "vocabulary_en", "ordinary_nl", "ordinary_en"}
        assert found["names"] == len(lines(models, "names"))

    def test_names_say_which_kind_and_given_names_go_first(self, models, packages, monkeypatch):
        monkeypatch.setattr(lists, "unmasked", lambda leave_out="": [])
        lists.write()
        found = dict(line.split("\t") for line in lines(models, "names"))
        assert found["willemijn"] == found["mary"] == found["james"] == "first"
        assert found["smith"] == found["berg"] == found["o'neill"] == "last"
        assert not {"van", "der", "de", "a", "{{first}}"} & found.keys()

    def test_rare_surnames_are_left_out(self, models, packages, monkeypatch):
        monkeypatch.setattr(lists, "CENSUS_SURNAMES", 2)
        monkeypatch.setattr(lists, "unmasked", lambda leave_out="": [])
        lists.write()
        assert "rare\tlast" not in lines(models, "names") and "smith\tlast" in lines(models, "names")

    def test_words_are_frequent_whole_words_the_most_frequent_first(self, models, packages, monkeypatch):
        monkeypatch.setattr(lists, "unmasked", lambda leave_out="": [])
        lists.write()
        assert lines(models, "vocabulary_nl") == ["de", "niet", "aap", "auto's"]

    def test_the_same_lists_make_the_same_files(self, models):
        lists._save("a", {"b", "a"})
        first = (models / "a.txt.gz").read_bytes()
        lists._save("a", {"a", "b"})
        assert (models / "a.txt.gz").read_bytes() == first and lines(models, "a") == ["a", "b"]


class TestOrdinary:
    def ordinary(self, models, monkeypatch, texts, first=(), last=()):
        monkeypatch.setattr(lists, "unmasked", lambda leave_out="": texts)
        lists.write_ordinary(first, last)
        return lines(models, "ordinary_nl")

    def test_a_word_is_ordinary_when_three_texts_type_it_in_lower_case(self, models, monkeypatch):
        texts = [("mijn boeking is weg", "nl"), ("Boeking weg", "nl"), ("de boeking", "nl"), ("een boeking", "nl")]
        assert self.ordinary(models, monkeypatch, texts) == ["boeking"]

    def test_a_text_counts_once_per_word(self, models, monkeypatch):
        assert self.ordinary(models, monkeypatch, [("ja ja ja ja", "nl"), ("ja", "nl")]) == []

    def test_languages_are_apart(self, models, monkeypatch):
        assert self.ordinary(models, monkeypatch, [("booking", "en")] * 3) == []
        assert lines(models, "ordinary_en") == ["booking"]

    def test_a_family_name_is_ordinary_only_when_very_many_type_it(self, models, monkeypatch):
        assert self.ordinary(models, monkeypatch, [("hoi water", "nl")] * 11, last={"water"}) == ["hoi"]
        assert self.ordinary(models, monkeypatch, [("hoi water", "nl")] * 12, last={"water"}) == ["hoi", "water"]

    def test_a_given_name_is_never_ordinary(self, models, monkeypatch):
        assert self.ordinary(models, monkeypatch, [("hoi floor", "nl")] * 30, first={"floor"}) == ["hoi"]

    def test_parts_of_addresses_accounts_and_numbers_are_not(self, models, monkeypatch):
        texts = [("piet@huis.nl @saar www.x.nl a1b2 wc/bad", "nl")] * 3
        assert not {"piet", "saar", "huis", "bad"} & set(self.ordinary(models, monkeypatch, texts))

    def test_files_can_be_left_out(self, models, monkeypatch):
        asked = []
        monkeypatch.setattr(lists, "unmasked", lambda leave_out="": asked.append(leave_out) or [])
        lists.write_ordinary((), (), "messages_dev")
        assert asked == ["messages_dev"]


def test_a_missing_package_says_what_to_install():
    with pytest.raises(SystemExit, match=r"nonsense_xyz is not installed.*requirements-dev\.txt"):
        package_folder("nonsense_xyz")


def test_a_package_has_a_folder():
    assert (package_folder("text") / "lists.py").exists()
