"""Everything that is derived from the server's secret key, so that it needs no table.

Whoever knows a token may act as its holder, so tokens are compared in constant time and never
leave the server except to their holder.
"""

import hashlib
import hmac
from string import ascii_uppercase

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from stimuli.study import Outcome

CODE_LETTERS = 8
SIMULATED_HEADER = "X-Lorikeet-Simulated"
EXPERIMENTER = "experimenter"
LINK_S = 12 * 3600  # how long a sign-in link works


def sign_in_token() -> str:
    """The secret part of a link that signs the experimenter in without a password."""
    return _link_signer().dumps(EXPERIMENTER)


def is_sign_in_token(token: str) -> bool:
    """Whether this server printed the link, and not long ago."""
    try:
        return bool(_link_signer().loads(token, max_age=LINK_S) == EXPERIMENTER)
    except BadData:
        return False


def _link_signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="sign-in link")


def simulated_mark(sort: str) -> str:
    """What simulated participants of a sort send along, so that no stranger can pass as one."""
    return _mark_signer().dumps(sort)


def marked_sort(mark: str) -> str | None:
    """The sort of simulated people that this server signed; None of everybody else."""
    try:
        return str(_mark_signer().loads(mark))
    except BadData:
        return None


def _mark_signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="simulated")


def trial_run_token() -> str:
    """What the experimenter's own link carries, whose answers are kept out of the data."""
    return _digest("trial run").hex()[:32]


def is_token(token: str, expected: str) -> bool:
    """Whether a token is the expected one."""
    return hmac.compare_digest(token.encode(), expected.encode())


def form_token(scope: str) -> str:
    """What a participant's form carries, so that no other page can send it. Needs no cookie.

    Args:
        scope: the secret of the participant's link; that of the landing page before there is one.
    """
    return _digest("form", scope).hex()[:32]


def made_up_code(study_digest: str, outcome: Outcome) -> str:
    """A completion code for an outcome that the study file gives none for."""
    letters = _digest("completion", study_digest, outcome)[:CODE_LETTERS]
    return "".join(ascii_uppercase[byte % len(ascii_uppercase)] for byte in letters)


def fingerprint(*parts: str) -> str:
    """What stands for something that must not be known: the same text for the same thing."""
    return _digest("fingerprint", *parts).hex()


def _digest(*parts: str) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).digest()
