"""The connectors there are: name -> "module:Class", imported when they are used. A new connector is one line here."""

from __future__ import annotations

CONNECTORS: dict[str, str] = {
    "files": "connectors.files.connector:Files",
    "sample": "connectors.sample:Sample",
    "x": "connectors.x:X",
    "bluesky": "connectors.bluesky:Bluesky",
    "mastodon": "connectors.mastodon:Mastodon",
    "asterisk": "connectors.asterisk:Asterisk",
    "amazon_connect": "connectors.amazon_connect:AmazonConnect",
    "webhook": "connectors.webhook:Webhook",
    "matrix": "connectors.matrix:Matrix",
    "imap": "connectors.imap:Imap",
    "mqtt": "connectors.mqtt:Mqtt",
    "nats": "connectors.nats:Nats",
    "sql": "connectors.sql:Sql",
    "feed": "connectors.feed:Feed",
    "zendesk_talk": "connectors.zendesk_talk:ZendeskTalk",
    "genesys": "connectors.genesys:Genesys",
    "intercom": "connectors.intercom:Intercom",
}
