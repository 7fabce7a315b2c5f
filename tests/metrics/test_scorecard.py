"""The scorecard: every level from one set of sums, strength borrowed between siblings only."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.intervals import bounded_mean
from metrics.scorecard import COLUMNS, Scorecard, codes, scorecard

STAGES, CHANNELS, SEGMENTS = ("book", "fly", "service"), ("chat", "phone"), ("", "critical", "new")


def rows(weeks: int = 2, metrics: tuple[str, ...] = ("csat10", "sentiment", "wait"), seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    keys = [(w, s, c, g, m) for w in range(weeks) for s in STAGES for c in CHANNELS for g in SEGMENTS for m in metrics]
    n = rng.integers(5, 80, len(keys)).astype(float)
    mean = np.clip(rng.normal(7, 1, len(keys)), 1, 10)
    named = dict(
        zip(
            ("bucket", "stage", "channel", "segment", "metric"),
            (np.array(k, dtype=object) for k in zip(*keys, strict=True)),
            strict=True,
        )
    )
    return named | {"n": n, "w": n, "w2": n, "m1": n * mean, "m2": n * (mean**2 + 1.5), "v": n * mean}


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return scorecard(rows())


def test_the_axes_say_what_stands_where(card: Scorecard) -> None:
    assert card.axes["stage"] == STAGES
    assert card.axes["segment"] == SEGMENTS
    assert card.cells.value.shape == (2, 3, 2, 3)
    assert card.stages.value.shape == (2, 3, 3)
    assert card.total.value.shape == (2, 3)
    assert card.at(bucket=1, stage="fly", channel="chat", segment="new") == (1, 1, 0, 2)


def test_an_unknown_name_is_an_error_that_lists_the_known(card: Scorecard) -> None:
    with pytest.raises(KeyError, match=r"loyalty.*book, fly, service"):
        card.at(stage="loyalty")


def test_a_cell_is_made_of_its_own_rows() -> None:
    table = rows(metrics=("csat10",))
    card = scorecard(table)
    for i in range(len(table["n"])):
        at = card.at(**{axis: table[axis][i] for axis in ("bucket", "stage", "channel", "segment")})
        own = bounded_mean(*(float(table[column][i]) for column in ("w", "w2", "m1", "m2")))
        assert card.cells.value[at] == pytest.approx(own.value)
        assert card.cells.low[at] == pytest.approx(own.low)


def test_a_stage_is_made_of_cases_and_not_of_its_channels_marks() -> None:
    table = rows(metrics=("csat10",))
    card = scorecard(table)
    own = (table["bucket"] == 0) & (table["stage"] == "book") & (table["segment"] == "")
    expected = table["m1"][own].sum() / table["w"][own].sum()
    assert card.stages.value[card.at(bucket=0, stage="book", segment="")] == pytest.approx(expected)


def test_segments_are_never_summed() -> None:
    table = rows(metrics=("csat10",))
    without = {key: column[table["segment"] != "new"] for key, column in table.items()}
    full, part = scorecard(table), scorecard(without)
    assert full.total.value[0, 0] == part.total.value[0, 0]


def test_everyone_stands_on_the_card_even_when_no_row_does() -> None:
    table = rows()
    only = {key: column[table["segment"] == "new"] for key, column in table.items()}
    card = scorecard(only)
    assert card.axes["segment"] == ("", "new")
    assert np.isnan(card.cells.value[..., 0]).all()


def test_days_and_bins_of_a_cell_add_up() -> None:
    table = {key: 10 * column if key in COLUMNS else column for key, column in rows(weeks=1).items()}  # all of it counts
    twice = {key: np.concatenate([column, column]) for key, column in table.items()}
    once, double = scorecard(table), scorecard(twice)
    assert double.cells.value == pytest.approx(once.cells.value)
    assert double.cells.n == pytest.approx(2 * once.cells.n)


def test_a_given_order_is_kept_and_other_names_are_left_out() -> None:
    card = scorecard(rows(), axes={"stage": ("service", "book"), "channel": CHANNELS})
    assert card.axes["stage"] == ("service", "book")
    assert card.cells.value.shape[1] == 2


def test_borrowed_values_lie_between_a_cell_and_its_siblings(card: Scorecard) -> None:
    raw, drawn = card.stages.value[:, :, 0], card.shrunk_stages[:, :, 0]
    assert (drawn >= raw.min(1, keepdims=True) - 1e-9).all()
    assert (drawn <= raw.max(1, keepdims=True) + 1e-9).all()
    assert np.abs(card.shrunk_cells - card.cells.value).max() > 0


def test_verdict_values_stay_raw(card: Scorecard) -> None:
    again = scorecard(rows())
    assert np.array_equal(card.cells.value, again.cells.value)
    assert not np.array_equal(card.cells.value, card.shrunk_cells)


def test_every_level_is_a_number_with_evidence(card: Scorecard) -> None:
    for level in (card.cells, card.stages, card.total):
        assert (level.low <= level.value + 1e-9).all() and (level.value <= level.high + 1e-9).all()
        assert set(np.unique(level.status)) <= {"solid", "indicative", "too_few"}


def test_the_sums_go_along_for_what_else_is_asked(card: Scorecard) -> None:
    assert card.sums.names == ("csat10", "sentiment", "wait")
    assert set(COLUMNS) == {"n", "w", "w2", "m1", "m2", "v"}
    assert float(card.sums.n.sum()) == float(rows()["n"].sum())


def test_codes_point_into_their_order() -> None:
    found, names = codes(np.array(["b", "a", "c"], dtype=object), ("a", "b"))
    assert found.tolist() == [1, 0, -1]
    assert names == ("a", "b")


def test_no_rows_make_an_empty_card() -> None:
    empty = {key: column[:0] for key, column in rows().items()}
    card = scorecard(empty, axes={"bucket": (1,), "stage": STAGES, "channel": CHANNELS})
    assert np.isnan(card.cells.value).all()
    assert (card.cells.status == "too_few").all()
