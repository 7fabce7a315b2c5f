"""The sentences of the made-up customers, in nl.toml and en.toml, and the writer that puts them together."""

from connectors.sample.texts.writer import Message, topics, write

__all__ = ["Message", "topics", "write"]
