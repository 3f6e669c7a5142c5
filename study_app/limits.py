"""How often something may be tried from one place: starting the study, guessing the password.

The workers of a server count together, in the database. Flask-Limiter would need Redis, Memcached
or MongoDB for that, and keeps addresses; here one statement counts, and no address is kept: a place
is the first 16 bits of a keyed digest, which tens of thousands of addresses have in common, another
one in each window. Counts of past windows are deleted with the next attempt.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from flask import request
from sqlalchemy import delete, text, update
from werkzeug.exceptions import TooManyRequests

from study_app.database import db, writing
from study_app.models import Attempts
from study_app.tokens import fingerprint

SOURCE_DIGITS = 4  # hexadecimal
BROWSER_DIGITS = 16
IPV6_PREFIX = 64  # what a household or an institute has to itself
EVERYWHERE = ""
COUNT = text(
    'INSERT INTO attempts ("limit", source, "window", n) VALUES (:limit, :source, :window, 1) '
    'ON CONFLICT ("limit", source, "window") DO UPDATE SET n = attempts.n + 1 RETURNING n'
)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many attempts there may be within a window of time, from one place and in all."""

    name: str
    from_one_place: int
    in_all: int
    window_s: int

    @property
    def window(self) -> int:
        """The number of the window that is open."""
        return int(time.time()) // self.window_s


# A class of 60 behind one address may all press Start five times within the minute.
ENTRY = Limit(name="entry", from_one_place=300, in_all=3000, window_s=60)
# Ten wrong passwords from the experimenter's own network leave room for the right one. Several
# places at once do not; a browser in which somebody signed in before is a place of its own.
SIGN_IN = Limit(name="sign_in", from_one_place=20, in_all=60, window_s=600)


def attempt(limit: Limit, *, browser: str | None = None) -> None:
    """Count an attempt before it is made, so that many at once do not slip through together.

    Args:
        browser: a secret of one that is known, which counts for itself, wherever it is.

    Raises:
        TooManyRequests: if there were enough.
    """
    # In this order: what one place tries in vain does not count against everybody.
    places = {_place(limit, browser): limit.from_one_place}
    if not browser:
        places[EVERYWHERE] = limit.in_all
    with writing():
        is_enough = any(_count(limit, place) > most for place, most in places.items())
    if is_enough:
        raise TooManyRequests(retry_after=limit.window_s)


def _count(limit: Limit, place: str) -> int:
    key = {"limit": limit.name, "window": limit.window, "source": place}
    n: int = db.session.execute(COUNT, key).scalar_one()
    if n == 1:  # perhaps a new window
        past = (Attempts.limit == limit.name, Attempts.window != limit.window)
        db.session.execute(delete(Attempts).where(*past))
    return n


def forgive(limit: Limit, *, browser: str | None = None) -> None:
    """Take an attempt back that turned out to be none; the caller's transaction writes it."""
    names = [_place(limit, browser)] + ([] if browser else [EVERYWHERE])
    places = Attempts.source.in_(names)
    counts = (Attempts.limit == limit.name, Attempts.window == limit.window, places)
    db.session.execute(update(Attempts).where(*counts).values(n=Attempts.n - 1))


def _place(limit: Limit, browser: str | None) -> str:
    """Stands for where a request comes from, or for a browser."""
    if browser:
        return fingerprint("browser", limit.name, browser)[:BROWSER_DIGITS]
    return fingerprint("place", limit.name, str(limit.window), _network())[:SOURCE_DIGITS]


def source_of_request() -> str:
    """Stands for where a request comes from, by a key of this hour."""
    return fingerprint("source", str(int(time.time()) // 3600), _network())


def _network() -> str:
    """The address of a request, or the network of one where everybody has many."""
    network = request.remote_addr or ""
    with suppress(ValueError):  # it stays as it is for a socket in the file system
        address = ip_address(network)
        prefix = IPV6_PREFIX if address.version == 6 else address.max_prefixlen
        network = str(ip_network(f"{address}/{prefix}", strict=False))
    return network
