"""Enrolled screens: a short-lived code shown on the screen, confirmed by a person, and a token that can be taken back.

The screen keeps the token in a cookie that no script can read; the store keeps only hashes. A code lives CODE_MINUTES and holds
eight letters and digits that look like no other (32^8 of them), so that nobody guesses one in that time.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from store.people.audit import record
from store.people.errors import NotFound, Refused
from store.people.facts import set_fact, write_fact
from store.people.playlists import checked
from store.people.writing import writing
from store.tables import Wall

CODE_MINUTES = 15
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
WAITING_AT_MOST = 50
NEAREST_M, FARTHEST_M = 1.0, 20.0
QUOTES = ("off", "approved", "strict")  # from the most careful to the least
SCREEN_QUOTES = ("", "off", "approved")
HOUSE_QUOTES = "wall_quotes"


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: its settings, and whether it may see the wall (confirmed and not revoked). Times in UTC epoch milliseconds."""

    id: int
    name: str
    language: str
    playlist: tuple[Mapping[str, Any], ...]
    distance_m: float
    quotes: str
    confirmed_at: int
    confirmed_by: str
    revoked_at: int
    seen_at: int
    code_expires_at: int

    @property
    def allowed(self) -> bool:
        """Whether this screen may see the wall now."""
        return self.confirmed_at > 0 and self.revoked_at == 0


class Crowded(Refused):
    """Too many screens wait for confirmation; the oldest code must run out first."""

    key = "error.walls_waiting"


def ask(engine: Engine, now_ms: int) -> tuple[str, str]:
    """A new screen asks to be enrolled: (the code that it shows, the token that it keeps). Raises Crowded.

    Screens that were never confirmed are removed when their code has run out. The asking itself is not audited:
    anyone who can reach the address may ask, and only a person's confirmation means anything.
    """
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    token = secrets.token_urlsafe(32)
    with engine.begin() as connection:
        unconfirmed = Wall.confirmed_at == 0
        connection.execute(delete(Wall).where(unconfirmed, Wall.code_expires_at < now_ms))
        waiting = connection.execute(select(Wall.id).where(unconfirmed)).all()
        if len(waiting) >= WAITING_AT_MOST:
            raise Crowded(f"screens waiting: found {len(waiting)}, expected fewer than {WAITING_AT_MOST}. Try again in a while.")
        connection.execute(insert(Wall).values(**_blank(code, token, now_ms)))
    return code, token


def confirm(engine: Engine, code: str, who: str, name: str, now_ms: int, **settings: Any) -> Screen:
    """A person confirms the code that a screen shows, and names the screen; `settings` as in `change`.

    Raises NotFound when no screen waits with this code, or it has run out.
    """
    name = _named(name)
    with writing(engine, now_ms) as connection:
        row = connection.execute(_waiting(code, now_ms)).first()
        if row is None:
            raise NotFound(
                f"code: found {code!r}, expected the code on the screen. Codes live {CODE_MINUTES} minutes.", what=code
            )
        values = {"name": name, "confirmed_by": who, "confirmed_at": now_ms, "code_hash": "", **_settings(settings)}
        connection.execute(update(Wall).where(Wall.id == row.id).values(**values))
        write_fact(connection, "walls", "1")
        record(connection, who, "enrol", f"wall {row.id}", {"name": name}, now_ms)
        return _screen(connection, row.id)


def revoke(engine: Engine, id: int, who: str, now_ms: int) -> Screen:
    """Take a screen's right to see the wall away; it goes dark within five seconds. Raises NotFound."""
    with writing(engine, now_ms) as connection:
        _screen(connection, id)
        connection.execute(update(Wall).where(Wall.id == id).values(revoked_at=now_ms, token_hash=""))
        record(connection, who, "revoke", f"wall {id}", {}, now_ms)
        return _screen(connection, id)


def change(engine: Engine, id: int, who: str, now_ms: int, **settings: Any) -> Screen:
    """Change a screen's `name`, `language` (nl, en, '' the reader's), `distance_m`, `playlist` or `quotes`.

    A `playlist` is as `store.people.playlists.checked` describes it; None gives the wall's own back. `quotes` is off, approved
    or '' (as the house): a screen may be more careful than the house, never less. Raises NotFound, Refused.
    """
    with writing(engine, now_ms) as connection:
        _screen(connection, id)
        values = _settings(settings)
        connection.execute(update(Wall).where(Wall.id == id).values(**values))
        record(connection, who, "change", f"wall {id}", values, now_ms)
        return _screen(connection, id)


def house_quotes(chosen: str, known: Mapping[str, str]) -> str:
    """Whether walls quote customers: what the operator `chosen` in the settings, else on screen (a fact), else by the store.

    Without a choice strict for a demo, whose customers are made up, and off for everybody else.

    >>> house_quotes("", {"demo": "1"}), house_quotes("", {"wall_quotes": "approved"}), house_quotes("off", {"demo": "1"})
    ('strict', 'approved', 'off')
    """
    return chosen or known.get(HOUSE_QUOTES, "") or ("strict" if known.get("demo") == "1" else "off")


