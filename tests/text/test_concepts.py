"""Every concept with an example in both languages, and a neighbour that must not be taken for it."""

import tomllib

import pytest

from text.concepts import concepts_of
from text.words import FOLDER

# concept: Dutch, English
EXAMPLES = {
    "waiting": ("ik wacht al drie weken", "been waiting for two hours now"),
    "noreply": ("geen enkele reactie gehad", "nobody answers the phone"),
    "unreachable": ("jullie zijn onbereikbaar", "put on hold and then hung up"),
    "pillar_to_post": ("van het kastje naar de muur", "transferred to another person"),
    "again": ("voor de derde keer", "this is the third time"),
    "still_not": ("nog steeds niet binnen", "still no sign of it"),
    "broken_promise": ("dat was mij beloofd", "you promised a call"),
    "not_working": ("de app werkt niet", "the site is not working"),
    "late": ("weer te laat", "my flight was delayed"),
    "cancelled": ("de rit is geannuleerd", "they cancelled my order without notice"),
    "lost": ("mijn koffer is kwijt", "my bag is lost"),
    "damaged": ("de doos was beschadigd", "the box arrived damaged"),
    "wrong": ("verkeerde maat gekregen", "got the wrong size"),
    "charged": ("dubbel afgeschreven", "you overcharged my card"),
    "expensive": ("veel te duur", "way too expensive"),
    "cheap": ("lekker goedkoop", "cheaper than the rest"),
    "value_bad": ("zonde van het geld", "a waste of money"),
    "refund": ("ik wil mijn geld terug", "I want a refund"),
    "returning": ("ik wil het terugsturen", "sending it back today"),
    "leaving": ("ik ga opzeggen", "I will cancel my subscription"),
    "never_again": ("nooit meer", "never again"),
    "loyal": ("echt een aanrader", "would recommend to anyone"),
    "thanks": ("bedankt voor alles", "thank you so much"),
    "superb": ("wat een geweldig team", "an amazing crew"),
    "pleased": ("heel blij mee", "very happy with it"),
    "helped": ("snel geholpen door Eva", "it was quickly resolved"),
    "fast_easy": ("binnen een uur geregeld", "surprisingly easy to set up"),
    "better_than_expected": ("beter dan verwacht", "better than I expected"),
    "friendly": ("een vriendelijke dame", "such a friendly person"),
    "rude": ("wat een onbeschoft antwoord", "the agent was rude"),
    "terrible": ("belachelijk dit", "the worst I have seen"),
    "anger": ("ik ben woedend", "I am furious"),
    "fraud": ("pure oplichting", "this is a scam"),
    "threat": ("ik schakel een advocaat in", "you will hear from my lawyer"),
    "sarcasm": ("lekker dan", "thanks for nothing"),
    "why_how": ("waarom duurt dit zo", "why is this so hard"),
    "question_info": ("kan ik pinnen aan de deur?", "can I pay at the door?"),
    "statement_neutral": ("hierbij stuur ik de papieren", "please find the papers attached"),
    "searching": ("ik ben op zoek naar een abonnement", "looking for a new plan"),
    "ordering": ("ik heb gisteren besteld", "I placed an order at checkout"),
    "delivering": ("de levering is morgen", "the parcel comes tomorrow"),
    "using": ("ik gebruik het elke dag", "using it every day"),
    "asking_service": ("de klantenservice gebeld", "I called customer service"),
    "life_event": ("mijn man is overleden", "my husband passed away"),
    "journey_end": ("hoeveel punten heb ik", "how many miles do I have"),
    "money_small": ("het kost 12 euro", "it costs £12"),
    "story_good": ("een prachtig verhaal", "couldn't put it down"),
    "story_bad": ("langdradig en saai boek", "a boring book"),
    "table_good": ("heerlijk gegeten", "delicious food"),
    "table_bad": ("het vlees was taai", "cold food"),
    "public_good": ("goed gesproken in het debat", "well said"),
    "public_bad": ("wat een leugenaar", "what a liar"),
}
SILENT = [
    ("nl", "het regent vandaag in de stad"),
    ("en", "it rains in the city today"),
    ("nl", ""),
    ("en", "12345"),
]


def names():
    return list(tomllib.loads((FOLDER / "words_concepts.toml").read_text(encoding="utf8")))


def test_every_concept_has_an_example():
    assert list(EXAMPLES) == names()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("concept", names())
def test_each_concept_is_found(concept, language):
    assert concept in concepts_of(EXAMPLES[concept][language == "en"], language)


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_what_says_nothing_holds_no_concept(language, text):
    assert concepts_of(text, language) == {}


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [
        ("nl", "ik werk met mijn fiets", "not_working"),
        ("nl", "de bestelling is binnen", "still_not"),
        ("nl", "ik koop twee kaartjes", "expensive"),
        ("en", "I work at the office", "not_working"),
        ("en", "we talked about shopping", "rude"),
        ("en", "a latecomer", "late"),
        ("en", "the relief", "fraud"),
    ],
)
def test_a_neighbour_is_not_taken_for_it(language, text, concept):
    assert concept not in concepts_of(text, language)


def test_a_dutch_phrase_is_not_looked_for_in_english():
    assert "waiting" in concepts_of("al drie weken gewacht", "nl")
    assert concepts_of("al drie weken gewacht", "en") == {}


def test_any_other_language_is_read_as_english():
    assert concepts_of("thank you so much", "other") == concepts_of("thank you so much", "en")


def test_each_rule_that_hits_counts():
    assert concepts_of("bedankt, dank je wel en nogmaals dankje", "nl")["thanks"] >= 2


def test_case_does_not_matter():
    assert concepts_of("BELACHELIJK DIT", "nl") == concepts_of("belachelijk dit", "nl")
