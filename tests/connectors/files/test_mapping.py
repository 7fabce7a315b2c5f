import pytest

from connectors.files.errors import MappingFault
from connectors.files.mapping import TARGETS, Mapping, check_mapping, parse_mapping, reading_ids, suggest_mapping
from connectors.files.words import words

COLUMNS = ["id", "tekst", "datum", "cijfer"]


def test_parses_what_map_says_and_writes_it_back():
    mapping = parse_mapping("text=tekst, happened_at = datum,csat=cijfer")
    assert mapping.columns == {"text": "tekst", "happened_at": "datum", "csat": "cijfer"}
    assert mapping.readings == {"csat": "cijfer"}
    assert parse_mapping(mapping.written()) == mapping


def test_an_unknown_target_lists_what_is_allowed():
    with pytest.raises(MappingFault) as caught:
        parse_mapping("tekst=text")
    assert all(target in str(caught.value) for target in (*TARGETS, "csat", "nps", "first_response"))
    assert "contacts" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("text", "expected TARGET=COLUMN"),
        ("text=", "expected TARGET=COLUMN"),
        ("text=a,text=b", "twice"),
        ("journey=a", "journey"),
    ],
)
def test_broken_mappings(written, told):
    with pytest.raises(MappingFault, match=told):
        parse_mapping(written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("text=teks,happened_at=datum", "Did you mean 'tekst'"),
        ("text=tekst", "happened_at is missing"),
        ("happened_at=datum,external_id=id", "neither text nor a metric"),
        ("happened_at=datum,csat=cijfer", "external_id is missing"),
    ],
)
def test_a_mapping_that_does_not_fit_says_what_to_do(written, told):
    with pytest.raises(MappingFault, match=told):
        check_mapping(parse_mapping(written), COLUMNS)


def test_a_long_list_of_columns_is_cut():
    with pytest.raises(MappingFault, match="and 9970 more") as caught:
        check_mapping(parse_mapping("text=x,happened_at=y"), [f"c{i}" for i in range(10_000)])
    assert len(str(caught.value)) < 1_000


def test_suggests_each_column_once():
    found = suggest_mapping(["Tweet ID", "Created At", "Text", "Taal", "NPS-score", "Text 2"])
    assert found == Mapping(
        {"text": "Text", "happened_at": "Created At", "external_id": "Tweet ID", "language": "Taal", "nps": "NPS-score"}
    )


def test_every_word_of_a_header_leads_to_a_known_target():
    assert set(words()["headers"]) <= {*TARGETS, *reading_ids()}
    assert "contacts" not in reading_ids() and "gap" not in reading_ids() and "sentiment" not in reading_ids()
