"""Webhooks: each vendor's own signature recomputed here, everything forged refused, and payloads as the vendors publish them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from connectors.base import AuthFault, BadRecord
from connectors.webhook import Config, Webhook
from tests.connectors.suite import fold

pytestmark = pytest.mark.faults

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = b"a-signing-key-of-32-bytes-length"
RAW = "whsec_" + base64.b64encode(KEY).decode()


def mac(message: bytes, key: bytes = KEY) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def generic(body, at=NOW, key=KEY):
    stamp = str(int(at.timestamp()))
    signature = base64.b64encode(mac(b"msg_1." + stamp.encode() + b"." + body, key)).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def chatwoot(body, at=NOW, key=KEY):
    stamp = str(int(at.timestamp()))
    signature = mac(stamp.encode() + b"." + body, key).hex()
    return {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={signature}", "X-Chatwoot-Delivery": "d-1"}


def zendesk(body, at=NOW, key=KEY):
    stamp = at.isoformat().replace("+00:00", "Z")
    signature = base64.b64encode(mac(stamp.encode() + body, key)).decode()
    names = ("X-Zendesk-Webhook-Signature-Timestamp", "X-Zendesk-Webhook-Signature", "X-Zendesk-Webhook-Invocation-Id")
    return dict(zip(names, (stamp, signature, "inv-1"), strict=True))


def whatsapp(body, at=NOW, key=KEY):
    return {"X-Hub-Signature-256": "sha256=" + mac(body, key).hex()}


def typeform(body, at=NOW, key=KEY):
    return {"Typeform-Signature": "sha256=" + base64.b64encode(mac(body, key)).decode()}


def slack(body, at=NOW, key=KEY):
    stamp = str(int(at.timestamp()))
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + mac(b"v0:" + stamp.encode() + b":" + body, key).hex(),
    }


SIGNERS = {
    "generic": generic,
    "chatwoot": chatwoot,
    "zendesk": zendesk,
    "whatsapp": whatsapp,
    "typeform": typeform,
    "slack": slack,
}
TIMED = ("generic", "chatwoot", "zendesk", "slack")
BODY = b'{"event_id": "Ev1", "id": "1", "at": "2026-03-02T08:00:00Z", "text": "Traag"}'


def config(preset, **more):
    return Config(preset=preset, secrets=(KEY.decode(),), **more)


@pytest.mark.parametrize("preset", SIGNERS)
class TestSignatures:
    def test_its_own_delivery_is_let_in(self, preset):
        assert Webhook().authenticate(config(preset), SIGNERS[preset](BODY), BODY, NOW)

    def test_altered_forged_or_without_header_is_refused(self, preset):
        headers = SIGNERS[preset](BODY)
        for body, given in (
            (BODY.replace(b"Traag", b"Snel!"), headers),
            (BODY, SIGNERS[preset](BODY, key=b"another-key-of-the-same-length!!")),
            (BODY, {}),
            *((BODY, {name: value for name, value in headers.items() if name != left_out}) for left_out in headers),
            *((BODY, {**headers, name: ""}) for name in headers),
            *(
                (BODY, {**headers, name: "éé\u2028"})
                for name in headers
                if "delivery" not in name.lower() and "id" not in name.lower()
            ),
        ):
            with pytest.raises(AuthFault):
                Webhook().authenticate(config(preset), given, body, NOW)

    def test_the_case_of_a_header_does_not_matter(self, preset):
        headers = {name.swapcase(): value for name, value in SIGNERS[preset](BODY).items()}
        assert Webhook().authenticate(config(preset), headers, BODY, NOW)

    def test_old_and_future_deliveries_are_refused_where_the_time_is_signed(self, preset):
        for away in (timedelta(minutes=6), timedelta(minutes=-6)):
            headers = SIGNERS[preset](BODY, at=NOW + away)
            if preset in TIMED:
                with pytest.raises(AuthFault, match="clock"):
                    Webhook().authenticate(config(preset), headers, BODY, NOW)
            else:
                assert Webhook().authenticate(config(preset), headers, BODY, NOW)

    def test_a_key_is_replaced_without_losing_a_delivery(self, preset):
        both = Config(preset=preset, secrets=("the-new-key-of-the-source-123456", KEY.decode()))
        assert Webhook().authenticate(both, SIGNERS[preset](BODY), BODY, NOW)

    def test_a_delivery_says_its_id_again_when_it_comes_again(self, preset):
        first = Webhook().authenticate(config(preset), SIGNERS[preset](BODY), BODY, NOW)
        later = SIGNERS[preset](BODY, at=NOW + timedelta(minutes=2))
        assert Webhook().authenticate(config(preset), later, BODY, NOW) == first

    def test_nothing_is_read_before_the_signature_is_right(self, preset, monkeypatch):
        monkeypatch.setattr(Webhook, "events", lambda *_: pytest.fail("read before it was authenticated"))
        with pytest.raises(AuthFault):
            Webhook().accept(config(preset), {}, b"[" * 100_000, NOW)

    def test_a_body_that_is_none_of_its_shapes_is_a_bad_record(self, preset):
        for body in (
            b"",
            b"{",
            b"null",
            b"[" * 100_000,
            b'{"event": "message_created"}',
            b'{"type": "zen:event-type:ticket.created"}',
            b'{"id": NaN}',
            b'{"entry": 3}',
            b'{"type": "event_callback", "event": {"type": "message"}}',
        ):
            try:
                found = Webhook().events(config(preset), {}, body)
            except BadRecord as bad:
                assert bad.raw == body
            else:
                assert found == []


def test_the_comparison_takes_constant_time(monkeypatch):
    """Every key is compared with every signature, by hmac.compare_digest and nothing else."""
    compared = []
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or a == b)
    two = Config(secrets=(KEY.decode(), "the-new-key-of-the-source-123456"))
    headers = generic(BODY)
    headers["webhook-signature"] = "v1,AAAA " + headers["webhook-signature"] + " v2,BBBB"
    Webhook().authenticate(two, headers, BODY, NOW)
    assert len(compared) == 4


def test_the_vector_of_standard_webhooks():
    """The example of standardwebhooks.com."""
    key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}
    headers["webhook-signature"] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    at = datetime.fromtimestamp(1614265330, UTC)
    assert Webhook().authenticate(Config(secrets=(key,)), headers, body, at) == headers["webhook-id"]


def test_the_vector_of_slack():
    """The example of Slack's own documentation."""
    parts = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar",
        b"user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=",
        b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN",
        b"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    )
    body = b"&".join(parts)
    from connectors.presets.signing import signed, unhex

    offered = unhex("a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
    signed(b"v0:1531420618:" + body, Config(secrets=("8f742231b10e8888abcd99yyyzzz85a5",)).secrets, [offered])


def test_a_secret_never_shows_and_never_is_short():
    shown = repr(config("generic")) + str(config("generic").model_dump())
    assert KEY.decode() not in shown
    with pytest.raises(ValidationError) as fault:
        Config(secrets=("kort",))
    assert "8 bytes" in str(fault.value)
    assert len(Config(secrets="first-key-123 second-key-456").secrets) == 2


def read(preset, *payloads, **more):
    """The events of payloads, the same in every order in which they may arrive."""
    settings = config(preset, **more)
    bodies = [json.dumps(payload).encode() for payload in payloads]
    found = [event for body in bodies for event in Webhook().accept(settings, SIGNERS[preset](body), body, NOW)]
    orders = (
        list(itertools.permutations(bodies))
        if len(bodies) < 5
        else [random.Random(n).sample(bodies, len(bodies)) for n in range(30)]
    )
    for order in orders:
        again = [event for body in (*order, order[0]) for event in Webhook().events(settings, {}, body)]
        assert fold(again) == fold(found)
    return fold(found), found


def facts(folded):
    told_facts = {key[1].rpartition("/")[2]: told for key, told in folded.items() if key[0] == "facts"}
    return {name: {metric: value for metric, value, _ in told[2]} or told[3] for name, told in told_facts.items()}


def test_generic_records_one_many_and_mapped():
    one = {
        "id": "1",
        "at": "2026-03-02T08:00:00+01:00",
        "text": "Traag",
        "readings": {"csat": 2},
        "stage": "service",
        "segments": "new;critical",
    }
    _, (event,) = read("generic", one)
    assert event.said.readings[0].value == 2 and event.said.segments == ("critical", "new") and event.said.channel == "web"
    _, found = read("generic", {"events": [one, {**one, "id": "2", "op": "delete", "version": 9}]})
    assert [(each.op, each.version) for each in found] == [("upsert", 1772434800000), ("delete", 9)]
    mapped = {"id": "klacht.nr", "at": "datum", "text": "tekst", "metrics": {"nps": "cijfer"}}
    _, (event,) = read("generic", [{"klacht": {"nr": 7}, "datum": 1772438400, "tekst": "Te laat", "cijfer": "3"}], fields=mapped)
    assert event.external_id == "7" and event.said.readings[0].metric == "nps"


@pytest.mark.parametrize(
    "record, why",
    [
        ({"at": "2026-03-02"}, "id"),
        ({"id": "1", "at": "morgen"}, "time"),
        ({"id": "1", "at": "2026-03-02", "readings": {"csat": "veel"}}, "csat"),
        ({"id": "1", "at": "9999-12-31"}, "year"),
        ({"id": "1", "at": "2026-03-02", "text": {"a": 1}}, "text"),
        ("tekst", "object"),
        ({"id": "1", "at": "2026-03-02", "text": "x" * 100_001}, "100001"),
        ({"id": "1", "at": "2026-03-02", "version": -1}, "version"),
    ],
)
def test_a_bad_record_says_which_field_and_what_was_expected(record, why):
    body = json.dumps(record).encode()
    with pytest.raises(BadRecord, match=why):
        Webhook().accept(config("generic"), generic(body), body, NOW)


TALK = {
    "id": 5,
    "inbox_id": 12,
    "channel": "Channel::WebWidget",
    "status": "open",
    "created_at": 1772438400,
    "updated_at": 1772438400.5,
    "first_reply_created_at": None,
    "meta": {"sender": {"id": 9}, "assignee": None},
}
ASKED = {
    "event": "message_created",
    "id": 1,
    "content": "<p>Waar blijft mijn <b>koffer</b>?</p>",
    "message_type": "incoming",
    "private": False,
    "content_type": "text",
    "created_at": "2026-03-02T08:00:00.000Z",
    "conversation": TALK,
}
REPLIED = {**TALK, "first_reply_created_at": "2026-03-02T08:00:40.000Z", "updated_at": 1772438440.5}


def change(name, before, after):
    return [{name: {"previous_value": before, "current_value": after}}]


def test_chatwoot_a_whole_conversation_in_any_order():
    answer = {**ASKED, "id": 2, "message_type": "outgoing", "conversation": REPLIED}
    moved = {**REPLIED, "event": "conversation_updated", "changed_attributes": change("team_id", 1, 2)}
    closed = {
        **REPLIED,
        "event": "conversation_status_changed",
        "status": "resolved",
        "changed_attributes": change("status", "open", "resolved"),
    }
    folded, found = read("chatwoot", ASKED, answer, moved, closed, stages={"12": "service"})
    assert facts(folded) == {
        "answer": {"wait": 40},
        "abandoned": {"abandoned": 0},
        "transferred": {"transferred": 1},
        "resolved_first": {"resolved_first": 1},
        "reopened": {"reopened": 0},
    }
    words = [event for event in found if event.stream == "messages"]
    assert words[0].said.text == "Waar blijft mijn koffer?" and words[0].said.stage == "service" and words[0].said.case == "5"
    assert not any("Waarmee" in (event.said.text or "") for event in found if event.said)


def test_chatwoot_reopened_abandoned_deleted_and_rated():
    back = {
        **REPLIED,
        "event": "conversation_status_changed",
        "status": "open",
        "changed_attributes": change("status", "resolved", "open"),
    }
    closed = {**REPLIED, "event": "conversation_resolved", "status": "resolved"}
    assert facts(read("chatwoot", closed, back)[0])["resolved_first"] == {"resolved_first": 0}
    alone = {**TALK, "event": "conversation_status_changed", "status": "resolved"}
    assert facts(read("chatwoot", ASKED, alone)[0])["abandoned"] == {"abandoned": 1}
    email = {**TALK, "channel": "Channel::Email"}
    assert facts(read("chatwoot", {**ASKED, "conversation": email})[0])["answer"] == ("first_response",)
    gone = {**ASKED, "event": "message_updated", "content_attributes": {"deleted": True}}
    folded, _ = read("chatwoot", ASKED, gone)
    assert folded[("messages", "1")][0] == "delete"
    rating = {"submitted_values": {"csat_survey_response": {"rating": 2, "feedback_message": "Duurde lang"}}}
    rated = {
        **ASKED,
        "event": "message_updated",
        "id": 8,
        "message_type": "template",
        "content_type": "input_csat",
        "content_attributes": rating,
    }
    folded, found = read("chatwoot", rated)
    assert facts(folded)["csat"] == {"csat": 2} and any(event.said.text == "Duurde lang" for event in found if event.said)


def test_chatwoot_says_nothing_of_notes_and_other_kinds():
    assert read("chatwoot", {**ASKED, "private": True})[1] == []
    assert read("chatwoot", {"event": "contact_created", "id": 3})[1] == []


TICKET = {
    "id": "35",
    "created_at": "2026-03-02T08:00:00Z",
    "requester_id": "70",
    "group_id": "4",
    "form_id": "6",
    "status": "NEW",
    "subject": "Koffer kwijt",
    "description": "Al drie dagen.",
    "via": {"channel": "email"},
}


def ticket(kind, at="2026-03-02T08:30:00Z", detail=TICKET, **event):
    return {"type": f"zen:event-type:ticket.{kind}", "id": "x", "time": at, "detail": detail, "event": event}


def comment(id, staff=False, public=True):
    return {"comment": {"id": id, "body": "Nog niets gehoord", "is_public": public, "author": {"id": "1", "is_staff": staff}}}


def test_zendesk_a_whole_ticket_in_any_order():
    story = [
        ticket("created"),
        ticket("comment_added", **comment("1", staff=True, public=False)),
        ticket("comment_added", at="2026-03-02T09:00:00Z", **comment("2", staff=True)),
        ticket("comment_added", at="2026-03-02T09:30:00Z", **comment("3", staff=True)),
        ticket("comment_added", at="2026-03-02T09:10:00Z", **comment("4")),
        ticket("group_assignment_changed", previous="4", current="5"),
        ticket("status_changed", previous="OPEN", current="SOLVED"),
        ticket("status_changed", previous="SOLVED", current="OPEN"),
    ]
    folded, _ = read("zendesk", *story, stages={"4": "service"})
    assert facts(folded) == {
        "answer": {"first_response": 3600},
        "transferred": {"transferred": 1},
        "resolved_first": {"resolved_first": 0},
        "reopened": {"reopened": 1},
    }
    assert folded[("comments", "35/description")][1] == "Koffer kwijt\nAl drie dagen."
    assert folded[("comments", "4")][1] == "Nog niets gehoord" and ("comments", "1") not in folded


def test_zendesk_ratings_redactions_and_deletes():
    assert facts(read("zendesk", ticket("csat_received", rating=4))[0]) == {"csat": {"csat": 4}}
    assert facts(read("zendesk", ticket("satisfaction_rating_changed", current="bad_with_comment"))[0]) == {"csat": {"csat": 1}}
    assert facts(read("zendesk", ticket("satisfaction_rating_changed", current="offered"))[0]) == {}
    gone = ticket("comment_redacted", **comment("4"))
    assert read("zendesk", ticket("comment_added", **comment("4")), gone)[0][("comments", "4")][0] == "delete"
    assert read("zendesk", ticket("created"), ticket("soft_deleted"))[0][("comments", "35/description")][0] == "delete"
    assert read("zendesk", ticket("tags_changed", added=["vip"]))[1] == []


def test_whatsapp_messages_and_its_challenge():
    said = [
        {
            "from": "31612345678",
            "id": "wamid.1",
            "timestamp": "1772438400",
            "type": "text",
            "text": {"body": "Waar is mijn pakket?"},
        },
        {
            "from": "31612345678",
            "id": "wamid.2",
            "timestamp": "1772438460",
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "a", "title": "Retour"}},
        },
    ]
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "555"}, "messages": said}
    statuses = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "555"},
        "statuses": [{"id": "wamid.0", "status": "read"}],
    }
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}, {"field": "messages", "value": statuses}]}]
    _, found = read("whatsapp", {"object": "whatsapp_business_account", "entry": entry}, stages={"555": "service"})
    assert [event.said.text for event in found] == ["Waar is mijn pakket?", "Retour"] and found[0].said.stage == "service"
    ours = config("whatsapp", verify_token="our-own-word")
    question = {"hub.mode": "subscribe", "hub.verify_token": "our-own-word", "hub.challenge": "1158201444"}
    assert Webhook().handshake(ours, question, {}, b"") == "1158201444"
    with pytest.raises(AuthFault):
        Webhook().handshake(ours, {**question, "hub.verify_token": "guess"}, {}, b"")
    with pytest.raises(AuthFault):
        Webhook().handshake(config("whatsapp"), {**question, "hub.verify_token": ""}, {}, b"")
    assert Webhook().handshake(ours, {}, {}, b"{}") is None