def screen_quotes(screen: str, house: str) -> str:
    """The rule that holds on a screen: the more careful of its own and the house's.

    >>> screen_quotes("approved", "strict"), screen_quotes("approved", "off"), screen_quotes("", "strict")
    ('approved', 'off', 'strict')
    """
    return min((screen or house, house), key=QUOTES.index)


def set_house_quotes(engine: Engine, quotes: str, who: str, now_ms: int) -> None:
    """Choose for every wall whether it quotes customers: off, approved or strict; kept with the store. Raises Refused."""
    if quotes not in QUOTES:
        raise Refused(f"quotes: found {quotes!r}, expected {', '.join(QUOTES)}.", what="quotes", found=quotes)
    set_fact(engine, HOUSE_QUOTES, quotes, who, now_ms)


def screen_of(engine: Engine, token: str) -> Screen | None:
    """The screen that holds this token, confirmed or not; None for an unknown or revoked one."""
    if not token:
        return None
    with engine.connect() as connection:
        row = connection.execute(select(Wall.id).where(Wall.token_hash == hashed(token))).first()
        return _screen(connection, row.id) if row else None


def screens(engine: Engine) -> list[Screen]:
    """Every screen that was ever confirmed, by name."""
    query = select(Wall.__table__).where(Wall.confirmed_at > 0).order_by(Wall.name)
    with engine.connect() as connection:
        return [_read(row) for row in connection.execute(query)]


def hung(engine: Engine) -> int:
    """How many screens may show the wall now."""
    query = select(func.count()).select_from(Wall).where(Wall.confirmed_at > 0, Wall.revoked_at == 0)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def seen(engine: Engine, ids: set[int], now_ms: int) -> None:
    """Note that these screens are listening now."""
    if ids:
        with engine.begin() as connection:
            connection.execute(update(Wall).where(Wall.id.in_(ids)).values(seen_at=now_ms))


def hashed(secret: str) -> str:
    """SHA-256 of a code or token; both are random enough to need no salt.

    >>> hashed("abc")[:8]
    'ba7816bf'
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def tidy(code: str) -> str:
    """The code as a person typed it, without spaces and dashes, in capitals.

    >>> tidy("ab2c-d3ef")
    'AB2CD3EF'
    """
    return "".join(character for character in code.upper() if character.isalnum())


def _waiting(code: str, now_ms: int):
    return select(Wall.id).where(
        Wall.code_hash == hashed(tidy(code)), Wall.confirmed_at == 0, Wall.code_expires_at >= now_ms, Wall.revoked_at == 0
    )


def _blank(code: str, token: str, now_ms: int) -> dict[str, Any]:
    return {
        "name": "",
        "code_hash": hashed(code),
        "code_expires_at": now_ms + CODE_MINUTES * 60_000,
        "token_hash": hashed(token),
        "language": "",
        "playlist": "[]",
        "confirmed_by": "",
    }


def _named(name: str) -> str:
    if not name.strip() or len(name) > 60:
        raise Refused(f"name: found {name!r}, expected 1 to 60 characters. Say where the screen hangs.", what="wall_name")
    return name.strip()


def _settings(given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    unknown = values.keys() - {"name", "language", "distance_m", "playlist", "quotes"}
    if unknown:
        raise Refused(f"screen setting: found {sorted(unknown)}, expected name, language, distance_m, playlist or quotes.")
    if "name" in values:
        values["name"] = _named(values["name"])
    if values.get("language", "") not in ("", "nl", "en"):
        raise Refused(f"language: found {values['language']!r}, expected nl, en or '' (the reader's).", what="language")
    if not _far(values.get("distance_m", NEAREST_M)):
        found = values["distance_m"]
        raise Refused(
            f"distance_m: found {found!r}, expected {NEAREST_M:g} to {FARTHEST_M:g} metres.", what="distance", found=found
        )
    if values.get("quotes", "") not in SCREEN_QUOTES:
        found = values["quotes"]
        raise Refused(f"quotes: found {found!r}, expected off, approved or '' (as the house).", what="quotes", found=found)
    if "playlist" in values:
        chosen = values["playlist"]
        values["playlist"] = json.dumps([] if chosen is None else checked(chosen), ensure_ascii=False)
    return values


def _far(metres: Any) -> bool:
    return isinstance(metres, int | float) and NEAREST_M <= metres <= FARTHEST_M


def _screen(connection: Connection, id: int) -> Screen:
    row = connection.execute(select(Wall.__table__).where(Wall.id == id)).first()
    if row is None:
        raise NotFound(f"screen: found {id!r}, expected the id of an enrolled screen. See Settings, Walls.", what=id)
    return _read(row)


def _read(row: Any) -> Screen:
    return Screen(
        id=row.id,
        name=row.name,
        language=row.language,
        playlist=tuple(json.loads(row.playlist or "[]")),
        distance_m=row.distance_m,
        quotes=row.quotes,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        revoked_at=row.revoked_at,
        seen_at=row.seen_at,
        code_expires_at=row.code_expires_at,
    )
