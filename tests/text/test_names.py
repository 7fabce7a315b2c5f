"""Names of people: after cues, from lists, by their shape; and the words, places and companies that are no names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.masking import find, mask
from text.names import spans
from text.patterns import shapes

NAMED = [
    # a title
    ("mevrouw Van den Heuvelink belt", "Van den Heuvelink"),
    ("Dhr. de Ruijter staat bij de balie", "de Ruijter"),
    ("dr. Okonkwo was kundig", "Okonkwo"),
    ("Mr Ashworth has called twice", "Ashworth"),
    ("klant Bas van Loon belt", "Bas van Loon"),
    ("mevrouw van Breda belt", "van Breda"),
    # a greeting
    ("Beste Geertruida, dank", "Geertruida"),
    ("Dear Siobhan,\nI write", "Siobhan"),
    ("hoi Tjitske hier", "Tjitske"),
    # a closing
    ("Met vriendelijke groet,\nFroukje Wiersma", "Froukje Wiersma"),
    ("Groetjes Sanne", "Sanne"),
    ("Kind regards\nP. Featherstonehaugh", "P. Featherstonehaugh"),
    ("kudos to Gareth at the desk", "Gareth"),
    # a naming phrase
    ("mijn naam is Xhaferi", "Xhaferi"),
    ("I spoke to Bronagh yesterday", "Bronagh"),
    ("op naam van J. Wolthuis", "J. Wolthuis"),
    ("geholpen door Soufiane vandaag", "Soufiane"),
    # a relation
    ("mijn collega Wojciech was erbij", "Wojciech"),
    ("my husband Tunde rang", "Tunde"),
    # from the lists, whatever stands before
    ("gisteren was Marijke er", "Marijke"),
    ("de heer en mevrouw waren er met Fatima", "Fatima"),
    ("hoi met fatima el idrissi hier", "fatima el idrissi"),
    # by shape
    ("gestuurd door J. Buitenhuis gisteren", "J. Buitenhuis"),
    ("de polis van P. en A. Scheffer", "P. en A. Scheffer"),
    # names that are words, behind a given name or a title
    ("mevrouw Bloem was er", "Bloem"),
    ("Mark Woodhouse rang me", "Mark Woodhouse"),
    ("beste Roos, dank", "Roos"),
    # a town as a family name keeps its title
    ("Jan van Utrecht belde", "Jan van Utrecht"),
    # shouting
    ("MVG FATIMA", "FATIMA"),
]
NOBODY = [
    # ordinary words at the start of a sentence, or alone
    "Medewerker was vriendelijk",
    "Boeking aangepast. Prima",
    "Aangepast",
    "Prima",
    "Boeking",
    "Met dank aan Medewerker",
    "Prima geholpen door Medewerkers",
    "Beste Klantenservice,\nik wacht nog",
    "Dear Sir or Madam,\nI am waiting",
    "Dear Complaints Team,\nI am waiting",
    "Hello, I've moved",
    "Hi, We'll be late",
    # places
    "2x per week van Breda naar Den Haag",
    "ons geholpen in Vlissingen en door Friesland gereisd",
    "flying from India to Milan with you",
    "naar Verona met Bali erbij",
    # companies and acronyms
    "Beste NS,\nik stond om acht uur",
    "Beste Ziggo,\nop mijn brief",
    "Geachte KPN, ik wil weg",
    "vergeleken met Vueling",
    "dreigt met ACM",
    # shouting
    "NEE IS NEE",
    "Dank je wel. DAT IS TOCH NIET ONGEBRUIKELIJK",
    # flights and products
    "captain van de HV5666 vertelde",
    "met TB1612 vanuit",
    # words that are somebody's name elsewhere
    "we are comparing fares to Athens",
    "so much for a loyal customer. Sad",
    # days, months, languages
    "tot Maandag of in Februari",
]


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_a_name_is_found_whole(text, name):
    assert name not in mask(text, "nl").text
    assert any(name in text[start:end] for start, end in spans(text))


@pytest.mark.parametrize("text", NOBODY)
def test_what_is_nobody_stays(text):
    assert mask(text, "nl").text == text


@pytest.mark.parametrize("cue", ["mevrouw", "Mevrouw", "dhr.", "Dear", "Beste", "Groetjes", "mijn naam is", "my name is"])
@pytest.mark.parametrize("name", ["Qwirtel", "Xhaferi", "Zwaanenburg-Pietersma", "O'Shaughnessy", "McAllister"])
def test_a_name_that_no_list_holds_is_found_after_a_cue(cue, name):
    assert name not in mask(f"Hallo, {cue} {name}, alles goed", "nl").text


@pytest.mark.parametrize("particles", ["van", "van de", "van der", "el", "de", "ten"])
def test_the_particles_of_a_name_go_with_it(particles):
    text = f"gesproken met Karim {particles} Xhaferi gisteren"
    assert mask(text, "nl").text == "gesproken met [NAAM] gisteren"


def test_a_lower_case_word_after_a_name_stays():
    assert mask("hoi met fatima ik wacht", "nl").text == "hoi met [NAAM] ik wacht"


def test_the_possessive_goes_with_the_name():
    assert "Bronagh" not in mask("it was Bronagh's idea", "en").text


def test_own_names_stay():
    assert mask("Beste Xhaferi, dank", "nl", ("Xhaferi",)).text == "Beste Xhaferi, dank"


def test_a_town_after_a_weak_cue_stays_but_a_person_beside_it_goes():
    assert mask("door Breda met Willemijn", "nl").text == "door Breda met [NAAM]"


@given(st.text(alphabet="AaBb Éé.,\n'’-", max_size=60))
def test_spans_lie_in_the_text(text):
    assert all(0 <= start < end <= len(text) for start, end in spans(text))


@given(st.sampled_from([name for _, name in NAMED if " " not in name]), st.sampled_from(["ja", "het", "was", "ok"]))
def test_a_cued_name_is_found_in_any_surroundings(name, word):
    assert name not in mask(f"{word} {word} mevrouw {name} {word}", "nl").text


def test_a_name_is_the_last_thing_tried():
    """What a shape claims first is not called a name: the kinds of `find` are those of the shapes, then names."""
    assert [one.type for one in find("mevrouw J. Wolthuis, wolthuis@post.nl, Torenstraat 8")] == ["name", "email", "address"]
    assert "name" not in {shape.type for shape in shapes()}