def test_typeform_marks_and_words():
    answers = [
        {"type": "number", "number": 9, "field": {"id": "f1", "type": "nps", "ref": "aanbevelen"}},
        {"type": "number", "number": 4, "field": {"id": "f2", "type": "rating", "ref": "tevreden"}},
        {"type": "text", "text": "Prima geholpen", "field": {"id": "f3", "type": "long_text", "ref": "waarom"}},
        {"type": "boolean", "boolean": True, "field": {"id": "f4", "type": "yes_no", "ref": "opgelost"}},
        {"type": "choice", "choice": {"label": "6"}, "field": {"id": "f5", "type": "multiple_choice", "ref": "gemak"}},
    ]
    fields = [{"id": each["field"]["id"], "type": each["field"]["type"]} for each in answers]
    response = {
        "form_id": "frm",
        "token": "tok1",
        "submitted_at": "2026-03-02T08:00:00Z",
        "definition": {"fields": fields},
        "answers": answers,
        "hidden": {"customer": "c7"},
    }
    metrics = {"tevreden": "csat", "opgelost": "resolved_first", "gemak": "ces"}
    _, (event,) = read(
        "typeform",
        {"event_id": "Ev", "event_type": "form_response", "form_response": response},
        metrics=metrics,
        stages={"frm": "fly"},
    )
    assert {r.metric: r.value for r in event.said.readings} == {"nps": 9, "csat": 4, "resolved_first": 1, "ces": 6}
    assert event.said.text == "Prima geholpen" and event.said.stage == "fly" and event.said.author == "c7"


