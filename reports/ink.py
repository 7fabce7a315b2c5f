"""The report's colours and fonts: those of the screens, on white paper."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

INK, GREY, LINE, PAPER = "#18212B", "#535E6B", "#D5DAE0", "#FFFFFF"
PROMISE = "#1A5C85"
FILL = {"below": "#E69F00", "on": "#56B4E9", "above": "#009E73", "unsure": "#FFFFFF", "": "#FFFFFF"}
EDGE = {"below": "#855200", "on": "#1A5C85", "above": "#00664A", "unsure": "#535E6B", "": "#535E6B"}
FONTS = Path(__file__).with_name("fonts")
REGULAR, BOLD = "Inter", "Inter-Bold"


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Make Inter known to reportlab, once per process."""
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    registerFont(TTFont(REGULAR, str(FONTS / "inter-regular.ttf")))
    registerFont(TTFont(BOLD, str(FONTS / "inter-bold.ttf")))
    registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
