"""The page of faults under test: every row names tests that exist and are run as fault tests, and no fault test is missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf8")
ROWS = {cells[1].strip(): cells for line in PAGE.splitlines() if line.startswith("| F") and (cells := line.split("|"))}
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def marked(file: str) -> tuple[bool, set[str], set[str]]:
    """Whether all of a test file is a fault test, which of its tests are, and which tests it has."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf8"))
    whole = any("pytestmark" in ast.unparse(node) and "mark.faults" in ast.unparse(node) for node in tree.body)
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    own = {test.name for test in tests if any("mark.faults" in ast.unparse(each) for each in test.decorator_list)}
    return whole, own, {test.name for test in tests}


def fault_files() -> set[str]:
    files = [file for file in (ROOT / "tests").rglob("test_*.py") if "mark.faults" in file.read_text(encoding="utf8")]
    found = {str(file.relative_to(ROOT)) for file in files} - {"tests/test_faults.py"}
    return {file for file in found if any(marked(file)[:2])}


def test_every_fault_of_the_matrix_has_its_row():
    assert list(ROWS) == [f"F{n}" for n in range(1, 21)]


@pytest.mark.parametrize("fault", ROWS)
def test_a_row_is_whole_and_its_tests_are_run_as_fault_tests(fault):
    cells = [cell.strip() for cell in ROWS[fault][1:-1]]
    assert len(cells) == 6 and all(cells), "what happens, what is safe, what to do, and the proof"
    named = NAMED.findall(cells[5])
    assert named
    for file, test in named:
        whole, own, tests = marked(file)
        assert (test in tests or not test) and (whole or (test in own if test else own)), (file, test)


def test_every_file_with_fault_tests_stands_on_the_page():
    assert sorted(fault_files() - {file for file, _ in NAMED.findall(PAGE)}) == []


def test_each_fault_test_of_a_file_that_has_others_too_is_named():
    named = NAMED.findall(PAGE)
    missing = []
    for file in fault_files():
        whole, own, _ = marked(file)
        if not whole and (file, "") not in named:
            missing += [f"{file}::{test}" for test in own if (file, test) not in named]
    assert missing == []
