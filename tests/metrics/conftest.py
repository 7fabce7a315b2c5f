"""The first call of a lazily imported library may take seconds: no deadline per example."""

from hypothesis import settings

settings.register_profile("metrics", parent=settings.get_profile("suite"), max_examples=60)
settings.load_profile("metrics")
