"""The curve's own drawing, measured in Chromium without a server: no label stands on a marker."""

import pytest

from pages.wall.build import FOLDER

pytestmark = pytest.mark.browser
DRAWN = """([source, kind, language]) => {
  const svg = document.querySelector("svg"), labels = { nl: ["moment van", "de waarheid"], en: ["moment of", "truth"] }[language];
  const { patch, curveNodes } = new Function(source + "; return { patch, curveNodes };")();
  const words = { t: (key) => ({ "wall.moment_1": labels[0], "wall.moment_2": labels[1] })[key] || key };
  const high = { below: 8.8, on: 9, above: 9, unsure: 9 }[kind], firm = kind !== "unsure";
  const stage = ([mark, promise, moment]) => (
    { mark, promise, moment, state: "live", shape: moment ? kind : "below", firm });
  const stages = [[6, 7, false], [high, 9, true], [6.4, 7.1, false]].map(stage);
  const layout = { at: [10, 60, 110], width: 150, height: 20, portrait: false, scale: [5, 9] };
  patch(svg, curveNodes(stages, stages.map((stage) => stage.mark), layout, words).flat(4).filter(Boolean));
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom].map((pixels) => pixels / 10);
  };
  const label = [...svg.querySelectorAll("text")].find((text) => text.textContent.startsWith("moment"));
  return { label: box(label), markers: [...svg.querySelectorAll("g")].map(box) };
}"""


@pytest.fixture(scope="module")
def page(browser):
    with browser.new_page() as page:
        page.set_content(
            '<svg viewBox="0 0 150 20" width="1500" height="200" style="position:absolute;left:0;top:0;overflow:visible">'
        )
        yield page


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["below", "on", "above", "unsure"])
def test_the_moment_of_truth_stands_clear_of_the_highest_experience(page, kind, language):
    source = "".join((FOLDER / name).read_text(encoding="utf8") for name in ("nodes.js", "curve.js"))
    drawn = page.evaluate(DRAWN, [source, kind, language])
    assert len(drawn["markers"]) == 3
    left, top, right, bottom = drawn["label"]
    assert top > -0.6, "the label stays within the curve's own place"
    assert [box for box in drawn["markers"] if box[0] < right and box[2] > left and box[1] < bottom - 0.5] == []