def test_slack_words_answers_edits_deletes_and_its_challenge():
    def told(**event):
        return {
            "type": "event_callback",
            "event_id": "Ev1",
            "event_time": 1772440000,
            "event": {"type": "message", "channel": "C1", **event},
        }

    asked = told(user="U1", text="De app hangt", ts="1772438400.000100")
    reply = told(user="U9", text="Kijk ik na", ts="1772438460.000200", thread_ts="1772438400.000100")
    later = told(user="U9", text="Opgelost", ts="1772439000.000300", thread_ts="1772438400.000100")
    edit = told(
        subtype="message_changed",
        message={"user": "U1", "text": "De app hangt weer", "ts": "1772438400.000100", "edited": {"ts": "1772438500.0"}},
    )
    folded, _ = read("slack", asked, reply, later, edit, staff=("U9",), stages={"C1": "service"})
    assert facts(folded)["answer"] == {"first_response": 60.0}
    assert folded[("messages", "C1/1772438400.000100")][1] == "De app hangt weer"
    gone = told(subtype="message_deleted", deleted_ts="1772438400.000100")
    assert read("slack", asked, gone)[0][("messages", "C1/1772438400.000100")][0] == "delete"
    assert (
        read("slack", told(bot_id="B1", text="x", ts="1772438400.1"), told(subtype="channel_join", user="U1", ts="1772438400.2"))[
            1
        ]
        == []
    )
    assert Webhook().handshake(config("slack"), {}, {}, b'{"type": "url_verification", "challenge": "3eZbrw1a"}') == "3eZbrw1a"
