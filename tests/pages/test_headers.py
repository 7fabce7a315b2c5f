"""Every HTTP answer carries the policy; nothing may load from outside."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.headers import FIXED, SecurityHeaders, policy


def client():
    async def page(_):
        return PlainTextResponse("x")

    async def own(_):
        return PlainTextResponse("x", headers={"referrer-policy": "origin"})

    routes = [Route("/", page), Route("/own", own)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)]))


def test_every_answer_carries_the_headers():
    for path in ("/", "/missing"):
        headers = client().get(path).headers
        assert headers["content-security-policy"] == policy()
        assert all(headers[name] == value for name, value in FIXED.items())


def test_a_route_may_set_a_header_of_its_own():
    assert client().get("/own").headers["referrer-policy"] == "origin"


def test_the_policy_names_no_outside_host_and_no_inline_script():
    rules = dict(rule.strip().split(" ", 1) for rule in policy().split(";"))
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "sha256-" in rules["script-src"]
    assert not any(word in policy() for word in ("http:", "https:", "*", "ws:", "wss:"))
    assert rules["object-src"] == "'none'"
