"""oTree's production server, with an app of as many pages as a short study of ours."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.benchmarks.sizes import size

OTREE = "otree>=6,<7"
PAGES = 30
PEOPLE = size(1800, quick=300)  # more than all rounds need
START_S = 60
SETTINGS = """
SESSION_CONFIGS = [dict(name="judge", app_sequence=["judge"], num_demo_participants=1)]
SESSION_CONFIG_DEFAULTS = dict(real_world_currency_per_point=1, participation_fee=0)
LANGUAGE_CODE, REAL_WORLD_CURRENCY_CODE, USE_POINTS = "en", "GBP", False
ADMIN_USERNAME, ADMIN_PASSWORD, SECRET_KEY = "admin", "benchmark", "benchmark"
"""
APP = f"""
from otree.api import BaseConstants, BaseGroup, BasePlayer, BaseSubsession, Page, models

class C(BaseConstants):
    NAME_IN_URL, PLAYERS_PER_GROUP, NUM_ROUNDS = "judge", None, {PAGES}

class Subsession(BaseSubsession):
    pass

class Group(BaseGroup):
    pass

class Player(BasePlayer):
    accept = models.BooleanField()
    rt_ms = models.FloatField()

class Judge(Page):
    form_model = "player"
    form_fields = ["accept", "rt_ms"]

page_sequence = [Judge]
"""
TEMPLATE = """
{{ block title }}Is this a Blue Morpho?{{ endblock }}
{{ block content }}
<p>Sam guessed this is 92 % Blue Morpho.</p>
<input type="hidden" name="rt_ms" value="">
<button type="submit" name="accept" value="True">Yes</button>
<button type="submit" name="accept" value="False">No</button>
{{ endblock }}
"""


def write_otree_app(folder: Path) -> None:
    """What oTree needs to ask for thirty pages."""
    for path, text in (
        ("settings.py", SETTINGS),
        ("judge/__init__.py", APP),
        ("judge/Judge.html", TEMPLATE),
        ("_static/README", ""),
    ):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, "utf-8")


@contextmanager
def otree_server(otree: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(otree), "prodserver1of2", str(port)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def entrance(port: int) -> str:
    """The path of a new session's link for everybody, once the server answers."""
    body = json.dumps({"session_config_name": "judge", "num_participants": PEOPLE})
    headers = {"otree-rest-key": "benchmark", "Content-Type": "application/json"}
    give_up = time.monotonic() + START_S
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=START_S)
        try:
            connection.request("POST", "/api/sessions", body, headers)
            answer = connection.getresponse().read().decode()
            return "/join/" + re.search(r"/join/(\w+)", answer)[1]
        except ConnectionError:
            assert time.monotonic() < give_up, "oTree does not answer"
            time.sleep(0.2)
        finally:
            connection.close()
