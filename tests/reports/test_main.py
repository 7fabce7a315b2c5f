"""`python -m reports week`: the arguments, and what an empty store says."""

import argparse

import pytest

from reports.__main__ import main, parse_week
from store.engine import open_store, prepare


@pytest.mark.parametrize(("text", "week"), [("2026-W47", 202647), ("2026W07", 202607), ("202653", 202653)])
def test_a_week_is_read_as_people_write_it(text, week):
    assert parse_week(text) == week


@pytest.mark.parametrize("text", ["47", "2026-W54", "2026-W00", "last", "2026-11-22"])
def test_what_is_no_week_is_refused_by_name(text):
    with pytest.raises(argparse.ArgumentTypeError, match="2026-W47"):
        parse_week(text)


def test_an_empty_store_says_what_to_do(tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/empty.db"
    prepare(open_store(url, writer=True))
    assert main(["week", "--out", str(tmp_path / "out"), "--store", url]) == 2
    assert "Import some first" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
