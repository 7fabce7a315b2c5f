"""Builds the lists of names and of harmless words from packages that are needed only here; run by `python -m text models`.

Names: Faker (MIT) and the United States census of 1990 through the package `names` (public domain data).
Words: the frequency lists of pyspellchecker (MIT), and what the messages of this project type in lower case.
Provenance: docs/models.md.
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from importlib.util import find_spec
from pathlib import Path

from text.corpora import unmasked

MODELS = Path(__file__).with_name("models")
LOCALES = (
    "nl_NL nl_BE en_GB en_US en_IE en_IN en_NG en_PK en_KE en_NZ tr_TR pl_PL de_DE de_AT de_CH fr_FR fr_BE es_ES es_MX "
    "it_IT pt_PT pt_BR yo_NG ha_NG ig_NG tw_GH ro_RO hr_HR hu_HU cs_CZ sk_SK sl_SI sv_SE da_DK no_NO fi_FI id_ID fr_DZ"
)
CENSUS_SURNAMES = 6000
LEAST = {"nl": 350, "en": 1500}
KINDS = {"first": ("first_name",), "last": ("last_name",)}
TYPED_BY, TYPED_OFTEN = 3, 12
LOWER = re.compile(r"(?<![\w@#.'’/-])[^\W\d_A-ZÀ-Þ]{2,}(?:['’-][^\W\d_A-ZÀ-Þ]+)*(?![\w@/])")
WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


def write() -> dict[str, int]:
    """Write models/names, vocabulary_{nl,en} and ordinary_{nl,en} (.txt.gz); returns how many lines each holds."""
    first, last = _faker("first") | _census_first(), _faker("last") | _census_last()
    lines = sorted({f"{name}\tfirst" for name in first} | {f"{name}\tlast" for name in last - first})
    counts = {"names": _save("names", lines)}
    for language, least in LEAST.items():
        counts[f"vocabulary_{language}"] = _save(f"vocabulary_{language}", _frequent(language, least))
    return counts | write_ordinary(first, last)


def write_ordinary(first: Collection[str], last: Collection[str], leave_out: str = "") -> dict[str, int]:
    """Write models/ordinary_{nl,en}.txt.gz, but for what messages files matching `leave_out` say; lines per list.

    A word is ordinary when at least TYPED_BY texts of ours hold it in lower case outside marked identifiers; one that
    is a `last` name (belt, water, price) must be typed by TYPED_OFTEN, and one that is a `first` name never is.
    """
    texts = list(unmasked(leave_out))
    return {f"ordinary_{code}": _save(f"ordinary_{code}", _ordinary(code, texts, last) - set(first)) for code in LEAST}


def _ordinary(language: str, texts: Iterable[tuple[str, str]], names: Collection[str]) -> set[str]:
    typed = Counter(word for text, code in texts if code == language for word in set(LOWER.findall(text)))
    return {word for word, count in typed.items() if count >= (TYPED_OFTEN if word in names else TYPED_BY)}


def _save(name: str, entries: Iterable[str]) -> int:
    lines = sorted(entries) if isinstance(entries, set) else list(entries)
    data = "".join(f"{line}\n" for line in lines).encode()
    (MODELS / f"{name}.txt.gz").write_bytes(gzip.compress(data, mtime=0))
    return len(lines)


def _faker(kind: str) -> set[str]:
    names: set[str] = set()
    for locale in LOCALES.split():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if KINDS[kind][0] in attribute and isinstance(getattr(provider, attribute), (tuple, list, dict)):
                names |= _plain(getattr(provider, attribute))
    return names


def _plain(values: Iterable[object]) -> set[str]:
    parts = (part for value in values if isinstance(value, str) and "{" not in value for part in value.split())
    return {part.lower() for part in parts if part[0].isupper() and len(part) > 1 and WORD.fullmatch(part)}


def _census(name: str) -> list[str]:
    folder = package_folder("names")
    return [line.split()[0].lower() for line in (folder / name).read_text().splitlines()]


def _census_first() -> set[str]:
    return set(_census("dist.male.first")) | set(_census("dist.female.first"))


def _census_last() -> set[str]:
    return set(_census("dist.all.last")[:CENSUS_SURNAMES])


def _frequent(language: str, least: int) -> list[str]:
    """The words of at least `least` occurrences, most frequent first."""
    packed = (package_folder("spellchecker") / "resources" / f"{language}.json.gz").read_bytes()
    counts = json.loads(gzip.decompress(packed))
    kept = [word for word, count in counts.items() if count >= least and WORD.fullmatch(word)]
    return sorted(kept, key=lambda word: (-counts[word], word))


def package_folder(package: str) -> Path:
    """Where an installed package keeps its files; SystemExit with what to install when it is not there."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: run `pip install -r requirements-dev.txt`, then try again.")
    return Path(spec.origin).parent
