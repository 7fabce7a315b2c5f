"""Words that people wrote in one language or in both: a bilingual office writes what it has, and reads what there is."""

from __future__ import annotations


def in_language(language: str, nl: str, en: str) -> str:
    """The words in `language` (nl or en), or in the other one where they were never translated.

    >>> in_language("en", "gedaan", "done"), in_language("en", "gedaan", "")
    ('done', 'gedaan')
    """
    first, second = (nl, en) if language == "nl" else (en, nl)
    return first or second
