"""Quotes for the wall: what may hang there, a dozen in proportion, kept for an hour, taken away when the contact goes."""

import pytest

from config.journey import load_journey
from ingest.quotes import DOZEN, choose, presentable, refresh_quotes, rules_of, whole
from store.people.corrections import approve_quote, refuse_quote
from store.people.journeys import save_journey
from store.reads.quotes import Candidate, kept_quotes
from store.rows import Batch, Placed, Row
from store.writes import save

NOW, HOUR = 1_795_000_000_000, 3_600_000
ZONE = "Europe/Amsterdam"
DUTCH, ENGLISH = rules_of(load_journey("airline"))["nl"], rules_of(load_journey("airline"))["en"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("De koffer is kwijt.", "De koffer is kwijt."),
        ("Hallo! De koffer is kwijt 😡", "De koffer is kwijt"),
        ("Goed.", None),
        ("Koffer kwijt.", None),
        ("Met vriendelijke groet", None),
        ("De koffer is kwijt. Met vriendelijke groet van ons", "De koffer is kwijt."),
        ("Vandaag was het een mooie dag.", None),
        ("Waar blijft mijn koffer nu toch eigenlijk? De koffer is kwijt.", "De koffer is kwijt."),
        ("Waar blijft mijn koffer?", "Waar blijft mijn koffer?"),
        ("De koffer is kwijt. Het was een lange vlucht.", "De koffer is kwijt."),
        ("De koffer is kwijt en nu...", None),
    ],
)
def test_one_short_telling_sentence_may_hang(text, shown):
    assert presentable(text, "nl", DUTCH) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Bel mij over de koffer op 06 12345678, Jan de Vries.",
        "Mijn koffer, boeking ABC123, mail jan@voorbeeld.nl.",
        "Vlucht KL1234 van Kees Jansen had vertraging.",
    ],
)
def test_what_could_name_somebody_never_hangs(text):
    shown = presentable(text, "nl", DUTCH) or ""
    assert not any(secret in shown for secret in ("06", "1234", "Jan", "Vries", "ABC", "@", "Kees"))


def test_english_is_read_by_english_rules():
    assert presentable("The delay was far too long for us.", "en", ENGLISH) == "The delay was far too long for us."


def offered(negative, positive):
    kinds = [True] * negative + [False] * positive
    stages = ("book", "fly", "service")
    return [(Candidate(i, f"t{i}", "chat", stages[i % 3], "nl", kind, f"a{i}"), f"t{i}") for i, kind in enumerate(kinds)]


def test_quotes_without_a_blot_hang_where_there_are_enough_of_either_kind():
    clean, blotted = offered(24, 24), [(one, f"… {text}") for one, text in offered(24, 24)]
    assert whole([*clean, *blotted]) == clean
    assert whole([*clean[1:], *blotted]) == [*clean[1:], *blotted], "one negative short: the choice must not turn prettier"


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_the_dozen_is_as_negative_as_all_contacts_are(share):
    chosen = choose(offered(40, 40), share, seed=3)
    negative = sum(int(quote["text"][1:]) < 40 for quote in chosen)
    assert (len(chosen), negative) == (DOZEN, round(DOZEN * share))


def test_of_complaints_what_is_told_hangs_before_what_is_asked_and_of_others_nothing_is_preferred():
    asked = [(one, f"{text}?" if one.id % 2 else text) for one, text in offered(40, 40)]
    chosen = [quote["text"] for quote in choose(asked, 0.5, seed=3)]
    complaints = [text for text in chosen if int(text.strip("t?")) < 40]
    others = [text for text in chosen if text not in complaints]
    assert not any(text.endswith("?") for text in complaints) and any(text.endswith("?") for text in others)


def test_the_stages_take_turns():
    stages = [quote["stage"] for quote in choose(offered(0, 60), 0.0, seed=3)]
    assert {stage: stages.count(stage) for stage in set(stages)} == {"book": 4, "fly": 4, "service": 4}


def test_nobody_is_quoted_twice_and_no_text_hangs_twice():
    one = Candidate(1, "x", "chat", "book", "nl", False, "same")
    said = [
        (one, "first"),
        (Candidate(2, "y", "chat", "fly", "nl", False, "same"), "second"),
        (Candidate(3, "z", "chat", "fly", "nl", False, "b"), "first"),
    ]
    assert len(choose(said, 0.0, seed=1)) == 1


def test_the_choice_is_repeatable_and_differs_by_hour():
    many = offered(0, 60)
    texts = [[quote["text"] for quote in choose(many, 0.0, seed)] for seed in (7, 7, 8)]
    assert texts[0] == texts[1] != texts[2]


@pytest.fixture
def full(sqlite_store):
    save_journey(sqlite_store, load_journey("airline"), "test", NOW)
    said = [f"De koffer kwam {word} niet aan." for word in ("vandaag", "gisteren", "weer", "nog", "helaas", "dus", "ook", "toen")]
    rows = [
        Row(
            "mail",
            "m",
            f"q{i}",
            1,
            "upsert",
            NOW - 1000 * i,
            NOW,
            channel="email",
            text=text,
            language="nl",
            sentiment=-0.4,
            author_key=f"a{i}",
            placed=[Placed("airline", "arrive", "rule")],
        )
        for i, text in enumerate(said)
    ]
    save(sqlite_store, Batch("mail", rows), now_ms=NOW, zone=ZONE)
    return sqlite_store


