"""The seeded defects: each still fits its file, is still Python, and names a test that is there; `make mutants` runs them."""

import ast
import re

import pytest

from tests.mutants.__main__ import ROOT, Mutant, mutants


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.name)
def test_each_fits_and_names_a_test(mutant):
    seeded = mutant.seeded((ROOT / mutant.file).read_text(encoding="utf8"))
    ast.parse(seeded)
    file, _, name = mutant.test.partition("::")
    text = (ROOT / file).read_text(encoding="utf8")
    assert not name or re.search(rf"def {name.partition('[')[0]}\(", text)


def test_there_are_enough_and_no_two_alike():
    found = mutants()
    assert len({(mutant.file, mutant.old) for mutant in found}) == len(found) >= 10


def test_one_that_no_longer_fits_says_so():
    with pytest.raises(ValueError, match="found 0 times"):
        Mutant("gone", "a.py", "x = 1", "x = 2", "").seeded("y = 1")
