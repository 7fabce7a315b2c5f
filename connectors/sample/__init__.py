"""The made-up company: Noordvlucht in Dutch, Northflight in English."""

from connectors.sample.connector import Sample, SampleConfig, first_state

__all__ = ["Sample", "SampleConfig", "first_state"]