def test_quotes_stay_for_an_hour_and_are_then_others(full):
    assert refresh_quotes(full, NOW, "strict")
    first = kept_quotes(full)
    assert not refresh_quotes(full, NOW + HOUR - 1, "strict")
    assert kept_quotes(full) == first
    assert refresh_quotes(full, NOW + HOUR, "strict")
    again = kept_quotes(full)[1]["quotes"]
    assert not {quote["text"] for quote in again} & {quote["text"] for quote in first[1]["quotes"]}


def test_a_quote_goes_when_its_contact_goes(full):
    refresh_quotes(full, NOW, "strict")
    save(full, Batch("mail", [Row("mail", "m", "q0", 2, "delete", NOW, NOW)]), now_ms=NOW, zone=ZONE)
    assert refresh_quotes(full, NOW + 60_000, "strict")
    texts = [quote["text"] for quote in kept_quotes(full)[1]["quotes"]]
    assert "De koffer kwam vandaag niet aan." not in texts and texts.count("") == 1
    assert not refresh_quotes(full, NOW + 120_000, "strict")


def test_switched_off_means_gone_at_once(full):
    refresh_quotes(full, NOW, "strict")
    assert refresh_quotes(full, NOW + 1, "off")
    assert kept_quotes(full)[1]["quotes"] == []
    assert not refresh_quotes(full, NOW + 2, "off")


def test_approved_quotes_only_when_a_person_approved_some(full):
    refresh_quotes(full, NOW, "approved")
    assert kept_quotes(full)[1]["quotes"] == []


def test_an_approved_quote_hangs_within_the_hour_in_the_very_words_and_a_refusal_takes_it_off(full):
    refresh_quotes(full, NOW, "approved")
    approve_quote(full, 1, "De koffer kwam vandaag niet", "Sanne", NOW + 1)
    assert refresh_quotes(full, NOW + 60_000, "approved")
    assert [(quote["id"], quote["text"]) for quote in kept_quotes(full)[1]["quotes"]] == [(1, "De koffer kwam vandaag niet")]
    refuse_quote(full, 1, "Sanne", NOW + 70_000)
    refresh_quotes(full, NOW + 120_000, "approved")
    assert kept_quotes(full)[1]["quotes"] == []


def test_a_second_approval_within_the_hour_does_not_wait(full):
    approve_quote(full, 1, "De koffer kwam vandaag niet", "Sanne", NOW - 1)
    refresh_quotes(full, NOW, "approved")
    approve_quote(full, 2, "De koffer kwam gisteren niet", "Sanne", NOW + 1)
    refresh_quotes(full, NOW + 60_000, "approved")
    assert 2 in {quote["id"] for quote in kept_quotes(full)[1]["quotes"]}


def test_the_only_approved_quote_does_not_come_and_go(full):
    approve_quote(full, 1, "De koffer kwam vandaag niet", "Sanne", NOW - 1)
    for hour in range(3):
        refresh_quotes(full, NOW + hour * HOUR, "approved")
        assert [quote["id"] for quote in kept_quotes(full)[1]["quotes"]] == [1]


def test_what_the_strict_mask_blots_does_not_hang_even_when_approved(full):
    said = "Zwolf zei dat de koffer bij Truus niet kwam."
    row = Row("mail", "m", "n", 1, "upsert", NOW, NOW, channel="email", text=said, language="nl", sentiment=-0.4)
    row.placed = [Placed("airline", "arrive", "rule")]
    save(full, Batch("mail", [row]), now_ms=NOW, zone=ZONE)
    approve_quote(full, 9, said, "Sanne", NOW)
    refresh_quotes(full, NOW + 1, "approved")
    assert kept_quotes(full)[1]["quotes"] == []


def test_a_refused_contact_is_not_chosen_by_the_machine_either(full):
    for id in range(1, 8):
        refuse_quote(full, id, "Sanne", NOW)
    refresh_quotes(full, NOW + 1, "strict")
    assert {quote["id"] for quote in kept_quotes(full)[1]["quotes"]} == {8}


def test_where_the_house_is_strict_approved_quotes_are_chosen_too_for_screens_that_show_no_others(full):
    approve_quote(full, 1, "De koffer kwam vandaag niet", "Sanne", NOW - 1)
    refresh_quotes(full, NOW, "strict")
    data = kept_quotes(full)[1]
    assert [quote["text"] for quote in data["approved"]] == ["De koffer kwam vandaag niet"] and len(data["quotes"]) > 1
    save(full, Batch("mail", [Row("mail", "m", "q0", 2, "delete", NOW, NOW)]), now_ms=NOW, zone=ZONE)
    assert refresh_quotes(full, NOW + 60_000, "strict")
    assert [quote["text"] for quote in kept_quotes(full)[1]["approved"]] == [""]
    refresh_quotes(full, NOW + 120_000, "off")
    assert "approved" not in kept_quotes(full)[1]


def test_an_empty_store_is_left_alone(sqlite_store):
    assert not refresh_quotes(sqlite_store, NOW, "strict")
