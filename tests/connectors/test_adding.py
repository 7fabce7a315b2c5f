"""The example of docs/connectors/adding.md is a connector: the shared suite says so. And every example of the docs is valid."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from connectors import CONNECTORS
from ingest.sources import source_of
from tests.connectors.rigs import HTTP, SECRET, HttpRig
from tests.connectors.suite import CHECKS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "connectors"


@pytest.fixture(scope="module")
def reviews(tmp_path_factory):
    code = re.search(r"```python\n(.*?)```", (DOCS / "adding.md").read_text(encoding="utf8"), re.DOTALL).group(1)
    path = tmp_path_factory.mktemp("adding") / "reviews_of_the_docs.py"
    path.write_text(code, encoding="utf8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert len(code.splitlines()) <= 95, "about eighty lines, the docs promise"
    return module


class ReviewsRig(HttpRig):
    name, moods = "reviews", HTTP
    module = None

    def __init__(self, tmp_path):
        self.connector, self.rows = self.module.Reviews(), []
        super().__init__(tmp_path)

    def options(self, url):
        return {"url": url, "key": SECRET}

    def answer(self, request):
        return [row for row in self.rows if row["seq"] > int(request.query["after"])][:3]

    def _row(self, id, text, gone=False):
        seq = len(self.rows) + 1
        self.rows.append({"seq": seq, "id": id, "stars": 4, "text": text, "at": self.tick().isoformat(), "gone": gone})
        self.said[id] = None if gone else text

    post = edit = _row

    def remove(self, id):
        self._row(id, "", gone=True)

    def spoil(self):
        self.rows.append({"seq": len(self.rows) + 1, "id": "bad", "stars": "veel"})


@pytest.mark.parametrize("name", CHECKS)
def test_the_example_passes_the_suite(reviews, name, tmp_path):
    ReviewsRig.module = reviews
    rig = ReviewsRig(tmp_path)
    try:
        CHECKS[name](rig, tmp_path)
    except AssertionError as fault:
        if not str(fault).startswith("skip:"):
            raise
        pytest.skip(str(fault).splitlines()[0])
    finally:
        rig.close()


@pytest.mark.parametrize("name", sorted(set(CONNECTORS) - {"files", "sample"}))
def test_the_example_of_each_page_is_valid_and_its_secrets_come_from_the_environment(name):
    page = (DOCS / f"{name}.md").read_text(encoding="utf8")
    tables = tomllib.loads(re.search(r"```toml\n(.*?)```", page, re.DOTALL).group(1))
    secrets = re.findall(r"^(KLANTBLIK_SOURCE_\w+)=…$", page, re.MULTILINE)
    value = "sqlite:///x.db" if name == "sql" else "a-secret-of-the-docs"
    for source, table in tables.items():
        made = source_of(source, table, dict.fromkeys(secrets, value))
        assert not made.fault and made.connector.name == name
        assert value not in repr(made.config) and json.dumps(table).count("secret") == 0


@pytest.mark.parametrize("name", sorted(set(CONNECTORS) - {"files", "sample"}))
def test_each_page_says_everything_in_both_languages(name):
    page = (DOCS / f"{name}.md").read_text(encoding="utf8")
    words = (
        "Wat het leest",
        "Rechten",
        "Zo krijgt u ze",
        "Kosten",
        "Niet voor",
        "What it reads",
        "Rights",
        "How to get them",
        "Cost",
        "Not for",
    )
    assert [word for word in words if f"**{word}.**" not in page] == []
