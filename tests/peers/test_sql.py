"""SQL against a real PostgreSQL: pages, ties, a soft delete, and a transaction that committed late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from connectors.sql import Config, Sql
from tests.peers.ledger import Reader, note
from tests.postgres import Unavailable, server


def test_rows_ties_soft_deletes_and_late_commits(tmp_path):
    try:
        running = server()
        address = running.__enter__()
    except Unavailable as reason:
        pytest.skip(f"postgresql: {reason}")
    try:
        _rows(address, tmp_path)
    finally:
        running.__exit__(None, None, None)


def _rows(address, tmp_path):
    host = psycopg.conninfo.conninfo_to_dict(address)["host"]
    config = Config(url=f"postgresql+psycopg://postgres@/postgres?host={host}", table="service.contacts")
    now = datetime.now(UTC)
    reader, wanted = Reader(Sql(), config, tmp_path), {}
    with psycopg.connect(address, autocommit=True) as crm:
        crm.execute("create schema service")
        columns = "id int primary key, created_at timestamptz, updated_at timestamptz, deleted bool, text text"
        crm.execute(f"create table service.contacts ({columns})")
        assert Sql().check(Config(**{**config.model_dump(), "table": "service.elders"})).code == "config"

        def put(n, at, text, deleted=False):
            crm.execute(
                "insert into service.contacts values (%s, %s, %s, %s, %s) on conflict (id) do update "
                "set updated_at = excluded.updated_at, deleted = excluded.deleted, text = excluded.text",
                (n, now - timedelta(hours=2), at, deleted, text),
            )
            wanted[str(n)] = None if deleted else text

        tie = now - timedelta(hours=1)
        for n in range(1200):
            put(n, tie, f"Rij {n}")
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        for n in range(5):
            put(n, now - timedelta(minutes=5), f"Aangepast {n}")
        put(7, now - timedelta(minutes=5), "", deleted=True)
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        with psycopg.connect(address) as late:
            late.execute(
                "insert into service.contacts values (5000, %s, %s, false, 'Laat')", (now, now - timedelta(minutes=5, seconds=20))
            )
            put(8, now - timedelta(minutes=4, seconds=50), "Eerder vastgelegd")
            reader.run_until(lambda: reader.texts().items() >= wanted.items())
        wanted["5000"] = "Laat"
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
    note("PostgreSQL", 1208, wanted, reader, "1,200 rows of one moment, soft delete, a late commit")
