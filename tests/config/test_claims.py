"""Claims in marketing copy: measured on sentences of both languages, with the errors shown."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from config.claims import Claim, find_claims, language_of

SENTENCES = [
    tuple(line.split("\t")) for line in Path(__file__).with_name("claims.tsv").read_text(encoding="utf8").splitlines() if line
]


def tag(claim: Claim) -> str:
    value = {"time": claim.seconds, "hours": claim.hours}.get(claim.kind)
    if claim.kind == "soft":
        return f"soft:{claim.mark}"
    return claim.kind if value is None else f"{claim.kind}:{value:.0f}"


def test_precision_and_recall_on_sentences_of_both_languages(capsys):
    found = right = wanted = 0
    wrong = []
    for language, sentence, expected in SENTENCES:
        tags = {tag(claim) for claim in find_claims(sentence, language)}
        want = {expected} - {""}
        found, wanted, right = found + len(tags), wanted + len(want), right + len(tags & want)
        if tags != want:
            wrong.append(f"{sentence} expected {want or 'nothing'}, found {tags or 'nothing'}")
    precision, recall = right / found, right / wanted
    with capsys.disabled():
        print(f"\nclaims: {len(SENTENCES)} sentences, precision {precision:.3f}, recall {recall:.3f}, n {wanted}")
        print("\n".join(wrong))
    assert len(SENTENCES) >= 60
    assert precision >= 0.9 and recall >= 0.9, "\n".join(wrong)


def test_a_claim_points_at_its_own_words_in_the_text():
    text = "Welkom!\nStel je vraag. Binnen 2 uur heb je antwoord, echt waar. Gratis omboeken."
    claims = find_claims(text)
    assert [claim.kind for claim in claims] == ["time", "free"]
    assert all(text[claim.start : claim.end] == claim.text for claim in claims)
    assert claims[0].text == "Binnen 2 uur heb je antwoord" and claims[0].sentence.startswith("Binnen")


def test_claims_never_overlap_and_say_one_thing_once():
    claims = find_claims("Dag en nacht bereikbaar: onze chat is 24/7 open en de klok rond bemand.", "nl")
    assert [claim.kind for claim in claims] == ["hours"]
    claims = find_claims("Binnen 1 uur antwoord, zorgeloos en gratis retourneren.", "nl")
    assert all(a.end <= b.start for a, b in pairwise(claims)) and len(claims) == 3


@pytest.mark.parametrize(
    "sentence, metric, stage, channel",
    [
        ("Binnen 4 uur antwoord op je e-mail", "first_response", "service", "email"),
        ("Binnen 2 uur een reactie op je vraag, ook per mail", "first_response", "service", "email"),
        ("Binnen 4 uur antwoord op je vraag", "first_response", "service", ""),
        ("Binnen 30 seconden opgenomen, altijd iemand aan de lijn", "wait", "service", "phone"),
        ("Je koffer binnen 20 minuten op de bagageband", "bag_wait", "arrive", ""),
        ("Punten binnen 2 dagen bijgeschreven, al je miles", "points_time", "loyalty", ""),
    ],
)
def test_the_measure_and_the_stage_come_from_the_words(sentence, metric, stage, channel):
    claim = find_claims(sentence, "nl")[0]
    assert (claim.metric, claim.stage, claim.channel) == (metric, stage, channel)


def test_a_question_before_tells_what_the_limit_is_about():
    claims = find_claims("Liever mailen? Binnen 2 uur heb je antwoord.", "nl")
    assert (claims[0].metric, claims[0].seconds) == ("first_response", 7200)


@pytest.mark.parametrize(
    "sentence, share", [("8 van de 10 keer binnen 30 seconden", 0.8), ("in 95% van de gevallen binnen 1 uur", 0.95)]
)
def test_a_promised_share_is_read(sentence, share):
    assert find_claims(sentence, "nl")[0].share == pytest.approx(share)


def test_the_language_is_told_by_small_words_and_an_empty_text_holds_nothing():
    assert language_of("We reply to you within the hour") == "en" and language_of("Wij antwoorden binnen het uur") == "nl"
    assert find_claims("") == [] and find_claims("!!! ??? ...") == []


def test_a_long_hostile_text_is_read_quickly_and_without_a_claim():
    assert find_claims("binnen " * 5_000, "nl") == []
    assert find_claims("<script>alert('binnen 24 uur')</script>" * 200, "nl")[0].seconds == 86_400
