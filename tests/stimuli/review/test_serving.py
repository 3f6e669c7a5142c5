"""The page on this machine alone: who may read, who may write, and what is written."""

import json
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from stimuli.bundle import Bundle, Ruling, read_bundle
from stimuli.bundle.verdicts import add_verdict, verdicts_of, verdicts_path
from stimuli.cli import main
from stimuli.review.serving import TOKEN_HEADER, new_app, serving

HERE = "http://127.0.0.1:5001"


@pytest.fixture
def bundle(colour_bundle: Bundle, tmp_path: Path) -> Bundle:
    """A bundle with nothing beside it."""
    return read_bundle(Path(shutil.copytree(colour_bundle.path, tmp_path / "mine")))


@pytest.fixture
def client(bundle: Bundle) -> FlaskClient:
    """A browser that opens the page."""
    return new_app(bundle).test_client()


def token_on(client: FlaskClient) -> str:
    page = client.get("/", base_url=HERE).get_data(as_text=True)
    (token,) = re.findall(r'"token": "([\w-]+)"', page)
    return str(token)


def post(client: FlaskClient, path: str, body: dict[str, Any], **headers: str) -> TestResponse:
    """What the page sends, with other headers where they are given."""
    usual = {"Origin": HERE, TOKEN_HEADER: token_on(client)}
    return client.post(path, base_url=HERE, json=body, headers=usual | headers)


def a_veto(bundle: Bundle, reason: str = "two birds") -> dict[str, Any]:
    stimulus_id = bundle.stimuli[0].stimulus_id
    return {"stimulus_id": stimulus_id, "ruling": "veto", "reason": reason, "reviewer": "Ada"}


def test_a_verdict_of_the_page_is_that_of_the_command(client: FlaskClient, bundle: Bundle) -> None:
    sent = a_veto(bundle)
    reply = post(client, "/verdicts", sent)
    assert reply.json["stimuli"][sent["stimulus_id"]]["rulings"] == "veto"
    by_page = verdicts_path(bundle.path).read_bytes()
    verdicts_path(bundle.path).unlink()
    add_verdict(bundle, sent["stimulus_id"], Ruling.VETO, reason="two birds", reviewer="Ada")
    assert by_page == verdicts_path(bundle.path).read_bytes()


def test_two_clicks_are_one_verdict_and_it_can_be_taken_back_once(
    client: FlaskClient, bundle: Bundle
) -> None:
    for _ in range(2):
        assert post(client, "/verdicts", a_veto(bundle)).status_code == 200
    (verdict,) = verdicts_of(bundle)
    row = verdict.model_dump(mode="json")
    assert post(client, "/verdicts/take-back", row).json == {"stimuli": {}}
    assert verdicts_of(bundle) == ()
    again = post(client, "/verdicts/take-back", row)
    assert again.status_code == 409
    assert "taken back already" in again.json["problem"]


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines"])
def test_a_refused_verdict_says_why_and_writes_nothing(
    client: FlaskClient, bundle: Bundle, reason: str
) -> None:
    reply = post(client, "/verdicts", a_veto(bundle, reason))
    assert reply.status_code == 409
    assert "reason: must be one line that says something" in reply.json["problem"]
    assert not verdicts_path(bundle.path).exists()


def test_what_is_no_verdict_is_refused(client: FlaskClient, bundle: Bundle) -> None:
    for odd in ({}, a_veto(bundle) | {"ruling": "burn"}, a_veto(bundle) | {"more": 1}):
        assert post(client, "/verdicts", odd).status_code == 400
    assert post(client, "/verdicts", a_veto(bundle, "x" * 20_000)).status_code == 413
    unknown = post(client, "/verdicts", a_veto(bundle) | {"stimulus_id": "0123456789ab"})
    assert "is no stimulus of" in unknown.json["problem"]
    assert not verdicts_path(bundle.path).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {TOKEN_HEADER: "guessed"},
        {TOKEN_HEADER: ""},
        {"Origin": "http://evil.test"},
        {"Origin": "http://127.0.0.1:5002"},
        {"Origin": "null"},
    ],
)
def test_nothing_is_written_for_another_page(
    client: FlaskClient, bundle: Bundle, headers: dict[str, str]
) -> None:
    assert post(client, "/verdicts", a_veto(bundle), **headers).status_code == 403
    assert not verdicts_path(bundle.path).exists()


def test_a_form_cannot_write(client: FlaskClient, bundle: Bundle) -> None:
    headers = {"Origin": HERE, TOKEN_HEADER: token_on(client), "Content-Type": "text/plain"}
    body = json.dumps(a_veto(bundle))
    reply = client.post("/verdicts", base_url=HERE, data=body, headers=headers)
    assert reply.status_code == 415
    assert not verdicts_path(bundle.path).exists()


@pytest.mark.parametrize("path", ["/", "/verdicts"])
def test_a_name_that_somebody_else_gave_this_machine_is_refused(
    client: FlaskClient, path: str
) -> None:
    for host in ("evil.test", "evil.test:5001", "127.0.0.1.evil.test"):
        assert client.get(path, base_url=f"http://{host}").status_code == 400
    for host in ("127.0.0.1:5001", "localhost:5001"):
        assert client.get(path, base_url=f"http://{host}").status_code == 200


def test_each_run_has_a_token_and_each_page_a_nonce_of_its_own(bundle: Bundle) -> None:
    clients = [new_app(bundle).test_client() for _ in range(2)]
    assert len({token_on(client) for client in clients}) == 2
    replies = [clients[0].get("/", base_url=HERE) for _ in range(2)]
    policies = [reply.headers["Content-Security-Policy"] for reply in replies]
    assert policies[0] != policies[1]
    for policy in policies:
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_only_pictures_of_the_bundle_are_served(client: FlaskClient, bundle: Bundle) -> None:
    picture = bundle.stimuli[0].image
    with client.get(f"/mine/{picture}", base_url=HERE) as reply:
        assert reply.data == (bundle.path / picture).read_bytes()
    (bundle.path / "images" / "later.jpg").write_bytes(b"x")
    for path in (
        "/mine/bundle.json",
        "/mine/images/later.jpg",
        "/mine/images/../bundle.json",
        "/mine/images/..%2fbundle.json",
        "/mine/images/%2e%2e/bundle.json",
        f"/other/{picture}",
        "/mine-vetoes.csv",
        "/mine/images/",
    ):
        assert client.get(path, base_url=HERE).status_code == 404, path


def test_a_file_of_verdicts_that_cannot_be_read_is_told(
    client: FlaskClient, bundle: Bundle
) -> None:
    token_on(client)
    verdicts_path(bundle.path).write_text("stimulus_id,ruling\nx,y\n")
    reply = client.get("/verdicts", base_url=HERE)
    assert reply.status_code == 409
    assert "mine-vetoes.csv line 2" in reply.json["problem"]


def test_the_server_is_on_this_machine_only_and_writes_nothing_by_itself(bundle: Bundle) -> None:
    before = sorted(bundle.path.parent.iterdir())
    with serving(bundle.path, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
        assert server.port
    assert sorted(bundle.path.parent.iterdir()) == before


def test_a_port_that_is_taken_is_told_in_one_message(bundle: Bundle) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["review", str(bundle.path), "--serve", "--port", port])
    assert result.exit_code == 1
    assert "choose another with --port N" in result.output
