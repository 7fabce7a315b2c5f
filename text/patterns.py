"""Structured identifiers: what has a shape, a checksum or a cue before it. Compiled on first use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from text.cues import either, is_company

Candidate = tuple[str, int, int]
CAPITAL = "A-ZÀ-ÖØ-ÞŁŚŞŠŻŽČĆĐĞİÇ"
MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|m(?:aart|rt|arch|ar)|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|aug(?:ustus|ust)?"
    r"|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DATE = (
    rf"(?:\d{{1,2}}[-/. ]\d{{1,2}}[-/. ](?:19|20)?\d\d|\d{{1,2}}(?:e|st|nd|rd|th)? {MONTH} (?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)"
)
OLD_DATE = r"\d{1,2}[-/.]\d{1,2}[-/.](?:19\d\d|200\d|201[0-5])"
NUMBER = r"(?:[A-Z0-9]{1,8}[-/. ]?)?(?=[A-Z0-9./-]*\d)[A-Z0-9]+(?:[-/.][A-Z0-9]+|(?: (?=\d)[\dA-Z./-]+))*"
SITES = r"(?:facebook|instagram|linkedin|twitter|x|tiktok|twitch|youtube|snapchat|pinterest|threads|bsky|mastodon|strava|reddit)"
UNITS = "km|kb|mb|gb|kw|cm|mm|kg|wh|ml|pk|st|nd|rd|th|am|pm"


@lru_cache(maxsize=1)
def _compiled() -> list[tuple[str, str, re.Pattern[str], Callable[[str], bool]]]:
    """(type, a character that must be there or '', pattern whose group `id` or whole is the identifier, last check)."""

    def every(_: str) -> bool:
        return True

    def add(kind: str, needs: str, pattern: str, check: Callable[[str], bool] = every, flags: int = re.I) -> None:
        rows.append((kind, needs, re.compile(pattern, flags), check))

    rows: list[tuple[str, str, re.Pattern[str], Callable[[str], bool]]] = []
    _add_accounts(add)
    _add_numbers(add)
    _add_places(add)
    _add_references(add)
    return rows


def _add_accounts(add: Callable[..., None]) -> None:
    dot, at = r"(?:\s?\(?(?:\bdot\b|\bpunt\b)\)?\s?|\.)", r"\s?[(\[]?\s?(?:@|\bat\b|apenstaart(?:je)?)\s?[)\]]?\s?"
    add("email", "@", r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
    add(
        "email",
        "",
        rf"\b[\w-]+(?:{dot}[\w-]+){{0,4}}{at}[\w-]+(?:{dot}[\w-]+){{0,2}}{dot}(?:nl|com|be|org|net|eu|uk|de|example|info)\b",
    )
    add("profile", "/", rf"(?:https?://)?(?:www\.|m\.)?{SITES}\.(?:com|tv|nl|be|social|app)/[^\s,;)]*[\w/]")
    add("profile", "/", r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/(?:u|user|users|in|profile|profiel|people|leden|members?)/[\w.@-]*\w")
    add("profile", "/", r"(?<![\w/.])(?:u|user)/[\w.-]*\w")
    add("url", "/", r"https?://\S*(?:@|user|naam|name|mail|klant|customer|token|account|order|\d{5,})[^\s)]*")
    add("handle", "@", r"(?<![\w@/.])@(?:\w[\w.]{0,30}\w|\w)", lambda handle: not is_company(handle))


def _add_numbers(add: Callable[..., None]) -> None:
    birth, citizen = either("birth"), either("citizen")
    gap = r"(?:\W{1,4}(?:\w+\W{1,3}){0,3}?)"
    add("iban", "0", r"\b[A-Z]{2}\d{2}[ .-]?(?:[A-Z]{4}|[A-Z0-9]{3}\d|\d{4})(?:[ .-]?\d{1,4}){2,7}\b")
    add("birth_date", "0", rf"\b{birth}\b{gap}(?P<id>{DATE})")
    add("birth_date", "0", rf"\b{OLD_DATE}\b")
    add("birth_date", "0", rf"\b\d{{1,2}} {MONTH} (?:19\d\d|200\d)\b")
    add("birth_date", "0", rf"(?P<id>\b{DATE}) (?:geboren|geb\b|born)")
    add("bsn", "0", rf"\b{citizen}\b{gap}(?P<id>\d[\d. -]{{6,13}}\d)")
    add(
        "phone",
        "0",
        r"(?<![\w+])(?:(?:\+|00)\d{2,3}[\s.–/()-]{0,3}(?:\(0\))?|\(?0)(?:[\s.–/()-]{0,3}\d){6,11}(?![\w-])",
        _is_phone,
    )
    add("phone", "", r"\bnul[ -]?(?:6|zes)(?:[\s.–-]{0,3}\d){6,9}\b")
    add("card", "0", r"(?<![\w-])[2-6](?:[ -]?\d){12,18}(?![\w-])")
    add("bsn", "0", r"(?<![\w.,/-])\d{9}(?![\w.,/-]\w)", passes_eleven)


def _add_places(add: Callable[..., None]) -> None:
    dutch, english = either("dutch", "streets"), either("english", "streets")
    house = r"\d{1,4}(?:\s?[a-z]\b)?(?:\s?-\s?(?:[IVX]+|\d{1,3})\b|[-/ ](?:bis|hs|huis)\b)?"
    word = rf"[{CAPITAL}][\w'’.-]*"
    add(
        "address",
        "0",
        rf"\b(?:{word}\s(?:(?:van|de|der|den|ten|ter|het|la|le|op)\s)*){{0,3}}(?:[\w'’.-]*{dutch})\s{house}",
        _starts_high,
        0,
    )
    add(
        "address",
        "0",
        rf"\b(?:op|adres|straat)\W{{1,2}}(?:\w+\s)?(?P<id>[\w'’.-]+(?:straat|laan|weg|plein|gracht|kade|singel)\s{house})",
    )
    add("address", "0", rf"\b(?:de\s)?[\w'’.-]+(?:straat|laan|gracht|plein|kade)\s{house}")
    add(
        "address",
        "0",
        rf"\b(?:Laan|Weg|Plein|Hof|Park|Kade)\s(?:van|de|der|den|het)\s(?:(?:de|der|den|het)\s)?{word}(?:\s{word})?\s{house}",
        flags=0,
    )
    add("address", "0", rf"\b{word}(?:\s{word})?\s{house}(?=,?\s*\(?\d{{4}} ?[A-Z]{{2}}\b)", flags=0)
    add("address", "0", rf"\b{word}(?:\s{word})?\s\d{{1,4}}[a-z]?(?=,? (?:te|in) [A-Z])", flags=0)
    flat = r"(?:(?:[Ff]lat|[Aa]partment|[Uu]nit|[Rr]oom)\s\d+\w?,?\s)"
    add("address", "0", rf"\b{flat}?\d{{1,4}}[A-Za-z]?\s(?:{word}\s){{1,3}}{english}\b", flags=0)
    add("address", "0", rf"\b{flat}(?:{word}\s){{1,3}}{english}\b", flags=0)
    add("postcode", "0", r"(?<![\w€.,-])[1-9]\d{3}\s?(?!SA|SD|SS|NS\b)[A-Z]{2}\b(?:\s\d{1,4}[a-z]?(?![\w.,:]\w))?", flags=0)
    add("postcode", "0", rf"(?<![\w€.,-])[1-9]\d{{3}}(?!{UNITS})[a-z]{{2}}\b(?:\s\d{{1,4}}[a-z]?(?![\w.,:]\w))?", flags=0)
    add("postcode", "0", r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b", flags=0)
    add(
        "plate",
        "-",
        r"(?<![\w-])(?=[A-Z0-9-]{0,8}\d)(?=[A-Z0-9-]{0,8}[A-Z])[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3}(?![\w-])",
        flags=0,
    )
    add("plate", "0", r"\b[A-Z]{2}\d{2}\s[A-Z]{3}\b", flags=0)
    add(
        "plate",
        "",
        r"\b(?:kenteken|nummerplaat|reg(?:istration)?|plate)\W{1,3}(?:is\s)?(?P<id>[A-Z0-9]{1,3}[- ]?[A-Z0-9]{2,3}[- ]?[A-Z0-9]{1,3})\b",
        _has_digit,
    )


def _add_references(add: Callable[..., None]) -> None:
    document, order = either("document"), either("order")
    gap = r"(?:\W{1,4}(?:(?:is|was|nr|nummer|no|number|van|of|with|met|code|:)\W{1,3}){0,2})"
    add("document", "0", rf"\b{document}{gap}(?P<id>{NUMBER})", _long_enough)
    add("document", "0", r"\b[A-Z]{2}[A-Z0-9]{6}\d\b", lambda found: sum(c.isdigit() for c in found) > 2, 0)
    add("order", "0", rf"\b{order}{gap}(?P<id>{NUMBER})", _long_enough)
    add("order", "", rf"\b{order}{gap}(?P<id>(?-i:[A-Z]{{6}}))\b")
    add("order", "0", r"(?<![\w€£$.,/-])(?=[A-Z0-9]{0,5}\d)(?=[A-Z0-9]{0,5}[A-Z])[A-Z0-9]{6}(?![\w-])", _is_code, 0)
    add(
        "order",
        "0",
        r"(?<![\w€£$.,])(?:[A-Z]{1,5}[-/ ]?)?\d[\d./-]*(?:[ ]\d{2,}){0,3}(?:[A-Z]{0,4}\d+)*(?:[-/][A-Z0-9]+)*(?![\w€])",
        _is_reference,
        re.I,
    )
    add("order", "0", r"(?<![\w€£$])[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*(?![\w€])", flags=re.I)


def candidates(text: str) -> Iterator[Candidate]:
    """(type, start, end) of each stretch that looks like an identifier, the surest kinds first; they may overlap."""
    digits = any(map(str.isdigit, text))
    for kind, needs, pattern, check in _compiled():
        if (needs == "0" and not digits) or (needs not in ("", "0") and needs not in text):
            continue
        for match in pattern.finditer(text):
            start, end = match.span("id") if "id" in pattern.groupindex else match.span()
            if check(text[start:end]):
                yield kind, start, end


def passes_eleven(number: str) -> bool:
    """Whether nine digits pass the eleven test of the Dutch citizen number (Rijksoverheid).

    >>> passes_eleven("111222333"), passes_eleven("111222334")
    (True, False)
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(number) == 9 and sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def _is_phone(found: str) -> bool:
    return 9 <= sum(char.isdigit() for char in found) <= 14


def _has_digit(found: str) -> bool:
    return any(map(str.isdigit, found))


def _starts_high(found: str) -> bool:
    return found[0].isupper()


def _long_enough(found: str) -> bool:
    return sum(char.isalnum() for char in found) >= 4 and not re.fullmatch(rf"(?:19|20)\d\d|{DATE}", found, re.I)


def _is_code(found: str) -> bool:
    """A booking code mixes letters and digits; a flight (KL1702) or a size (256GB) does not count."""
    return not re.fullmatch(r"[A-Z]{2,3}\d{3,4}|\d+[A-Z]{1,3}", found)


def _is_reference(found: str) -> bool:
    """A bare number is somebody's when it has six digits or more and is no date, time, amount or year range."""
    digits = sum(char.isdigit() for char in found)
    if digits < 5 or re.fullmatch(rf"{DATE}|(?:19|20)\d\d[-/](?:19|20)?\d\d|\d{{1,3}}(?:\.\d{{3}})+|\d+\.\d\d", found, re.I):
        return False
    return digits >= 6 or bool(re.search(r"[-/A-Za-z]", found))
