"""A page of one heading, for benchmarks/pages.py: the least that a page of this kind can take on this machine."""

from pages.sheet import el, sheet

sheet([el("h1", None, "Klantblik")], "bare")
