"""Rows for tests of the corridor."""

from store.rows import Batch, Observed, Placed, Refused, Row

ZONE = "Europe/Amsterdam"
AT = 1_772_438_400_000


def row(id="1", text="goed", *, source="post", version=1, op="upsert", **more):
    placed = [Placed("airline", more.pop("stage", "fly"), more.pop("by", "rule"))] if op == "upsert" else []
    observed = [Observed("contacts", 1.0), Observed("csat", more.pop("csat", 4.0), 7.75)] if op == "upsert" else []
    return Row(source, "", id, version, op, AT, AT, channel="social", text=text, placed=placed, observed=observed, **more)


def batch(*rows, refused=(), source="post", import_id=None):
    held = [Refused("", raw, reason) for raw, reason in refused]
    return Batch(source, list(rows), held, import_id=import_id)
