"""The words of one language that carry, turn or colour feeling, read from config/languages/words_CODE.{toml,tsv}."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from config.errors import ConfigError

FOLDER = Path(__file__).parent.parent / "config" / "languages"
ALWAYS_TOUCHING = frozenset({"no", "least", "this"})


@dataclass(frozen=True)
class Words:
    """What the rule engine knows of one language; valences run from -4 (worst) to +4 (best).

    `phrases` carry feeling as a whole, `openers` and `heads` give it to a compound, `late_negations` follow the word
    they turn. `touching` and `openings` follow from the rest: words that may change a neighbour's valence, and the
    phrases by their first word.
    """

    code: str
    valence: dict[str, float]
    emoji: dict[str, str]
    boosters: dict[str, float]
    negations: frozenset[str]
    contrast: str
    idioms: dict[str, float]
    spells_emoji: bool = True
    late_negations: frozenset[str] = frozenset()
    phrases: dict[str, float] = field(default_factory=dict)
    openers: dict[str, float] = field(default_factory=dict)
    heads: dict[str, float] = field(default_factory=dict)
    touching: frozenset[str] = frozenset()
    openings: dict[str, list[tuple[tuple[str, ...], float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        several = [phrase for phrase in (*self.idioms, *self.boosters) if " " in phrase]
        longest = {max(phrase.split(), key=len) for phrase in several}
        object.__setattr__(self, "touching", ALWAYS_TOUCHING | longest | self.late_negations)
        for phrase, value in self.phrases.items():
            parts = tuple(phrase.split())
            self.openings.setdefault(parts[0], []).append((parts, value))


def read_table(name: str) -> dict[str, str]:
    """The two-column table config/languages/NAME as a dict; lines that start with '# ' are remarks.

    Raises ConfigError naming the line that is not `key<TAB>value`.
    """
    path = FOLDER / name
    rows: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
        if not line or line.startswith("# "):
            continue
        key, tab, value = line.partition("\t")
        if not tab:
            raise ConfigError(f"languages/{name} line {number}", line, "a word, a tab and a value", "Correct the line.")
        rows[key] = value
    return rows


@lru_cache(maxsize=4)
def load_words(code: str) -> Words:
    """The word lists of language `code` ('nl' or 'en'), read once per process.

    Raises ConfigError when there are no lists of that language.
    """
    path = FOLDER / f"words_{code}.toml"
    if not path.exists():
        raise ConfigError("language of the word lists", code, "nl or en", f"Add {path.name} or choose another.")
    raw = tomllib.loads(path.read_text(encoding="utf8"))
    valence = {word: float(value) for word, value in read_table(f"words_{code}.tsv").items()}
    valence.update((word, float(value)) for value, line in raw.get("felt", {}).items() for word in line.split())
    return Words(
        code=code,
        valence=valence,
        emoji=read_table("words_emoji.tsv"),
        boosters=_boosters(raw),
        negations=frozenset(raw["negations"]),
        contrast=raw["contrast"],
        idioms=raw["idioms"],
        spells_emoji=bool(raw["spells_emoji"]),
        late_negations=frozenset(raw.get("late_negations", ())),
        phrases=raw.get("phrases", {}),
        openers=raw.get("openers", {}),
        heads=raw.get("heads", {}),
    )


def _boosters(raw: dict) -> dict[str, float]:
    step = float(raw["booster_step"])
    return dict.fromkeys(raw["boosters"], step) | dict.fromkeys(raw["dampers"], -step)
