"""Structured identifiers: what each kind takes, what looks like it but is nobody's, and what is tried at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.cues import company_names, flight_codes, is_company, places
from text.masking import find, mask
from text.patterns import CHECKS, candidates, part, passes_eleven, shapes

NOBODYS = [
    # flights, trains, sizes, tyres, amounts, times
    "KL1702 vertrok om 14.30",
    "een klacht over HV6672 gisteren",
    "refund for BA 0433 please",
    "trein 3546 van spoor 2b",
    "banden 205/55 R16 besteld",
    "een matras van 160x200 retour",
    "het kost € 1.840,50 per jaar",
    "tussen 08.00-12.00 thuis",
    "van 2019-2023 klant",
    "in 2024 en 2025",
    # what only looks like an address
    "Rij 3 was smerig",
    "stond bij Gate 11",
    "op Spoor 2, te laat",
    "Spaarrente 2,1% tot een ton",
    "Variabel 0,24 of 1 jaar vast",
    "Stoelreservering 2x betaald",
    "Platform 3. No wait, 9",
    "Android 14. Al drie keer",
    "Prima service, Rij 3, top",
    "Rij 3",
    # accounts of companies
    "dank @EvriUK en @VodafoneIreland",
    "@TelenetBE al drie keer",
    "@delta_fiber plat",
    "@gemeenteutrecht hoe zit dat",
]
TAKEN = [
    ("order", "bestelling AB1234 is weg", "AB1234"),
    ("order", "Zaak 24/3391 naar geschillen", "24/3391"),
    ("order", "RMA 00418 loopt", "00418"),
    ("order", "lid nr 44120 wil weg", "44120"),
    ("order", "boeking QXJKPT annuleren", "QXJKPT"),
    ("plate", "KENTEKEN GX912T staat fout", "GX912T"),
    ("document", "RIJBEWIJS 5012345678 kwijt", "5012345678"),
    ("bsn", "BSN 123456789 klopt niet", "123456789"),
    ("birth_date", "GEBOREN 3-4-1980 in Ede", "3-4-1980"),
    ("address", "woon HAZELAARSTRAAT 27 nu", "HAZELAARSTRAAT 27"),
    ("address", "Nachtegaalhof 12 te Ede", "Nachtegaalhof 12"),
    ("postcode", "wij zitten op 1012 AB", "1012 AB"),
    ("handle", "volgens @pieterjan_85 klopt het", "@pieterjan_85"),
    ("email", "naar PIET@VOORBEELD.NL graag", "PIET@VOORBEELD.NL"),
    ("card", "pas 5412 7512 3412 3456 werkt niet", "5412 7512 3412 3456"),
    ("iban", "NL91ABNA0417164300 staat fout", "NL91ABNA0417164300"),
    ("phone", "bel (020) 624 11 11 maar", "(020) 624 11 11"),
]


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_nobodys_stays(text):
    assert mask(text, "nl").text == text


@pytest.mark.parametrize(("kind", "text", "value"), TAKEN)
def test_each_is_taken(kind, text, value):
    masked = mask(text, "nl")
    assert value not in masked.text and kind in {one.type for one in masked.found}


class TestShapes:
    def test_every_check_that_is_named_exists(self):
        assert {shape.check for shape in shapes()} - {None} <= set(CHECKS.values())

    def test_every_check_is_used(self):
        assert {shape.check for shape in shapes()} >= set(CHECKS.values())

    def test_what_a_text_must_hold_is_in_lower_case(self):
        """`needs` is looked for in the text in lower case: a capital in it would never be found."""
        assert all(needed == needed.lower() for shape in shapes() for needed in shape.needs)

    def test_what_a_text_must_hold_never_hides_a_match(self):
        """Each example is still found when every shape is tried on every text."""
        for _, text, _ in TAKEN:
            for shape in shapes():
                held = not shape.needs or any(needed in text.lower() for needed in shape.needs)
                digits = not shape.digits or any(map(str.isdigit, text))
                if not shape.cues and shape.regex.search(text) and not (held and digits):
                    pytest.fail(f"{shape.type} {shape.regex.pattern} is not tried on {text!r}")

    def test_parts_are_put_in_whole(self):
        assert "<<" not in part("date") and "januari" in "januari" and "straat" in part("dutch")
        assert not any("<<" in shape.regex.pattern for shape in shapes())

    def test_a_text_without_digits_is_asked_no_numbers(self):
        assert {kind for kind, _, _ in candidates("bel mij eens terug over mijn adres")} == set()


class TestNumbers:
    @given(st.integers(0, 999_999_999))
    def test_the_eleven_test_by_its_definition(self, number):
        digits = f"{number:09d}"
        total = sum((9 - place) * int(digit) for place, digit in enumerate(digits[:8])) - int(digits[8])
        assert passes_eleven(digits) == (total % 11 == 0)

    @given(st.from_regex(r"06[- ]?[1-9]\d{7}", fullmatch=True))
    def test_a_mobile_number_is_always_taken(self, number):
        assert number not in mask(f"bel {number} even", "nl").text

    @given(st.from_regex(r"NL\d\d ?[A-Z]{4} ?\d{4} ?\d{4} ?\d\d", fullmatch=True))
    def test_an_account_is_taken_whatever_its_check_digits(self, number):
        assert not any(part in mask(f"naar {number} graag", "nl").text for part in number.split() if len(part) > 3)

    @given(st.from_regex(r"[a-z]{2,8}\.[a-z]{2,8}@[a-z]{3,8}\.(nl|com|be)", fullmatch=True))
    def test_an_address_of_mail_is_always_taken(self, address):
        assert mask(f"mail {address} graag", "nl").text == "mail [E-MAIL] graag"

    @given(st.sampled_from(sorted(flight_codes())), st.integers(100, 9999))
    def test_a_flight_is_never_an_order(self, code, number):
        if code.isalpha():
            assert "order" not in {one.type for one in find(f"klacht over {code}{number} ingediend")}


class TestCompanies:
    @pytest.mark.parametrize("handle", ["@KLM", "@EnecoNL", "@telenet_be", "@xyzwebcare", "@NS_online", "@GemeenteUtrecht"])
    def test_companies(self, handle):
        assert is_company(handle)

    @pytest.mark.parametrize("handle", ["@saar_ouwehand", "@jan_nl", "@marieke_uk", "@pieterbe", "@kim_vdh", "@opa_henk_58"])
    def test_people(self, handle):
        assert not is_company(handle)

    def test_lists_are_in_lower_case(self):
        for words in (company_names(), places()):
            assert all(word == word.lower() for word in words)
