"""What the rule engine remembers of one token."""

from __future__ import annotations


class Fact:
    """A token's lower-case form and its part in the scoring; `listed` says that the lexicon holds it.

    `valence` is -4..4 and 0 when the lexicon does not hold the token; `boost` is what it adds to a later word.
    `scored` says whether the token itself can carry feeling, `touches` whether it may change a scored neighbour (or,
    being scored, is changed by a phrase), `marked` that the engine must look at it at all, `ends` (set by the engine,
    which sees the bare token) that punctuation closes a clause after it. A plain class with slots: there is one for
    every new token, and a frozen dataclass takes four times as long to make.
    """

    __slots__ = ("boost", "ends", "listed", "lower", "marked", "negates", "scored", "touches", "upper", "valence")

    def __init__(
        self,
        lower: str,
        upper: bool,
        listed: bool,
        valence: float,
        boost: float,
        negates: bool,
        scored: bool,
        touches: bool,
        contrasts: bool,
    ) -> None:
        self.lower, self.upper, self.listed, self.valence = lower, upper, listed, valence
        self.marked = scored or contrasts or upper
        self.boost, self.negates, self.scored, self.touches, self.ends = boost, negates, scored, touches, False
