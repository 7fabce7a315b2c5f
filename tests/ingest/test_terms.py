from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from connectors.base import Capabilities
from ingest.sources import configured
from ingest.terms import Terms, parted

PROPOSED = Capabilities("stream", 60, items_per_month=10_000, verify_every_h=24)


def test_what_is_not_set_is_as_the_connector_proposes():
    terms = Terms().within(PROPOSED)
    assert (terms.budget.items_per_month, terms.verify_every_h) == (10_000, 24)


def test_what_is_set_wins_also_when_it_is_no_limit():
    terms = Terms(budget={"items_per_month": 0, "calls_per_hour": 5}, verify_every_h=6).within(PROPOSED)
    assert (terms.budget.items_per_month, terms.budget.calls_per_hour, terms.verify_every_h) == (0, 5, 6)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-03-01", datetime(2027, 3, 1, 23, 59, 59, tzinfo=UTC)),
        (datetime(2027, 3, 1).date(), datetime(2027, 3, 1, 23, 59, 59, tzinfo=UTC)),
        ("2027-03-01T10:00:00+02:00", datetime(2027, 3, 1, 8, tzinfo=UTC)),
        ("2027-03-01T10:00:00", datetime(2027, 3, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_day_lasts_until_its_end_and_a_moment_is_in_utc(written, meant):
    assert Terms(secret_expires=written).secret_expires == meant


@pytest.mark.parametrize("wrong", [{"secret_expires": "1 maart"}, {"budget": {"posts": 3}}, {"budget": {"calls_per_hour": -1}}])
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(ValidationError):
        Terms(**wrong)


def test_terms_and_the_connectors_own_options_are_told_apart():
    assert parted({"rules": ["a"], "verify_days": 3}) == ({"verify_days": 3}, {"rules": ["a"]})


def test_they_stand_in_the_table_of_the_source(tmp_path, chosen):
    file = tmp_path / "sources.toml"
    file.write_text('[x]\nrules = ["a"]\nbudget = { calls_per_hour = 7 }\nsecret_expires = 2027-03-01\n', encoding="utf8")
    sources = {source.name: source for source in configured(chosen, environ={"KLANTBLIK_SOURCE_X_TOKEN": "s"}, file=file)}
    terms = sources["x"].terms
    assert sources["x"].fault == "" and sources["x"].expires == datetime(2027, 3, 1, 23, 59, 59, tzinfo=UTC)
    assert (terms.budget.calls_per_hour, terms.budget.items_per_month, terms.verify_every_h) == (7, 10_000, 24)


def test_the_end_of_a_secret_may_stand_in_the_environment_beside_it(tmp_path, chosen):
    file = tmp_path / "sources.toml"
    file.write_text('[x]\nrules = ["a"]\n', encoding="utf8")
    environ = {"KLANTBLIK_SOURCE_X_TOKEN": "s", "KLANTBLIK_SOURCE_X_SECRET_EXPIRES": "2027-03-01"}
    source = next(each for each in configured(chosen, environ=environ, file=file) if each.name == "x")
    assert source.expires == datetime(2027, 3, 1, 23, 59, 59, tzinfo=UTC)


def test_a_term_that_does_not_fit_is_the_sources_fault_and_stops_no_other(tmp_path, chosen):
    file = tmp_path / "sources.toml"
    file.write_text('[x]\nrules = ["a"]\nbudget = { posts = 3 }\n[files]\nfolder = "in"\nmapping = "text=a"\n', encoding="utf8")
    sources = {source.name: source for source in configured(chosen, environ={"KLANTBLIK_SOURCE_X_TOKEN": "s"}, file=file)}
    assert "budget.posts" in sources["x"].fault and sources["files"].fault == ""
