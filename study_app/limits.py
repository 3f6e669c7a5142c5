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
# A stranger alone cannot lock the experimenter out: that takes several places at once.
SIGN_IN = Limit(name="sign_in", from_one_place=10, in_all=50, window_s=600)


def attempt(limit: Limit) -> None:
    """Count an attempt before it is made, so that many at once do not slip through together.

    Raises:
        TooManyRequests: if there were enough.
    """
    # In this order: what one place tries in vain does not count against everybody.
    places = {_place(limit): limit.from_one_place, EVERYWHERE: limit.in_all}
    with writing():
        past = (Attempts.limit == limit.name, Attempts.window != limit.window)
        db.session.execute(delete(Attempts).where(*past))
        key = {"limit": limit.name, "window": limit.window}
        is_enough = any(
            db.session.execute(COUNT, key | {"source": place}).scalar_one() > most
            for place, most in places.items()
        )
    if is_enough:
        raise TooManyRequests(retry_after=limit.window_s)


def forgive(limit: Limit) -> None:
    """Take an attempt back that turned out to be none; the caller's transaction writes it."""
    places = Attempts.source.in_((_place(limit), EVERYWHERE))
    counts = (Attempts.limit == limit.name, Attempts.window == limit.window, places)
    db.session.execute(update(Attempts).where(*counts).values(n=Attempts.n - 1))


def _place(limit: Limit) -> str:
    """Stands for an address, or for the network of one where everybody has many."""
    network = request.remote_addr or ""
    with suppress(ValueError):  # it stays as it is for a socket in the file system
        address = ip_address(network)
        prefix = IPV6_PREFIX if address.version == 6 else address.max_prefixlen
        network = str(ip_network(f"{address}/{prefix}", strict=False))
    return fingerprint("place", limit.name, str(limit.window), network)[:SOURCE_DIGITS]
