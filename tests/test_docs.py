"""The docs under test: every verb, setting, connector and make target is mentioned, and every link leads somewhere."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def everything():
    return "\n".join(page.read_text(encoding="utf8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    targets = [target for target in LINK.findall(page.read_text(encoding="utf8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_verb_of_the_operator_is_explained():
    out = subprocess.run([sys.executable, "-m", "ingest", "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    verbs = re.search(r"\{([a-z0-9,-]+)\}", out).group(1).split(",")
    text = everything()
    assert len(verbs) > 5
    assert [verb for verb in verbs if f"ingest {verb}" not in text] == []


def test_every_setting_is_explained_where_it_stands():
    lines = (ROOT / "config" / "settings.toml").read_text(encoding="utf8").splitlines()
    keys = [key for section in tomllib.loads("\n".join(lines)).values() for key in section]
    text = everything() + "\n".join(line for line in lines if "#" in line)
    assert [key for key in keys if key not in text] == []


def test_every_connector_has_a_page():
    from connectors import CONNECTORS

    pages = {page.stem for page in (ROOT / "docs" / "connectors").glob("*.md")}
    assert sorted(set(CONNECTORS) - pages) == []


def test_every_make_target_has_its_line_of_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split()
    assert [name for name in phony if not re.search(rf"^{name}:.*## ", makefile, re.MULTILINE)] == []


def test_the_docs_speak_only_of_the_product():
    assert re.findall(r"\.\./shared|/work/|issue \d", everything()) == []


def test_each_line_of_the_changelog_is_one_line():
    lines = [line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf8").splitlines() if line.startswith("- ")]
    assert lines
    assert [line for line in lines if len(line) > 200] == []
