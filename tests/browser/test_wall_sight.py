"""The wall as eyes meet it: contrast, sizes, nothing cut off or overlapping, and status told apart without colour."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from tests.browser.serving import serving
from tests.browser.test_wall import SHADOW, opened
from tests.browser.wall_screens import filled
from tests.browser.wall_states import STATES

pytestmark = pytest.mark.browser
SIZES = {"1080p": (1920, 1080), "4k": (3840, 2160), "portrait": (1080, 1920)}
LONG_WORDS = ("live", "few", "closed")  # where the longer of the two languages could push something aside
SCENES = [
    *(
        (name, size, "nl")
        for name in ("live", "late", "none", "few", "closed", "focus", "promises")
        for size in ("1080p", "portrait")
    ),
    *((name, size, "en") for name in LONG_WORDS for size in ("1080p", "portrait")),
    ("live", "4k", "nl"),
    ("live", "4k", "en"),
    *(("promises", size, "en") for size in ("1080p", "portrait", "4k")),
    ("promises", "4k", "nl"),
]
SLIDES = [scene for scene in SCENES if scene[0] in ("focus", "promises")]
TEXTS = Path(__file__).with_name("wall_texts.js").read_text(encoding="utf8")


@pytest.fixture(scope="module")
def looked(browser, tmp_path_factory):
    """`looked(state, size, language)` gives every text on the screen with its ink, ground, size and place."""
    seen, open_sites = {}, {}

    def look(name, size="1080p", language="nl"):
        if name not in open_sites:
            state = STATES[name]
            scene = serving(filled(state, tmp_path_factory.mktemp(name)), state.now, state.environ)
            open_sites[name] = (scene, scene.__enter__())
        key = (name, size, language)
        if key not in seen:
            width, height = SIZES[size]
            query = f"?lang={language}" + (f"&slides={STATES[name].playlist}" if STATES[name].playlist else "")
            with opened(browser, open_sites[name][1], query, width=width, height=height) as page:
                page.wait_for_selector(STATES[name].wait)
                page.wait_for_timeout(500)
                seen[key] = page.evaluate(TEXTS)
        return seen[key]

    yield look
    for scene, _ in open_sites.values():
        scene.__exit__(None, None, None)


def luminance(rgb):
    part = np.asarray(rgb, float) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "name", ["live", "late", "none", "few", "closed", "stopped", "focus", "promises", "hours", "voices", "alert"]
)
def test_every_text_has_a_contrast_of_four_and_a_half(looked, name):
    low = [(t["text"], round(contrast(t["ink"], t["ground"]), 1)) for t in looked(name) if contrast(t["ink"], t["ground"]) < 4.5]
    assert low == []


def test_live_numbers_have_a_contrast_of_seven(looked):
    numbers = [t for t in looked("live") if any(letter.isdigit() for letter in t["text"])]
    assert len(numbers) > 40
    assert [(t["text"], round(contrast(t["ink"], t["ground"]), 1)) for t in numbers if contrast(t["ink"], t["ground"]) < 7] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_sizes_follow_the_screen_and_keep_to_their_least(looked, size, language):
    u = min(SIZES[size]) / 100
    texts = looked("live", size, language)
    assert [(t["text"], round(t["size"] / u, 2)) for t in texts if t["size"] < 2.19 * u] == []

    def least(*classes):
        return min(t["size"] / u for t in texts if set(t["where"].split()) & set(classes))

    assert least("fig") >= 13 and least("mark") >= 6.1
    assert min(t["size"] / u for t in texts if t["text"].startswith(("beloofd antwoord", "an answer promised"))) >= 4.69


@pytest.mark.parametrize(("name", "size", "language"), SCENES)
def test_nothing_falls_off_the_screen(looked, name, size, language):
    width, height = SIZES[size]
    out = [(t["text"], [round(x) for x in t["box"]]) for t in looked(name, size, language) if off(t["box"], width, height)]
    assert out == []


def off(box, width, height):
    return box[0] < -1 or box[1] < -1 or box[2] > width + 1 or box[3] > height + 1


@pytest.mark.parametrize(("name", "size", "language"), SCENES)
def test_no_text_stands_on_another(looked, name, size, language):
    texts = looked(name, size, language)
    pairs = ((a, b) for a, b in itertools.combinations(texts, 2) if a["number"] != b["number"])
    assert [(a["text"], b["text"]) for a, b in pairs if overlap(a, b) > 0.12] == []


@pytest.mark.parametrize(("name", "size", "language"), SLIDES)
def test_no_line_of_a_slide_is_cut_off_at_its_edge(looked, name, size, language):
    """A slide hides what does not fit, so a line within the screen may still be half a line on the glass."""
    lines = [line for line in looked(name, size, language) if line["slide"]]
    assert len(lines) > 5
    assert [(line["text"], round(past_edge(line))) for line in lines if past_edge(line) > 0] == []


def past_edge(line):
    """Pixels of a line's letters, with their tails, above or below what its slide shows."""
    middle, (top, bottom) = (line["box"][1] + line["box"][3]) / 2, line["slide"]
    return max(top - (middle - 0.4 * line["size"]), middle + 0.6 * line["size"] - bottom)


def overlap(a, b):
    """The part of the smaller line's core that the two share; a line box is higher than its letters, the core is its middle."""
    (l1, t1, r1, b1), (l2, t2, r2, b2) = core(a), core(b)
    wide, tall = min(r1, r2) - max(l1, l2), min(b1, b2) - max(t1, t2)
    smaller = min((r1 - l1) * (b1 - t1), (r2 - l2) * (b2 - t2))
    return wide * tall / smaller if wide > 0 and tall > 0 else 0.0


def core(line):
    left, top, right, bottom = line["box"]
    return left, (top + bottom) / 2 - 0.35 * line["size"], right, (top + bottom) / 2 + 0.35 * line["size"]


# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
STATUS = {"below": (230, 159, 0), "on": (86, 180, 233), "above": (43, 192, 150)}


def lab(linear):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(linear, 0, 1)
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def linear(rgb):
    part = np.asarray(rgb, float) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("kind", BLIND)
def test_below_is_told_from_on_and_above_by_every_eye(kind):
    seen = {name: lab(np.array(BLIND[kind]) @ linear(rgb)) for name, rgb in STATUS.items()}
    distances = {pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) for pair in (("below", "on"), ("below", "above"))}
    assert min(distances.values()) > 25, distances


def test_every_status_has_a_shape_a_sign_and_a_word_of_its_own(browser, tmp_path):
    state = STATES["closed"]
    with serving(filled(state, tmp_path), state.now, state.environ) as site, opened(browser, site) as page:
        page.wait_for_selector(state.wait)
        shown = page.evaluate(
            f"""() => [...{SHADOW}.querySelectorAll('.st .gap')].map((e) => [e.querySelector('.shape').getAttribute('aria-label'),
                e.querySelector('path').getAttribute('d'), e.querySelector('i').textContent])"""
        )
    kinds = {sign: (d, word) for sign, d, word in shown}
    assert {"▼", "▲"} <= set(kinds)
    assert len({d for d, _ in kinds.values()}) == len({word for _, word in kinds.values()}) == len(kinds)
