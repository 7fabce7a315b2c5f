"""The made-up company: Noordvlucht in Dutch, Northflight in English."""

from connectors.sample.connector import Sample, SampleConfig, anchor_of, first_state
from connectors.sample.story import tell
from connectors.sample.survey import stated

__all__ = ["Sample", "SampleConfig", "anchor_of", "first_state", "stated", "tell"]
