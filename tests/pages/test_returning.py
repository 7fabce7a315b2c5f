"""A link survives the sign-in, and never leads out of Klantblik."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.returning import COOKIE, LONGEST, Returning, is_ours

PAGE = {"accept": "text/html,*/*", "sec-fetch-dest": "document"}


def callback(request):
    answer = RedirectResponse("/", status_code=302)
    if "failed" not in request.query_params:
        answer.set_cookie("_streamlit_user", "signed")
    return answer


@pytest.fixture
def client():
    routes = [Route("/oauth2callback", callback), Route("/{rest:path}", lambda request: PlainTextResponse("page"))]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Returning)]), follow_redirects=False)


def test_the_page_that_was_asked_for_is_where_the_sign_in_ends(client):
    client.get("/week?lang=nl&week=2026-W47&segment=new%20customers", headers=PAGE)
    answer = client.get("/oauth2callback?code=1")
    assert answer.headers["location"] == "/week?lang=nl&week=2026-W47&segment=new%20customers"
    assert COOKIE not in client.cookies
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"


def test_a_sign_in_that_failed_ends_on_the_first_page(client):
    client.get("/week", headers=PAGE)
    assert client.get("/oauth2callback?failed=1").headers["location"] == "/"
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/_stcore/health", PAGE),
        ("/wall", PAGE),
        ("/auth/login", PAGE),
        ("/static/js/x.js", PAGE),
        ("/week", {"accept": "application/json"}),
        ("/week", PAGE | {"sec-fetch-dest": "empty"}),
        ("/week", PAGE | {"cookie": "_streamlit_user=signed"}),
        ("/week?x=" + "a" * LONGEST, PAGE),
    ],
)
def test_only_pages_of_people_who_must_sign_in_are_remembered(client, path, headers):
    assert COOKIE not in client.get(path, headers=headers).cookies


@pytest.mark.parametrize(
    "address", ["", "week", "//evil.example", "/\\evil.example", "https://evil.example", "/week\nx", "/a\\b"]
)
def test_an_address_outside_is_not_followed(client, address):
    assert not is_ours(address)
    client.cookies.set(COOKIE, address.replace("\n", "%0A").replace("\\", "%5C").replace("/", "%2F").replace(":", "%3A"))
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"


def test_other_answers_pass_as_they_are(client):
    assert client.post("/week", headers=PAGE).text == "page" or client.post("/week", headers=PAGE).status_code == 405
    assert client.get("/week", headers=PAGE).text == "page"
