"""What stages, channels and themes are called in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from config.journey import Journey
from config.language import Texts


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one journey in one language; what is no longer configured keeps its id, so that history stays readable."""

    t: Texts
    journey: Journey

    def stage(self, id: str) -> str:
        """A stage's name in the customer's words; '' is what could not be placed."""
        found = next((stage for stage in self.journey.stages if stage.id == id), None)
        return found.name[self.t.code] if found else id or self.t("not_placed")

    def theme(self, id: str) -> str:
        """A theme's name."""
        found = next((theme for theme in self.journey.themes if theme.id == id), None)
        return found.name[self.t.code] if found else id.replace("_", " ")

    def channel(self, id: str) -> str:
        """A channel's name; '' is all channels."""
        key = f"channel.{id or 'all'}"
        return self.t(key) if self.t.has(key) else id

    def segment(self, id: str) -> str:
        """A customer segment's name; '' is all customers."""
        key = f"segment.{id or 'all'}"
        return self.t(key) if self.t.has(key) else id

    def department(self, id: str) -> str:
        """A department's name; one that the company named itself keeps that name."""
        key = f"department.{id}"
        return self.t(key) if self.t.has(key) else id

    def proposer(self, by: str) -> str:
        """Who proposed something: a department, a person, or a guest's role and department (`supervisor, baggage`)."""
        return ", ".join(self.department(part) for part in by.split(", "))

    def written(self, nl: str, en: str) -> str:
        """What people wrote, in the reader's language; words that exist in the other language only say so themselves."""
        own, other = (nl, en) if self.t.code == "nl" else (en, nl)
        if own or not other:
            return own
        return f"{other} ({self.t('written_en' if self.t.code == 'nl' else 'written_nl')})"
