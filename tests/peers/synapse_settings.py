"""Run by Synapse's own Python: one loopback listener, no federation, no limits that would slow a test."""

import sys

import yaml

path, port = sys.argv[1], int(sys.argv[2])
with open(path) as source:  # noqa: PTH123 - this runs in Synapse's environment, not ours
    settings = yaml.safe_load(source)
resources = [{"names": ["client"], "compress": False}]
settings["listeners"] = [{"bind_addresses": ["127.0.0.1"], "port": port, "type": "http", "tls": False, "resources": resources}]
settings |= {"trusted_key_servers": [], "enable_registration": False, "federation_domain_whitelist": []}
free = {"per_second": 1000, "burst_count": 1000}
settings |= {"rc_message": free, "rc_registration": free, "rc_joins": {"local": free, "remote": free}}
settings |= {
    "rc_login": {"address": free, "account": free, "failed_attempts": free},
    "rc_invites": {"per_room": free, "per_user": free},
}
with open(path, "w") as target:  # noqa: PTH123
    yaml.safe_dump(settings, target)
