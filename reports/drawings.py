"""What the PDF draws itself: the shapes ▼ ● ▲ ○, and the journey's curve against its promise."""

from __future__ import annotations

from itertools import pairwise

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, Polygon, PolyLine, String
from reportlab.lib.colors import HexColor

from reports.ink import BOLD, EDGE, FILL, GREY, INK, LINE, PROMISE, REGULAR
from reports.paper import Curve

LOW, HIGH = 4.0, 9.0


def shape_at(name: str, x: float, y: float, size: float) -> Group:
    """The shape of a gap, centred on (x, y): ▼ below, ▲ above, ● on, ○ unsure; nothing for ''."""
    group = Group()
    ink = {"fillColor": HexColor(FILL[name]), "strokeColor": HexColor(EDGE[name]), "strokeWidth": 0.8}
    r = size / 2
    if name == "below":
        group.add(Polygon([x - r, y + r, x + r, y + r, x, y - r], **ink))
    elif name == "above":
        group.add(Polygon([x - r, y - r, x + r, y - r, x, y + r], **ink))
    elif name:
        group.add(Circle(x, y, r * 0.95, **ink))
    return group


def sign(name: str, size: float = 7) -> Drawing:
    """The shape alone, to stand beside a text."""
    drawing = Drawing(size, size)
    drawing.add(shape_at(name, size / 2, size / 2, size - 1))
    return drawing


def journey(curve: Curve, width: float, height: float = 150) -> Drawing:
    """The journey as a line with its marks and the promise as a stepped line above or below it, on the scale 4 to 9."""
    drawing = Drawing(width, height)
    step = width / max(1, len(curve.stages))
    places = [step * (i + 0.5) for i in range(len(curve.stages))]
    for mark in range(int(LOW), int(HIGH) + 1):
        drawing.add(Line(0, _y(mark, height), width, _y(mark, height), strokeColor=HexColor(LINE), strokeWidth=0.4))
        drawing.add(String(0, _y(mark, height) + 2, str(mark), fontName=REGULAR, fontSize=6.5, fillColor=HexColor(GREY)))
    for x, promise in zip(places, curve.promises, strict=True):
        if promise is not None:
            y = _y(promise, height)
            drawing.add(Line(x - step / 2.6, y, x + step / 2.6, y, strokeColor=HexColor(PROMISE), strokeWidth=1.6))
    _experience(drawing, curve, places, height)
    for x, name in zip(places, curve.stages, strict=True):
        label = {"fontName": REGULAR, "fontSize": 7.5, "fillColor": HexColor(INK), "textAnchor": "middle"}
        drawing.add(String(x, 2, name, **label))
    return drawing


def _experience(drawing: Drawing, curve: Curve, places: list[float], height: float) -> None:
    found = [(x, mark) for x, mark in zip(places, curve.marks, strict=True)]
    for (x0, a), (x1, b) in pairwise(found):
        if a is not None and b is not None:
            points = [x0, _y(a, height), x1, _y(b, height)]
            drawing.add(PolyLine(points, strokeColor=HexColor(INK), strokeWidth=1.6))
    for (x, mark), shape, label in zip(found, curve.shapes, curve.labels, strict=True):
        if mark is None:
            continue
        y = _y(mark, height)
        drawing.add(shape_at(shape or "unsure", x, y, 8))
        text = {"fontName": BOLD, "fontSize": 8, "fillColor": HexColor(INK), "textAnchor": "middle"}
        drawing.add(String(x, y + 7 if shape == "above" else y - 14, label, **text))


def _y(mark: float, height: float) -> float:
    return 16 + (min(max(mark, LOW), HIGH) - LOW) / (HIGH - LOW) * (height - 26)
