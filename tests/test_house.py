"""The house rules that a machine can check: sizes, docstrings, broad excepts, and the ways by which text could become HTML."""

import ast
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FUNCTION, LONGEST_FILE = 40, 300
FORBIDDEN_NAMES = {"utils", "helpers", "common"}
# One broad except per process loop; each stands here with its reason.
PROCESS_LOOPS = {
    "ingest/runner.py": "one connector's fall never stops another",
    "ingest/jobs.py": "one job's fall never stops the next",
    "pages/wall/live.py": "one bad frame never darkens the wall",
    "pages/fault.py": "a page's own mistake ends in a sentence, not in a traceback",
    "connectors/aside.py": "a call's fault is carried to the thread that waits for it, and raised there",
}
# The page's frame hands HTML to the browser: texts of ours, and the company's name escaped (tests/pages/test_visit.py).
HTML_DRAWERS = {"pages/visit.py"}


@lru_cache
def sources():
    """Every Python file of the product (not tests, not benchmarks), parsed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    files = [Path(name) for name in listed if not name.startswith(("tests/", "benchmarks/")) and (ROOT / name).exists()]
    return {str(file): ast.parse((ROOT / file).read_text(encoding="utf8")) for file in files}


def functions():
    for file, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def length(node):
    """Lines of a function without its docstring: words of explanation do not count against it."""
    doc = ast.get_docstring(node, clean=False)
    return (node.end_lineno or node.lineno) - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)


def test_no_function_is_longer_than_forty_lines():
    assert [f"{file}:{n.lineno} {n.name} {length(n)}" for file, n in functions() if length(n) > LONGEST_FUNCTION] == []


def test_nearly_all_functions_are_short():
    lengths = sorted(length(node) for _, node in functions())
    assert lengths[int(len(lengths) * 0.95)] <= 25


def test_no_file_is_longer_than_three_hundred_lines():
    def lines(file):
        return sum(1 for line in (ROOT / file).read_text(encoding="utf8").splitlines() if line.strip())

    assert [f"{file} {lines(file)}" for file in sources() if lines(file) > LONGEST_FILE] == []


def test_every_public_function_says_what_it_gives():
    missing = [
        f"{file}:{node.lineno} {node.name}"
        for file, tree in sources().items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert missing == []


def test_every_file_says_what_it_is():
    empty_allowed = [file for file, tree in sources().items() if not tree.body]
    assert [file for file, tree in sources().items() if not ast.get_docstring(tree) and file not in empty_allowed] == []


def is_broad(handler):
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"})


def test_a_broad_except_stands_only_in_a_process_loop_and_once():
    found = [file for file, tree in sources().items() for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler) and is_broad(n)]
    assert sorted(set(found) - set(PROCESS_LOOPS)) == []
    assert len(found) == len(set(found)), found


def test_no_file_is_a_drawer_for_everything():
    assert [file for file in sources() if FORBIDDEN_NAMES & set(Path(file).with_suffix("").parts)] == []


def calls(tree, name):
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == name]


def test_html_reaches_the_browser_through_one_door():
    guilty = []
    for file, tree in sources().items():
        if file in HTML_DRAWERS:
            continue
        guilty += [f"{file}:{n.lineno} html" for n in calls(tree, "html")]
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
                guilty.append(f"{file}:{node.value.lineno} unsafe_allow_html")
    assert guilty == []


@pytest.mark.parametrize("module", ["pickle", "marshal", "shelve"])
def test_nothing_is_read_from_a_format_that_can_run_code(module):
    for file, tree in sources().items():
        names = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        assert module not in names, file


def test_no_path_of_one_machine_is_committed():
    listed = subprocess.run(
        ["git", "grep", "-lE", r"/root/|/work/(main|shared)|/home/[a-z]+/"], cwd=ROOT, capture_output=True, text=True
    )
    assert [file for file in listed.stdout.split() if file != "tests/test_house.py"] == []
