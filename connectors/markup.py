"""Text from the HTML that sources send: words only, a break where a line ended, nothing that a screen could run."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BREAKS = {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "blockquote"}
_SILENT = {"script", "style", "head", "title"}


def plain_text(markup: str) -> str:
    """The readable text of a piece of HTML, without tags, scripts and styles.

    >>> plain_text("<p>Te laat!</p><p>Twee <b>weken</b><br>wachten &amp; niets</p><script>x()</script>")
    'Te laat!\\nTwee weken\\nwachten & niets'
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self._silent:
            self.parts.append(data.replace("\n", " "))
